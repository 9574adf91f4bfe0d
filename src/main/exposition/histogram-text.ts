import { CUSTOM_BUCKETS_SCHEMA, HINT_NAMES, HINT_UNKNOWN, hintOf, type Histogram } from '#shared/model/index.ts';
import { LineError } from './error.ts';
import { type Line, type LineGrammar, utf8 } from './line.ts';
import { parseFloatBytes } from './number.ts';
import { openMetricsGrammar } from './openmetrics-line.ts';
import { checkSpans } from './wire-histogram.ts';

/*
 * Native histograms as the value of a line, for carrying samples from store to store: what OpenMetrics 2.0 is going to
 * have (composite values), with what that lacks. docs/protocols/import.md ("Native histograms") is the description.
 * What targets answer is not read so.
 */

const OPEN = 0x7b;
const BLANK = 0x20;
const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;

function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function spansText(spans: readonly number[]): string {
  const pairs: string[] = [];
  for (let i = 0; i < spans.length; i += 2) pairs.push(`${spans[i]}:${spans[i + 1]}`);
  return pairs.join(',');
}

/** A histogram as the value of a line; without blanks. Every number reads as the same double. */
export function histogramText(histogram: Histogram): string {
  const { schema, counterResetHint: hint, count, sum, zeroThreshold, zeroCount } = histogram;
  const fields = [`count:${numberText(count)}`, `sum:${numberText(sum)}`, `schema:${schema}`];
  if (schema !== CUSTOM_BUCKETS_SCHEMA || !Object.is(zeroThreshold, 0) || !Object.is(zeroCount, 0))
    fields.push(`zero_threshold:${numberText(zeroThreshold)}`, `zero_count:${numberText(zeroCount)}`);
  const lists = (name: string, spans: readonly number[], buckets: readonly number[]): void => {
    if (spans.length === 0 && buckets.length === 0) return;
    fields.push(`${name}_spans:[${spansText(spans)}]`, `${name}_buckets:[${buckets.map(numberText).join(',')}]`);
  };
  lists('negative', histogram.negativeSpans, histogram.negativeBuckets);
  lists('positive', histogram.positiveSpans, histogram.positiveBuckets);
  if (schema === CUSTOM_BUCKETS_SCHEMA)
    fields.push(`custom_values:[${histogram.customValues.map(numberText).join(',')}]`);
  if (hint !== HINT_UNKNOWN) fields.push(`hint:${HINT_NAMES[hint]}`);
  return `{${fields.join(',')}}`;
}

function numberOf(text: string): number {
  const bytes = Buffer.from(text);
  return parseFloatBytes(bytes, 0, bytes.length);
}

function integerOf(field: string, text: string): number {
  if (!/^-?\d{1,9}$/.test(text)) throw new LineError(`${field} of a histogram is no integer: ${text}`);
  return Number(text);
}

/** Fields of the text between the braces: lists in brackets hold commas of their own. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    const colon = text.indexOf(':', at);
    if (colon < 0) throw new LineError(`expected name:value in a histogram, got ${text.slice(at)}`);
    const name = text.slice(at, colon);
    const list = text[colon + 1] === '[';
    let end = list ? text.indexOf(']', colon) : text.indexOf(',', colon);
    if (list && end < 0) throw new LineError(`${name} of a histogram has no end`);
    if (list) end++;
    else if (end < 0) end = text.length;
    if (fields.has(name)) throw new LineError(`${name} stands twice in a histogram`);
    fields.set(name, text.slice(colon + 1, end));
    if (end < text.length && text[end] !== ',') throw new LineError(`expected a comma after ${name} in a histogram`);
    at = end + 1;
  }
  return fields;
}

/** @param text with its braces; @throws LineError when it is no histogram that a store may hold */
export function parseHistogram(text: string): Histogram {
  if (!text.startsWith('{') || !text.endsWith('}')) throw new LineError('a histogram has no end');
  const fields = fieldsOf(text.slice(1, -1));
  const taken = new Set<string>();
  const field = (name: string): string | undefined => {
    taken.add(name);
    return fields.get(name);
  };
  const needed = (name: string): string => {
    const found = field(name);
    if (found === undefined) throw new LineError(`a histogram lacks ${name}`);
    return found;
  };
  const listOf = (name: string): readonly string[] => {
    const found = field(name);
    if (found === undefined || found === '[]') return [];
    if (!found.startsWith('[')) throw new LineError(`${name} of a histogram is no list`);
    return found.slice(1, -1).split(',');
  };
  const spansOf = (name: string): number[] =>
    listOf(name).flatMap((pair) => {
      const [offset, length, ...more] = pair.split(':');
      if (length === undefined || more.length > 0) throw new LineError(`${name} of a histogram has no pair: ${pair}`);
      const covered = integerOf(name, length);
      if (covered < 0) throw new LineError(`${name} of a histogram has a span of ${covered} buckets`);
      return [integerOf(name, offset), covered];
    });
  const schema = integerOf('schema', needed('schema'));
  const custom = schema === CUSTOM_BUCKETS_SCHEMA;
  if (!custom && (schema < MIN_SCHEMA || schema > MAX_SCHEMA))
    throw new LineError(`histogram has an invalid schema ${schema}`);
  const hint = field('hint') ?? 'unknown';
  const counterResetHint = hintOf(hint);
  if (counterResetHint === null) throw new LineError(`unknown hint of a histogram: ${hint}`);
  const histogram: Histogram = {
    schema,
    counterResetHint,
    zeroThreshold: numberOf(field('zero_threshold') ?? '0'),
    zeroCount: numberOf(field('zero_count') ?? '0'),
    count: numberOf(needed('count')),
    sum: numberOf(needed('sum')),
    negativeSpans: spansOf('negative_spans'),
    negativeBuckets: listOf('negative_buckets').map(numberOf),
    positiveSpans: spansOf('positive_spans'),
    positiveBuckets: listOf('positive_buckets').map(numberOf),
    customValues: listOf('custom_values').map(numberOf),
  };
  for (const name of fields.keys()) if (!taken.has(name)) throw new LineError(`unknown field of a histogram: ${name}`);
  checkSpans(histogram.positiveSpans, histogram.positiveBuckets, 'positive');
  checkSpans(histogram.negativeSpans, histogram.negativeBuckets, 'negative');
  const { customValues: bounds } = histogram;
  if (bounds.length > 0 && !custom) throw new LineError('only a histogram of schema -53 has custom_values');
  if (bounds.some((bound, i) => !Number.isFinite(bound) || (i > 0 && bound <= bounds[i - 1])))
    throw new LineError('custom_values of a histogram are not finite and ascending');
  return histogram;
}

/** OpenMetrics whose values may be histograms; a line's `histogram` has it then, and its value is 0. */
export const carryingGrammar: LineGrammar = {
  ...openMetricsGrammar,

  parseTail(buf, start, from, end, line: Line) {
    line.histogram = null;
    if (buf[from] !== BLANK || buf[from + 1] !== OPEN) {
      openMetricsGrammar.parseTail(buf, start, from, end, line);
      return;
    }
    let valueEnd = from + 1;
    while (valueEnd < end && buf[valueEnd] !== BLANK) valueEnd++;
    const histogram = parseHistogram(utf8(buf, from + 1, valueEnd, 'histogram'));
    // The rest is as after any value: read with one in its place.
    const rest = Buffer.concat([ZERO, buf.subarray(valueEnd, end)]);
    openMetricsGrammar.parseTail(rest, 0, 0, rest.length, line);
    line.histogram = histogram;
  },
};

const ZERO = Buffer.from(' 0');
