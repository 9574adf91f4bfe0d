import type { CounterResetHint, Histogram } from '#shared/model/index.ts';
import { DecodeError, type ByteReader, type ByteWriter } from './bytes.ts';
import { decodeColumn } from './column-decode.ts';
import { encodeColumn } from './column-encode.ts';
import { sameLayout } from './histogram-equal.ts';

type Layout = Pick<Histogram, 'schema' | 'zeroThreshold' | 'positiveSpans' | 'negativeSpans' | 'customValues'> & {
  readonly positive: number;
  readonly negative: number;
};

/** More elements than any histogram has: a guard against damaged lengths. */
const MAX_ELEMENTS = 1 << 20;

function writeIntegers(writer: ByteWriter, numbers: readonly number[]): void {
  writer.varint(numbers.length);
  for (const number of numbers) writer.zigzag(number);
}

function length(reader: ByteReader): number {
  const count = reader.varint();
  if (count > MAX_ELEMENTS) throw new DecodeError('a histogram is too long');
  return count;
}

function readIntegers(reader: ByteReader): number[] {
  return Array.from({ length: length(reader) }, () => reader.zigzag());
}

function writeLayout(writer: ByteWriter, histogram: Histogram): void {
  writer.zigzag(histogram.schema);
  writer.f64(histogram.zeroThreshold);
  writeIntegers(writer, histogram.positiveSpans);
  writeIntegers(writer, histogram.negativeSpans);
  writer.varint(histogram.positiveBuckets.length);
  writer.varint(histogram.negativeBuckets.length);
  writer.varint(histogram.customValues.length);
  for (const bound of histogram.customValues) writer.f64(bound);
}

function readLayout(reader: ByteReader): Layout {
  const schema = reader.zigzag();
  const zeroThreshold = reader.f64();
  const positiveSpans = readIntegers(reader);
  const negativeSpans = readIntegers(reader);
  const positive = length(reader);
  const negative = length(reader);
  const customValues = Array.from({ length: length(reader) }, () => reader.f64());
  return { schema, zeroThreshold, positiveSpans, negativeSpans, positive, negative, customValues };
}

/** The numbers that change from sample to sample, in a fixed order. */
function numbersOf(histogram: Histogram): number[] {
  const { count, sum, zeroCount, positiveBuckets, negativeBuckets } = histogram;
  return [count, sum, zeroCount, ...positiveBuckets, ...negativeBuckets];
}

function fromNumbers(layout: Layout, hint: number, numbers: ArrayLike<number>): Histogram {
  const { schema, zeroThreshold, positiveSpans, negativeSpans, customValues, positive } = layout;
  const buckets = Array.from(numbers).slice(3);
  return {
    schema,
    counterResetHint: (hint & 3) as CounterResetHint,
    zeroThreshold,
    zeroCount: numbers[2],
    count: numbers[0],
    sum: numbers[1],
    positiveSpans,
    negativeSpans,
    positiveBuckets: buckets.slice(0, positive),
    negativeBuckets: buckets.slice(positive),
    customValues,
  };
}

/** One histogram by itself. */
export function writeHistogram(writer: ByteWriter, histogram: Histogram): void {
  writeLayout(writer, histogram);
  writer.u8(histogram.counterResetHint);
  for (const number of numbersOf(histogram)) writer.f64(number);
}

export function readHistogram(reader: ByteReader): Histogram {
  const layout = readLayout(reader);
  const hint = reader.u8();
  const numbers = Array.from({ length: 3 + layout.positive + layout.negative }, () => reader.f64());
  return fromNumbers(layout, hint, numbers);
}

/** Many of one series: layouts once, and each number as a column over the samples of one layout. */
export function encodeHistograms(writer: ByteWriter, histograms: readonly Histogram[]): void {
  const layouts: { readonly first: Histogram; readonly members: Histogram[] }[] = [];
  const layoutOf = histograms.map((histogram) => {
    let index = layouts.findIndex(({ first }) => sameLayout(first, histogram));
    if (index < 0) index = layouts.push({ first: histogram, members: [] }) - 1;
    layouts[index].members.push(histogram);
    return index;
  });
  writer.varint(histograms.length);
  writer.varint(layouts.length);
  for (const { first } of layouts) writeLayout(writer, first);
  if (layouts.length > 1) for (const index of layoutOf) writer.varint(index);
  for (const histogram of histograms) writer.u8(histogram.counterResetHint);
  for (const { members } of layouts) {
    const rows = members.map(numbersOf);
    const column = new Float64Array(rows.length);
    for (let number = 0; number < rows[0].length; number++) {
      for (let row = 0; row < rows.length; row++) column[row] = rows[row][number];
      encodeColumn(writer, writer, column, rows.length);
    }
  }
}

export function decodeHistograms(reader: ByteReader): Histogram[] {
  const count = length(reader);
  const layouts = Array.from({ length: length(reader) }, () => readLayout(reader));
  const layoutOf = Array.from({ length: count }, () => (layouts.length > 1 ? reader.varint() : 0));
  const hints = Array.from({ length: count }, () => reader.u8());
  const result = Array.from<Histogram>({ length: count });
  for (const [index, layout] of layouts.entries()) {
    const members: number[] = [];
    for (let i = 0; i < count; i++) if (layoutOf[i] === index) members.push(i);
    const numbers = 3 + layout.positive + layout.negative;
    const columns = Array.from({ length: numbers }, () => {
      const column = new Float64Array(members.length);
      decodeColumn(reader, reader, column, 0, members.length);
      return column;
    });
    for (const [row, i] of members.entries()) {
      const own = columns.map((column) => column[row]);
      result[i] = fromNumbers(layout, hints[i], own);
    }
  }
  if (result.some((histogram) => histogram === undefined)) throw new DecodeError('a histogram has no layout');
  return result;
}
