import { isLegacyLabelName, isLegacyMetricName, METRIC_NAME, quoteGo, type Millis } from '#shared/model/index.ts';
import { parseExpr, PromqlParseError, type Expr, type ParserOptions } from '#shared/promql/index.ts';
import { DecodeContext, decodeNode, list, mapOf, optional } from '../decode/decoder.ts';
import { duration, int, string } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';
import { isNull, mapEntries, parseYamlSource, type Problem } from '../decode/yaml-source.ts';
import type { NameValidation } from '../model.ts';

/** Rules that are evaluated one after the other, at the same times. */
export interface RuleGroup {
  readonly name: string;
  /** Zero: the global evaluation interval. */
  readonly interval: Millis;
  /** Null: the global one. */
  readonly queryOffset: Millis | null;
  /** Most series that a recording rule may make, or alerts an alerting one; zero is no limit. */
  readonly limit: number;
  /** Added to every rule's labels, which win. */
  readonly labels: ReadonlyMap<string, string>;
  readonly rules: readonly Rule[];
}

interface RuleBase {
  /** As written. */
  readonly text: string;
  readonly expr: Expr;
  readonly labels: ReadonlyMap<string, string>;
  /** Where the rule stands in its file, 1-based. */
  readonly line: number;
}

export type Rule =
  | (RuleBase & { readonly kind: 'record'; readonly record: string })
  | (RuleBase & {
      readonly kind: 'alert';
      readonly alert: string;
      readonly for: Millis;
      readonly keepFiringFor: Millis;
      /** Templates, as are the labels. */
      readonly annotations: ReadonlyMap<string, string>;
    });

export interface RuleFileOptions {
  readonly validation: NameValidation;
  readonly parser: ParserOptions;
  readonly ignoreUnknownFields?: boolean;
  /** What is wrong with a template of an alert's label or annotation, or null. */
  readonly templateProblem?: (template: string) => string | null;
}

export type RuleFileResult =
  | { readonly ok: true; readonly groups: readonly RuleGroup[]; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const ruleSchema = (lax: boolean) =>
  struct({
    type: 'rulefmt.Rule',
    lax,
    fields: {
      record: field(string),
      alert: field(string),
      expr: field(string),
      for: field(duration),
      keep_firing_for: field(duration),
      labels: field(mapOf(string)),
      annotations: field(mapOf(string)),
    },
  });

const fileSchema = (lax: boolean) =>
  struct({
    type: 'rulefmt.RuleGroups',
    lax,
    fields: {
      groups: field(
        list(
          struct({
            type: 'rulefmt.RuleGroup',
            lax,
            fields: {
              name: field(string),
              interval: field(duration),
              query_offset: field(optional(duration)),
              limit: field(int),
              rules: field(list(ruleSchema(lax))),
              labels: field(mapOf(string)),
            },
          }),
        ),
      ),
    },
  });

const STRICT = fileSchema(false);
const LAX = fileSchema(true);
type RawRule = ReturnType<ReturnType<typeof ruleSchema>['zero']>;

/** Reads and checks a file of recording and alerting rules. Does not throw for anything that the text may hold. */
export function readRuleFile(text: string, options: RuleFileOptions): RuleFileResult {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  const context = new DecodeContext(source);
  const raw = decodeNode(options.ignoreUnknownFields === true ? LAX : STRICT, source.root, context);
  if (context.problems.length > 0) return { ok: false, problems: context.problems };

  const names = new Set<string>();
  const groups = raw.groups.map((group): RuleGroup => {
    const at = context.positionOf(context.placeOf(group));
    const refuse = (message: string): void =>
      void context.problems.push({ kind: 'value', message: `${at.line}:${at.column}: ${message}`, ...at });
    if (group.name === '') refuse('Groupname must not be empty');
    else if (names.has(group.name)) refuse(`groupname: "${group.name}" is repeated in the same file`);
    names.add(group.name);
    for (const problem of labelProblems(group.labels, options.validation)) refuse(problem);
    return {
      name: group.name,
      interval: group.interval,
      queryOffset: group.queryOffset,
      limit: group.limit,
      labels: group.labels,
      rules: group.rules.flatMap((rule, i) => readRule(rule, i, group.name, options, context) ?? []),
    };
  });
  if (context.problems.length > 0) return { ok: false, problems: context.problems };
  const warnings = source.moreDocuments
    ? ['Multiple document yaml rules files are not supported, only the first document is processed']
    : [];
  return { ok: true, groups, warnings };
}

function readRule(
  raw: RawRule,
  index: number,
  group: string,
  options: RuleFileOptions,
  context: DecodeContext,
): Rule | null {
  const node = context.placeOf(raw);
  const entries = node === null ? [] : mapEntries(node, context.source.document);
  const before = context.problems.length;
  const name = raw.alert === '' ? raw.record : raw.alert;
  const refuse = (message: string, ...keys: readonly string[]): void => {
    const places = keys.flatMap((key) => {
      const entry = entries.find((entry) => entry.key === key);
      if (entry === undefined) return [];
      return [context.positionOf(isNull(entry.value) ? entry.keyNode : entry.value)];
    });
    const where = places.map(({ line, column }) => `${line}:${column}: `).join('');
    const text = `${where}group ${quoteGo(group)}, rule ${index + 1}, ${quoteGo(name)}: ${message}`;
    context.problems.push({ kind: 'value', message: text, ...(places[0] ?? context.positionOf(node)) });
  };

  if (raw.record !== '' && raw.alert !== '') refuse("only one of 'record' and 'alert' must be set", 'record', 'alert');
  if (raw.record === '' && raw.alert === '') refuse("one of 'record' or 'alert' must be set", 'record', 'alert');
  const expr = readExpression(raw.expr, options.parser, (message) => refuse(message, 'expr'));
  if (raw.record !== '') for (const problem of recordProblems(raw, options.validation)) refuse(problem, 'record');
  for (const problem of labelProblems(raw.labels, options.validation)) refuse(problem);
  for (const key of raw.annotations.keys())
    if (!validLabel(key, options.validation)) refuse(`invalid annotation name: ${key}`);
  if (raw.alert !== '') checkTemplates(raw, options, refuse);
  if (expr === null || context.problems.length > before) return null;

  const base = { text: raw.expr, expr, labels: raw.labels, line: context.positionOf(node).line };
  if (raw.record !== '') return { ...base, kind: 'record', record: raw.record };
  const { alert, for: hold, keepFiringFor, annotations } = raw;
  return { ...base, kind: 'alert', alert, for: hold, keepFiringFor, annotations };
}

function readExpression(text: string, parser: ParserOptions, refuse: (message: string) => void): Expr | null {
  if (text === '') {
    refuse("field 'expr' must be set in rule");
    return null;
  }
  try {
    return parseExpr(text, parser);
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
    refuse(`could not parse expression: ${error.located}`);
    return null;
  }
}

function recordProblems(raw: RawRule, validation: NameValidation): readonly string[] {
  const valid = validation === 'utf8' ? raw.record.isWellFormed() : isLegacyMetricName(raw.record);
  const cases = [
    [raw.annotations.size > 0, "invalid field 'annotations' in recording rule"],
    [raw.for !== 0, "invalid field 'for' in recording rule"],
    [raw.keepFiringFor !== 0, "invalid field 'keep_firing_for' in recording rule"],
    [!valid, `invalid recording rule name: ${raw.record}`],
    [/[{}]/.test(raw.record), `braces present in the recording rule name; should it be in expr?: ${raw.record}`],
  ] as const;
  return cases.flatMap(([bad, message]) => (bad ? [message] : []));
}

function validLabel(name: string, validation: NameValidation): boolean {
  return validation === 'utf8' ? name !== '' && name.isWellFormed() : isLegacyLabelName(name);
}

function labelProblems(labels: ReadonlyMap<string, string>, validation: NameValidation): readonly string[] {
  return [...labels].flatMap(([name, value]) => [
    ...(validLabel(name, validation) && name !== METRIC_NAME ? [] : [`invalid label name: ${name}`]),
    ...(value.isWellFormed() ? [] : [`invalid label value: ${value}`]),
  ]);
}

function checkTemplates(raw: RawRule, { templateProblem }: RuleFileOptions, refuse: (message: string) => void): void {
  if (templateProblem === undefined) return;
  const kinds = { label: raw.labels, annotation: raw.annotations };
  for (const [kind, templates] of Object.entries(kinds))
    for (const [key, template] of templates) {
      const problem = templateProblem(template);
      if (problem !== null) refuse(`${kind} ${quoteGo(key)}: ${problem}`);
    }
}

export interface DuplicateRule {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** Rules that make or alert on the same series as one before them: worth a warning, not an error. */
export function duplicateRules(groups: readonly RuleGroup[]): readonly DuplicateRule[] {
  const seen = new Set<string>();
  const found: DuplicateRule[] = [];
  for (const group of groups)
    for (const rule of group.rules) {
      const name = rule.kind === 'record' ? rule.record : rule.alert;
      const labels = new Map([...group.labels, ...rule.labels]);
      const key = JSON.stringify([name, [...labels].sort(([a], [b]) => (a < b ? -1 : 1))]);
      if (seen.has(key)) found.push({ name, labels });
      seen.add(key);
    }
  return found;
}
