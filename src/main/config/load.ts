import { dirname } from 'node:path';
import { quoteGo } from '#shared/model/index.ts';
import { DecodeContext, decodeNode } from './decode/decoder.ts';
import { isNull, mapEntries, parseYamlSource, type Problem } from './decode/yaml-source.ts';
import { expandVariables } from './environment.ts';
import type { GlobalConfig, PrometheusConfig, ScrapeConfig } from './model.ts';
import { joinPath, withFolder } from './paths.ts';
import { configFile, scrapeConfigFile } from './schema/config.ts';
import { globalSection, resolveGlobal, type RawGlobal } from './schema/global.ts';
import { translationProblem } from './schema/otlp.ts';
import { relabelProblem } from './schema/relabel.ts';
import { resolveJob } from './schema/scrape.ts';

export interface LoadOptions {
  /** Path of the file: relative paths in it are seen from its folder. */
  readonly file: string;
  /** Reads a file that this one names. @throws when it cannot be read */
  readonly readFile: (path: string) => string;
  /** Files that match a pattern (`*`, `?`, `[...]` as in Go's filepath.Glob), sorted. */
  readonly glob: (pattern: string) => readonly string[];
  /** Environment variables, for `external_labels`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without rules, alerting and remote reading. */
  readonly agent?: boolean;
}

export type LoadResult =
  | { readonly ok: true; readonly config: PrometheusConfig; readonly warnings: readonly string[] }
  /** At least one problem, in the order of the file; positions of problems in included files are in their messages. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads and checks the text of a prometheus.yml. Does not throw for anything that the text may hold. */
export function loadPrometheusConfig(text: string, options: LoadOptions): LoadResult {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  const context = new DecodeContext(source);
  const warnings: string[] = [];
  const empty = isNull(source.root);
  const raw = empty ? configFile.defaults() : decodeNode(configFile, source.root, context);
  const folder = dirname(options.file);

  // What is wrong in the combination is only looked for where each part is right: it would be a consequence.
  if (context.problems.length > 0) return failed(context);

  const expand = (value: string): string =>
    expandVariables(value, (name) => {
      const found = options.env[name] ?? '';
      if (found === '') warnings.push(`environment variable ${name} is empty`);
      return found;
    });
  const global = resolveGlobal(raw.global, expand);
  const own = raw.scrapeConfigs.map((job) => resolveJob(job, raw.global, global, context));
  checkNames(own, raw.scrapeConfigs, context);
  checkRemote(raw, context);
  checkAlerting(raw, global, context);
  const legacyNames = global.metricNameValidationScheme === 'legacy';
  const translation = translationProblem(raw.otlp.translationStrategy, legacyNames);
  if (translation !== null) context.refuse(section(context, 'otlp'), translation);
  if (options.agent === true) checkAgent(raw, context);
  if (context.problems.length > 0) return failed(context);
  const included = loadIncluded(raw.scrapeConfigFiles, raw.global, global, own, folder, options, context);
  if (context.problems.length > 0) return failed(context);
  if (source.moreDocuments) warnings.push('only the first YAML document is read');
  const config: Omit<PrometheusConfig, 'ruleFiles' | 'scrapeConfigs'> = {
    global,
    alerting: raw.alerting,
    remoteWrite: raw.remoteWrite,
    remoteRead: raw.remoteRead,
    storage: raw.storage,
    otlp: raw.otlp,
    tracing: raw.tracing,
  };
  return {
    ok: true,
    warnings,
    config: {
      ...withFolder(config, folder),
      ruleFiles: raw.ruleFiles.map((path) => joinPath(folder, path)),
      scrapeConfigs: [...own.map((job) => withFolder(job, folder)), ...included],
    },
  };
}

function failed(context: DecodeContext): LoadResult {
  return { ok: false, problems: context.problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

type RawConfig = ReturnType<typeof configFile.zero>;

/** The value of a top-level key, for problems of the section as a whole. */
function section(context: DecodeContext, key: string) {
  const { root, document } = context.source;
  if (root === null) return null;
  const entry = mapEntries(root, document).find((entry) => entry.key === key);
  return entry?.keyNode ?? null;
}

function checkNames(jobs: readonly ScrapeConfig[], places: readonly object[], context: DecodeContext): void {
  const seen = new Set<string>();
  for (const [i, { jobName }] of jobs.entries()) {
    if (seen.has(jobName) && jobName !== '')
      context.refuseValue(places[i], `found multiple scrape configs with job name ${quoteGo(jobName)}`);
    seen.add(jobName);
  }
}

function checkRemote(raw: RawConfig, context: DecodeContext): void {
  const sections = { write: raw.remoteWrite, read: raw.remoteRead };
  for (const [what, ends] of Object.entries(sections)) {
    const seen = new Set<string>();
    for (const end of ends) {
      if (end.name !== '' && seen.has(end.name))
        context.refuseValue(end, `found multiple remote ${what} configs with job name ${quoteGo(end.name)}`);
      seen.add(end.name);
    }
  }
}

function checkAlerting(raw: RawConfig, global: GlobalConfig, context: DecodeContext): void {
  const rules = [
    ...raw.alerting.alertRelabelConfigs,
    ...raw.alerting.alertmanagers.flatMap((manager) => [...manager.alertRelabelConfigs, ...manager.relabelConfigs]),
    ...raw.remoteWrite.flatMap((end) => end.writeRelabelConfigs),
  ];
  for (const rule of rules) {
    const problem = relabelProblem(rule, global.metricNameValidationScheme);
    if (problem !== null) context.refuseValue(rule, problem);
  }
}

function checkAgent(raw: RawConfig, context: DecodeContext): void {
  const forbidden = {
    alerting: raw.alerting.alertmanagers.length + raw.alerting.alertRelabelConfigs.length,
    rule_files: raw.ruleFiles.length,
    remote_read: raw.remoteRead.length,
  };
  for (const [key, count] of Object.entries(forbidden))
    if (count > 0) context.refuse(section(context, key), `field ${key} is not allowed in agent mode`);
}

/** The jobs of `scrape_config_files`. Their problems are reported at that key, with the file's own place in the text. */
function loadIncluded(
  patterns: readonly string[],
  raw: RawGlobal,
  global: GlobalConfig,
  own: readonly ScrapeConfig[],
  folder: string,
  options: LoadOptions,
  context: DecodeContext,
): readonly ScrapeConfig[] {
  const jobs: ScrapeConfig[] = [];
  const firstIn = new Map(own.map((job) => [job.jobName, 'main config file']));
  for (const pattern of patterns)
    for (const file of options.glob(joinPath(folder, pattern))) {
      const report = (message: string): void => context.refuse(section(context, 'scrape_config_files'), message);
      let text: string;
      try {
        text = options.readFile(file);
      } catch (error) {
        report(`${quoteGo(file)}: ${error instanceof Error ? error.message : String(error)}`);
        continue;
      }
      const source = parseYamlSource(text);
      const inner = new DecodeContext(source);
      const content = decodeNode(scrapeConfigFile, source.root, inner);
      const resolved = content.scrapeConfigs.map((job) => resolveJob(job, raw, global, inner));
      for (const [i, { jobName }] of resolved.entries()) {
        const first = firstIn.get(jobName);
        if (first !== undefined)
          inner.refuseValue(
            content.scrapeConfigs[i],
            `found multiple scrape configs with job name ${quoteGo(jobName)}, first found in ${first}`,
          );
        else firstIn.set(jobName, quoteGo(file));
      }
      for (const { line, column, message } of [...source.problems, ...inner.problems])
        report(`${quoteGo(file)}: ${line}:${column}: ${message}`);
      jobs.push(...resolved.map((job) => withFolder(job, dirname(file))));
    }
  return jobs;
}

/** The problems as one text in the manner of Prometheus: all wrong types together, else the first problem. */
export function formatLoadError(file: string, problems: readonly Problem[]): string {
  const types = problems.filter((problem) => problem.kind === 'unmarshal');
  const [first] = problems;
  let text = first?.message ?? '';
  if (types.length > 0)
    text = `yaml: unmarshal errors:\n${types.map(({ line, message }) => `  line ${line}: ${message}`).join('\n')}`;
  else if (first?.kind === 'syntax') text = `yaml: line ${first.line}: ${first.message}`;
  return `parsing YAML file ${file}: ${text}`;
}

/** The global section of an empty file. */
export const DEFAULT_GLOBAL: GlobalConfig = resolveGlobal(globalSection.defaults(), (value) => value);
