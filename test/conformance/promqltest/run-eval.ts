import { RE2JS } from 're2js';
import { HearthError, type QueryResult } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { ALL_PARSER_OPTIONS, parseExpr, PromqlParseError, type Expr } from '#shared/promql/index.ts';
import type { Engine } from '#main/promql/index.ts';
import { fixedAt } from './at-modifier.ts';
import { almostEqual, checkSorted, compareMatrix, compareVector } from './compare.ts';
import { seriesOf, type PointSeries } from './points.ts';
import type { AnnotationRule, EvalStatement, Expected, TextMatch } from './script.ts';
import type { TestStore } from './test-store.ts';

const MINUTE: Millis = 60_000;

type Outcome = { readonly ok: true; readonly result: QueryResult } | { readonly ok: false; readonly message: string };

/** Runs everything that one eval stands for. @returns null when all of it is as expected, else what is not */
export async function runEval(statement: EvalStatement, engine: Engine, store: TestStore): Promise<string | null> {
  const { expected, at, expr: text } = statement;
  let expr: Expr;
  try {
    expr = parseExpr(text, ALL_PARSER_OPTIONS);
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
    return `does not parse: ${error.located}`;
  }
  if (at.type === 'range') {
    const outcome = await ask(store, (querier) => engine.range(querier, text, at));
    const failure = checkFailure(outcome, expected);
    if (failure !== undefined) return failure;
    const { result } = outcome as { result: QueryResult };
    if (result.type !== 'matrix') return `the result is a ${result.type}`;
    if (expected.ordered) return 'the order of a range query cannot be expected';
    return checkAnnotations(result, expected) ?? compareMatrix(seriesOf(result), expected.series, at);
  }
  for (const run of instantRuns(expr, text, at.time)) {
    const failure = await runInstant(run, expected, engine, store);
    if (failure !== null) {
      const where = run.text === text && run.time === at.time ? '' : ` (run as ${run.text} at ${run.time / 1000} s)`;
      return failure + where;
    }
  }
  return null;
}

interface Run {
  readonly text: string;
  readonly time: Millis;
}

/** The query itself, and fixed to its time at other times. */
function instantRuns(expr: Expr, text: string, time: Millis): readonly Run[] {
  const fixed = fixedAt(expr, time);
  const own = { text, time };
  if (fixed === null) return [own];
  const times = time === 0 ? [-1000, 0, 1000] : [-10 * time, 0, Math.trunc(time / 5), time, 10 * time];
  return [own, ...times.map((other) => ({ text: fixed, time: other }))];
}

async function ask(
  store: TestStore,
  query: (querier: ReturnType<TestStore['querier']>) => Promise<QueryResult>,
): Promise<Outcome> {
  const querier = store.querier();
  try {
    return { ok: true, result: await query(querier) };
  } catch (error) {
    if (error instanceof HearthError) return { ok: false, message: error.message };
    throw error;
  } finally {
    querier.release();
  }
}

async function runInstant(run: Run, expected: Expected, engine: Engine, store: TestStore): Promise<string | null> {
  const outcome = await ask(store, (querier) => engine.instant(querier, run.text, run.time));
  const failure = checkFailure(outcome, expected);
  if (failure !== undefined) return failure;
  const { result } = outcome as { result: QueryResult };
  const differs = checkAnnotations(result, expected) ?? compareInstant(result, expected);
  if (differs !== null) return differs;
  if (expected.rangeVector !== null || expected.string !== null) return null;
  if (['start()', 'end()', 'range()', 'step()'].some((call) => run.text.includes(call))) return null;
  const inRange = await runInRange(run, result.type === 'scalar', expected, engine, store);
  return inRange === null ? null : `in a range query: ${inRange}`;
}

/** The same query over a range around its time must give the same there. */
async function runInRange(
  { text, time }: Run,
  scalar: boolean,
  expected: Expected,
  engine: Engine,
  store: TestStore,
): Promise<string | null> {
  const range = { start: time - MINUTE, end: time + MINUTE, step: MINUTE };
  const outcome = await ask(store, (querier) => engine.range(querier, text, range));
  if (!outcome.ok) return `fails: ${outcome.message}`;
  if (expected.ordered) return null;
  const series = seriesOf(outcome.result);
  const unsorted = checkSorted(series);
  if (unsorted !== null) return unsorted;
  const there: PointSeries[] = [];
  for (const { labels, points } of series) {
    const point = points.find((one) => one.time === time);
    if (point !== undefined) there.push({ labels, points: [point] });
  }
  if (!scalar) return expected.scalar !== null ? 'a scalar is expected' : compareVector(there, expected.series, false);
  const [point] = there.at(0)?.points ?? [];
  return compareScalar(point?.kind === 'float' ? point.value : NaN, expected);
}

function compareInstant(result: QueryResult, expected: Expected): string | null {
  if (result.type !== 'string' && expected.string !== null) return `a string is expected, not a ${result.type}`;
  switch (result.type) {
    case 'scalar':
      return compareScalar(result.values[0], expected);
    case 'string': {
      const wanted = expected.string ?? '';
      return result.value === wanted ? null : `expected ${JSON.stringify(wanted)}, got ${JSON.stringify(result.value)}`;
    }
    case 'vector':
      if (expected.scalar !== null) return 'a scalar is expected, not a vector';
      return compareVector(seriesOf(result), expected.series, expected.ordered);
    case 'samples':
    case 'matrix':
      if (expected.ordered) return 'the order of a range vector cannot be expected';
      if (expected.rangeVector === null) return 'no range vector is expected';
      return compareMatrix(seriesOf(result), expected.series, expected.rangeVector);
  }
}

function compareScalar(value: number, { scalar }: Expected): string | null {
  if (scalar === null) return 'no scalar is expected';
  return almostEqual(value, scalar) ? null : `expected ${scalar}, got ${value}`;
}

/** Null: fails as it should; undefined: does not fail and should not. */
function checkFailure(outcome: Outcome, { fail }: Expected): string | null | undefined {
  if (outcome.ok) return fail === null ? undefined : 'should fail, but does not';
  if (fail === null) return `fails: ${outcome.message}`;
  return matches(fail, outcome.message) ? null : `fails with "${outcome.message}", not with "${fail.text}"`;
}

function matches({ how, text }: TextMatch, message: string): boolean {
  switch (how) {
    case 'any':
      return true;
    case 'exact':
      return text === message;
    case 'regex':
      return RE2JS.compile(text).matcher(message).find();
  }
}

function checkAnnotations(result: QueryResult, { warnings, infos }: Expected): string | null {
  return checkKind('warning', result.warnings, warnings) ?? checkKind('info', result.infos, infos);
}

function checkKind(kind: string, texts: readonly string[], rule: AnnotationRule): string | null {
  if (rule.none && texts.length > 0) return `unexpected ${kind}: ${texts.join('; ')}`;
  if (rule.matches.length === 0) return null;
  if (texts.length === 0) return `expected a ${kind}`;
  for (const wanted of rule.matches)
    if (!texts.some((text) => matches(wanted, text))) return `no ${kind} is "${wanted.text}": ${texts.join('; ')}`;
  for (const text of texts)
    if (!rule.matches.some((wanted) => matches(wanted, text))) return `unexpected ${kind}: ${text}`;
  return null;
}
