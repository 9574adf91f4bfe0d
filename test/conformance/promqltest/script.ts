import type { Millis } from '#shared/model/index.ts';
import { parseDuration } from '#shared/model/index.ts';
import { parseNumber, parseSeries, unquote, type SequenceValue } from '#shared/promql/index.ts';
import type { Labels } from '#shared/model/index.ts';
import { parseStartTimes, type StartOffset } from './start-times.ts';

/** The script language of PromQL acceptance tests as data. Lines count from 1. */
export type Statement =
  | { readonly kind: 'clear'; readonly line: number }
  | LoadStatement
  | EvalStatement
  /** A statement that cannot be read. */
  | {
      readonly kind: 'error';
      readonly line: number;
      readonly message: string;
      readonly isEval: boolean;
      readonly text: string;
    };

export interface LoadStatement {
  readonly kind: 'load';
  readonly line: number;
  readonly step: Millis;
  /** Also store what classic histograms become with custom buckets. */
  readonly withCustomBuckets: boolean;
  readonly series: readonly LoadedSeries[];
}

export interface LoadedSeries {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
  /** Start timestamp of each value, relative to its time; null without `@st` line. */
  readonly startOffsets: readonly StartOffset[] | null;
}

export interface EvalStatement {
  readonly kind: 'eval';
  readonly line: number;
  readonly expr: string;
  readonly at: EvalTimes;
  readonly expected: Expected;
}

export type EvalTimes =
  | { readonly type: 'instant'; readonly time: Millis }
  | { readonly type: 'range'; readonly start: Millis; readonly end: Millis; readonly step: Millis };

export interface TextMatch {
  readonly how: 'any' | 'exact' | 'regex';
  readonly text: string;
}

export interface ExpectedSeries {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
  /** Ordinal among the series lines, from 0. */
  readonly position: number;
}

export interface Expected {
  /** The query must fail, with an error that matches. */
  readonly fail: TextMatch | null;
  readonly ordered: boolean;
  readonly warnings: AnnotationRule;
  readonly infos: AnnotationRule;
  readonly scalar: number | null;
  readonly string: string | null;
  /** An instant query that gives the samples of a range. */
  readonly rangeVector: { readonly start: Millis; readonly end: Millis; readonly step: Millis } | null;
  readonly series: readonly ExpectedSeries[];
}

export interface AnnotationRule {
  /** None of the kind may come. */
  readonly none: boolean;
  readonly matches: readonly TextMatch[];
}

class ScriptError extends Error {}

const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+)$/;
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$/;
const LOAD = /^load(?:_(with_nhcb))?\s+(.+?)$/;
const EXPECT = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/;
const EXPECT_RANGE = /^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$/;

function duration(text: string): Millis {
  const millis = parseDuration(text);
  if (millis === null) throw new ScriptError(`not a valid duration: "${text}"`);
  return millis;
}

/** Reads a script. What cannot be read becomes an `error` statement; the rest is read all the same. */
export function parseScript(text: string): readonly Statement[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .map((line) => (line.startsWith('#') ? '' : line));
  const statements: Statement[] = [];
  let i = 0;
  while (i < lines.length) {
    if (lines[i] === '') {
      i++;
      continue;
    }
    const from = i;
    let to = i + 1;
    while (to < lines.length && lines[to] !== '') to++;
    const word = lines[from].split(/[ \t]/, 1)[0].toLowerCase();
    try {
      if (word === 'clear') {
        statements.push({ kind: 'clear', line: from + 1 });
        to = from + 1;
      } else if (word.startsWith('load')) statements.push(parseLoad(lines.slice(from, to), from + 1));
      else if (word.startsWith('eval')) {
        const { statement, used } = parseEval(lines.slice(from, to), from + 1);
        statements.push(statement);
        to = from + used;
      } else throw new ScriptError(`unknown statement "${word}"`);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      statements.push({
        kind: 'error',
        line: from + 1,
        message: error.message,
        isEval: word.startsWith('eval'),
        text: lines[from],
      });
    }
    i = to;
  }
  return statements;
}

function parseLoad(block: readonly string[], line: number): LoadStatement {
  const match = LOAD.exec(block[0]);
  if (match === null) throw new ScriptError(`invalid load: "${block[0]}"`);
  const series: LoadedSeries[] = [];
  let startOffsets: { labels: Labels; offsets: readonly StartOffset[] } | null = null;
  for (const text of block.slice(1)) {
    const [first] = text.split(/\s/, 1);
    if (first.endsWith('@st')) {
      if (startOffsets !== null) throw new ScriptError('an @st line needs its series line');
      const { labels } = parseSeries(first.slice(0, -'@st'.length));
      startOffsets = { labels, offsets: parseStartTimes(text.slice(first.length)) };
      continue;
    }
    const { labels, values } = parseSeries(text);
    if (startOffsets !== null) {
      if (JSON.stringify(startOffsets.labels) !== JSON.stringify(labels))
        throw new ScriptError('an @st line must have the labels of the line after it');
      if (startOffsets.offsets.length !== values.length)
        throw new ScriptError('an @st line must have as many places as the line after it');
    }
    series.push({ labels, values, startOffsets: startOffsets?.offsets ?? null });
    startOffsets = null;
  }
  if (startOffsets !== null) throw new ScriptError('an @st line needs its series line');
  return { kind: 'load', line, step: duration(match[2]), withCustomBuckets: match[1] !== undefined, series };
}

interface MutableExpected {
  fail: TextMatch | null;
  ordered: boolean;
  warnings: { none: boolean; matches: TextMatch[] };
  infos: { none: boolean; matches: TextMatch[] };
  scalar: number | null;
  string: string | null;
  rangeVector: Expected['rangeVector'];
  series: ExpectedSeries[];
}

const ANY: TextMatch = { how: 'any', text: '' };

function parseEval(block: readonly string[], line: number): { statement: EvalStatement; used: number } {
  const { mode, at, expr } = parseEvalLine(block[0]);
  const expected: MutableExpected = {
    fail: mode === 'fail' ? ANY : null,
    ordered: mode === 'ordered',
    warnings: { none: false, matches: mode === 'warn' ? [ANY] : [] },
    infos: { none: false, matches: mode === 'info' ? [ANY] : [] },
    scalar: null,
    string: null,
    rangeVector: null,
    series: [],
  };
  let used = 1;
  for (const text of block.slice(1)) {
    used++;
    if (parseBodyLine(text, mode, at, expected)) break;
  }
  const { rangeVector } = expected;
  const times: EvalTimes = rangeVector === null ? at : { type: 'instant', time: rangeVector.end };
  checkConsistent(expected);
  return { statement: { kind: 'eval', line, expr, at: times, expected }, used };
}

function parseEvalLine(text: string): { mode: string | undefined; at: EvalTimes; expr: string } {
  const instant = INSTANT.exec(text);
  if (instant !== null) {
    const [, mode, time, expr] = instant;
    return { mode, at: { type: 'instant', time: duration(time ?? '') }, expr };
  }
  const range = RANGE.exec(text);
  if (range === null) throw new ScriptError(`invalid eval: "${text}"`);
  const [, mode, start, end, step, expr] = range;
  const at = { type: 'range', start: duration(start), end: duration(end), step: duration(step) } as const;
  if (at.end < at.start) throw new ScriptError('the end is before the start');
  return { mode, at, expr };
}

/** Reads one line of a body into `expected`. @returns whether it ends the block */
function parseBodyLine(text: string, mode: string | undefined, at: EvalTimes, expected: MutableExpected): boolean {
  if (mode === 'fail') {
    const failure = /^expected_fail_(message|regexp)\s+(.+)$/.exec(text);
    if (failure !== null) {
      expected.fail = { how: failure[1] === 'message' ? 'exact' : 'regex', text: failure[2] };
      return true;
    }
  }
  if (text.startsWith('expect range vector')) {
    const range = EXPECT_RANGE.exec(text);
    if (range === null || at.type === 'range') throw new ScriptError(`invalid expectation: "${text}"`);
    expected.rangeVector = { start: duration(range[1]), end: duration(range[2]), step: duration(range[3]) };
    return false;
  }
  if (text.startsWith('expect string')) {
    const value = unquote(text.slice('expect string'.length).trim());
    if (value === null) throw new ScriptError(`invalid expectation: "${text}"`);
    expected.string = value;
    return false;
  }
  if (/^expect(\s|$)/.test(text)) {
    parseExpect(text, expected);
    return false;
  }
  const number = plainNumber(text);
  if (number !== null) {
    expected.scalar = number;
    return true;
  }
  const { labels, values } = parseSeries(text);
  if (at.type === 'instant' && values.length > 1 && expected.rangeVector === null)
    throw new ScriptError('an instant vector has one value a series');
  expected.series.push({ labels, values, position: expected.series.length });
  return false;
}

function plainNumber(text: string): number | null {
  const match = /^([+-]?)(\S+)$/.exec(text);
  if (match === null) return null;
  const parsed = parseNumber(match[2]);
  if (!parsed.ok) return null;
  return match[1] === '-' ? -parsed.value : parsed.value;
}

function parseExpect(text: string, expected: MutableExpected): void {
  const match = EXPECT.exec(text);
  if (match === null) throw new ScriptError(`invalid expectation: "${text}"`);
  const [, what, how, detail] = match;
  const wanted: TextMatch = how === undefined ? ANY : { how: how === 'msg' ? 'exact' : 'regex', text: detail.trim() };
  switch (what) {
    case 'ordered':
      expected.ordered = true;
      break;
    case 'fail':
      if (expected.fail !== null) throw new ScriptError('the query can fail only once');
      expected.fail = wanted;
      break;
    case 'warn':
      expected.warnings.matches.push(wanted);
      break;
    case 'info':
      expected.infos.matches.push(wanted);
      break;
    case 'no_warn':
      expected.warnings.none = true;
      break;
    case 'no_info':
      expected.infos.none = true;
      break;
    default:
      throw new ScriptError(`invalid expectation: "${text}"`);
  }
}

function checkConsistent({ warnings, infos }: MutableExpected): void {
  for (const rule of [warnings, infos])
    if (rule.none && rule.matches.length > 0) throw new ScriptError('annotations are both expected and excluded');
}
