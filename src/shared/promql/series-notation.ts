import {
  addHistograms,
  labelsFromPairs,
  METRIC_NAME,
  subtractHistograms,
  type Histogram,
  type Labels,
} from '#shared/model/index.ts';
import { PromqlParseError } from './errors.ts';
import { parseHistogramLiteral, parseUnsigned, type HistogramLiteral } from './histogram-literal.ts';
import { parseDurationSeconds, parseNumber } from './literals.ts';
import { stringValue } from './parse-selector.ts';
import { SeriesLexer } from './series-lexer.ts';
import { TokenStream } from './token-stream.ts';
import { canBeMetricName } from './tokens.ts';

/** One place in a series of values at equal distances. */
export type SequenceValue =
  | { readonly type: 'omitted' }
  | { readonly type: 'stale' }
  | { readonly type: 'float'; readonly value: number }
  | ({ readonly type: 'histogram' } & HistogramLiteral);

export interface SeriesDescription {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}

/** More values than this in one series are taken for a slip of the pen. */
const MAX_VALUES = 10_000_000;

/**
 * Reads a series as scripts and rule tests write it: `up{job="x"} 1 2+1x3 _ stale {{count:3}}`.
 * @throws PromqlParseError
 */
export function parseSeries(text: string): SeriesDescription {
  const tokens = new TokenStream(new SeriesLexer(text));
  const series = tokens.run(() => {
    const labels = parseMetric(tokens);
    const values = tokens.explain('series values', '', () => parseValues(tokens));
    const { type } = tokens.peek();
    if (type !== 'eof' && type !== 'error') tokens.misfit();
    return { labels, values };
  });
  if (series === null || tokens.problems.length > 0) throw new PromqlParseError(text, tokens.problems);
  return series;
}

function parseMetric(tokens: TokenStream): Labels {
  const pairs: [string, string][] = [];
  const name = canBeMetricName(tokens.peek()) ? tokens.take().text : null;
  if (tokens.accept('{') !== null) {
    let closed = tokens.accept('}');
    while (closed === null) {
      pairs.push(parseLabel(tokens));
      closed = tokens.explain('label set', '"," or "}"', () => tokens.accept('}') ?? (tokens.expect(','), null));
      closed ??= tokens.accept('}');
    }
  }
  if (name !== null) pairs.push([METRIC_NAME, name]);
  return labelsFromPairs(pairs);
}

function parseLabel(tokens: TokenStream): [string, string] {
  const first = tokens.explain('label set', 'identifier or "}"', () => {
    const { type } = tokens.peek();
    return type === 'identifier' || type === 'string' ? tokens.take() : tokens.misfit();
  });
  const quoted = first.type === 'string';
  const name = quoted ? stringValue(tokens, first) : first.text;
  if (quoted && !tokens.at('=')) return [METRIC_NAME, name];
  tokens.explain('label set', '"="', () => tokens.expect('='));
  const value = tokens.explain('label set', 'string', () =>
    tokens.peek().type === 'string' ? tokens.take() : tokens.misfit(),
  );
  return [name, stringValue(tokens, value)];
}

function parseValues(tokens: TokenStream): SequenceValue[] {
  const values: SequenceValue[] = [];
  if (!tokens.at(' ') && tokens.peek().type !== 'eof' && tokens.peek().type !== 'error') tokens.misfit();
  while (tokens.accept(' ') !== null) {
    const token = tokens.peek();
    if (token.type === 'eof' || token.type === 'error') break;
    for (const value of parseItem(tokens)) values.push(value);
    if (values.length > MAX_VALUES) tokens.report(token, `more than ${MAX_VALUES} values`);
  }
  return values;
}

function parseItem(tokens: TokenStream): Iterable<SequenceValue> {
  if (tokens.accept('_') !== null) {
    const count = tokens.accept('x') === null ? 1 : repetitions(tokens);
    return repeat(count, () => ({ type: 'omitted' }));
  }
  return tokens.at('{{') ? parseHistograms(tokens) : parseFloats(tokens);
}

function repetitions(tokens: TokenStream): number {
  const count = parseUnsigned(tokens);
  if (count <= MAX_VALUES) return count;
  tokens.report(tokens.last, `more than ${MAX_VALUES} values`);
  return 0;
}

function* repeat(count: number, make: (i: number) => SequenceValue): Generator<SequenceValue> {
  for (let i = 0; i < count; i++) yield make(i);
}

function parseFloats(tokens: TokenStream): Iterable<SequenceValue> {
  const first = parseValue(tokens);
  if (tokens.accept('x') !== null) return repeat(repetitions(tokens) + 1, () => first);
  const sign = tokens.accept('+') ?? tokens.accept('-');
  if (sign === null) return [first];
  const size = unsignedNumber(tokens);
  const delta = sign.word === '-' ? -size : size;
  tokens.expect('x');
  let current = first.type === 'float' ? first.value : NaN;
  return repeat(repetitions(tokens) + 1, (i) => {
    if (i > 0) current += delta;
    return first.type === 'float' ? { type: 'float', value: current } : { type: 'stale' };
  });
}

function parseValue(tokens: TokenStream): SequenceValue {
  const token = tokens.peek();
  if (token.type === 'identifier') {
    if (token.text !== 'stale') tokens.unexpected('series values', 'number or "stale"');
    tokens.take();
    return { type: 'stale' };
  }
  const sign = tokens.accept('+') ?? tokens.accept('-');
  const value = unsignedNumber(tokens);
  return { type: 'float', value: sign?.word === '-' ? -value : value };
}

function unsignedNumber(tokens: TokenStream): number {
  const token = tokens.peek();
  if (token.type !== 'number' && token.type !== 'duration') tokens.misfit();
  tokens.take();
  const parsed = token.type === 'number' ? parseNumber(token.text) : parseDurationSeconds(token.text);
  if (!parsed.ok) tokens.report(token, parsed.message);
  return parsed.ok ? parsed.value : 0;
}

function parseHistograms(tokens: TokenStream): Iterable<SequenceValue> {
  const base = parseHistogramLiteral(tokens);
  if (tokens.accept('x') !== null) return repeat(repetitions(tokens) + 1, () => ({ type: 'histogram', ...base }));
  const sign = tokens.accept('+') ?? tokens.accept('-');
  if (sign === null) return [{ type: 'histogram', ...base }];
  const delta = parseHistogramLiteral(tokens);
  tokens.expect('x');
  const count = repetitions(tokens);
  return runningHistograms(
    tokens,
    base.histogram,
    delta,
    sign.word === '-' ? subtractHistograms : addHistograms,
    count,
  );
}

/** The base, then one more addition at each step. Whether a hint was written is what the added one says. */
function runningHistograms(
  tokens: TokenStream,
  base: Histogram,
  { histogram: delta, hintWritten }: HistogramLiteral,
  combine: typeof addHistograms,
  count: number,
): SequenceValue[] {
  const values: SequenceValue[] = [{ type: 'histogram', histogram: base, hintWritten }];
  let current = base;
  for (let i = 0; i < count; i++) {
    const combined = current.schema > delta.schema ? null : combine(current, delta);
    if (combined === null) {
      const problem =
        current.schema > delta.schema
          ? `error combining histograms: cannot merge from schema ${delta.schema} to ${current.schema}`
          : 'cannot apply this operation on histograms with a mix of exponential and custom bucket schemas';
      tokens.report(tokens.last, problem);
      return [];
    }
    current = combined.histogram;
    values.push({ type: 'histogram', histogram: current, hintWritten });
  }
  return values;
}
