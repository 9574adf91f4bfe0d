import {
  copyBits,
  labelsFromPairs,
  METRIC_NAME,
  METRIC_TYPES,
  wordsOf,
  type CounterResetHint,
  type Histogram,
  type Labels,
  type MetricMetadata,
  type Millis,
} from '#shared/model/index.ts';
import { WireError, WireReader } from '#main/exposition/index.ts';

/** What one remote write request brings, as columns: element i is one sample. */
export interface WriteRequest {
  readonly labels: readonly Labels[];
  /** Index into `labels`. */
  readonly series: Uint32Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  /** 0: unknown. */
  readonly startTimes: Float64Array<ArrayBuffer>;
  readonly histograms: ReadonlyMap<number, Histogram>;
  readonly exemplars: readonly WrittenExemplar[];
  readonly metadata: readonly MetricMetadata[];
  /** What is wrong with series that were left out, each once. */
  readonly problems: readonly string[];
}

export interface WrittenExemplar {
  readonly series: number;
  readonly labels: Labels;
  readonly value: number;
  readonly time: Millis;
}

/** The messages of the protocol's two versions. */
export type WriteVersion = 1 | 2;

type Pair = readonly [name: string, value: string];

/** One series of a message, before it is known to be right. */
class Collected {
  readonly labels: Labels[] = [];
  readonly series: number[] = [];
  readonly times: number[] = [];
  /** Two words a value. */
  words = new Uint32Array(256);
  readonly startTimes: number[] = [];
  readonly histograms = new Map<number, Histogram>();
  readonly exemplars: WrittenExemplar[] = [];
  readonly metadata = new Map<string, MetricMetadata>();
  readonly problems = new Set<string>();

  /** Takes a sample whose value is the bits in `from`. */
  sample(from: Uint32Array, time: Millis, startTime: Millis): void {
    const at = this.series.length;
    if (2 * at === this.words.length) {
      const grown = new Uint32Array(4 * at);
      grown.set(this.words);
      this.words = grown;
    }
    copyBits(from, 0, this.words, at);
    this.series.push(this.labels.length);
    this.times.push(time);
    this.startTimes.push(startTime);
  }

  /** The samples since `from` belong to a series with these labels; they go when it cannot be. */
  end(pairs: readonly Pair[], from: number, exemplarsFrom: number): void {
    const problem = problemOf(pairs);
    if (problem === null) {
      this.labels.push(labelsFromPairs(pairs.filter(([, value]) => value !== '')));
      return;
    }
    this.problems.add(problem);
    for (let i = from; i < this.series.length; i++) this.histograms.delete(i);
    this.series.length = this.times.length = this.startTimes.length = from;
    this.exemplars.length = exemplarsFrom;
  }

  finish(): WriteRequest {
    const values = new Float64Array(this.series.length);
    wordsOf(values).set(this.words.subarray(0, 2 * this.series.length));
    return {
      labels: this.labels,
      series: Uint32Array.from(this.series),
      times: Float64Array.from(this.times),
      values,
      startTimes: Float64Array.from(this.startTimes),
      histograms: this.histograms,
      exemplars: this.exemplars,
      metadata: [...this.metadata.values()],
      problems: [...this.problems],
    };
  }
}

function problemOf(pairs: readonly Pair[]): string | null {
  const names = new Set<string>();
  for (const [name] of pairs) {
    if (name === '') return 'a label has no name';
    if (names.has(name)) return `label name "${name}" is not unique`;
    names.add(name);
  }
  return pairs.some(([name, value]) => name === METRIC_NAME && value !== '') ? null : 'a series has no metric name';
}

function within<T>(wire: WireReader, read: () => T): T {
  const outer = wire.enter();
  const result = read();
  wire.leave(outer);
  return result;
}

/** Calls what stands for each field of the message; others are passed over. */
function fields(wire: WireReader, table: Readonly<Record<number, () => void>>): void {
  while (wire.next()) {
    if (Object.hasOwn(table, wire.field)) table[wire.field]();
    else wire.skip();
  }
}

function readPair(wire: WireReader): Pair {
  let name = '';
  let value = '';
  fields(wire, {
    1: () => (name = wire.string('label name')),
    2: () => (value = wire.string('label value')),
  });
  return [name, value];
}

function readSpan(wire: WireReader, into: number[]): void {
  let offset = 0;
  let length = 0;
  fields(wire, { 1: () => (offset = wire.sint()), 2: () => (length = wire.uint()) });
  into.push(offset, length);
}

interface TimedHistogram {
  readonly histogram: Histogram;
  readonly time: Millis;
  readonly startTime: Millis;
}

function readHistogram(wire: WireReader): TimedHistogram {
  let count = 0;
  let zeroCount = 0;
  let sum = 0;
  let schema = 0;
  let zeroThreshold = 0;
  let hint = 0;
  let time = 0;
  let startTime = 0;
  let float = false;
  const negativeSpans: number[] = [];
  const positiveSpans: number[] = [];
  const deltas: { readonly negative: number[]; readonly positive: number[] } = { negative: [], positive: [] };
  const counts: { readonly negative: number[]; readonly positive: number[] } = { negative: [], positive: [] };
  const customValues: number[] = [];
  fields(wire, {
    1: () => (count = wire.uint()),
    2: () => {
      count = wire.double();
      float = true;
    },
    3: () => (sum = wire.double()),
    4: () => (schema = wire.sint()),
    5: () => (zeroThreshold = wire.double()),
    6: () => (zeroCount = wire.uint()),
    7: () => (zeroCount = wire.double()),
    8: () => within(wire, () => readSpan(wire, negativeSpans)),
    9: () => wire.sints(deltas.negative),
    10: () => wire.doubles(counts.negative),
    11: () => within(wire, () => readSpan(wire, positiveSpans)),
    12: () => wire.sints(deltas.positive),
    13: () => wire.doubles(counts.positive),
    14: () => (hint = wire.uint()),
    15: () => (time = wire.int()),
    16: () => wire.doubles(customValues),
    17: () => (startTime = wire.int()),
  });
  const buckets = (given: readonly number[], differences: readonly number[]): number[] => {
    let sumOf = 0;
    return float ? [...given] : differences.map((difference) => (sumOf += difference));
  };
  const histogram: Histogram = {
    schema,
    counterResetHint: (hint > 3 ? 0 : hint) as CounterResetHint,
    zeroThreshold,
    zeroCount,
    count,
    sum,
    positiveSpans,
    negativeSpans,
    positiveBuckets: buckets(counts.positive, deltas.positive),
    negativeBuckets: buckets(counts.negative, deltas.negative),
    customValues,
  };
  check(histogram);
  return { histogram, time, startTime };
}

function check({ schema, positiveSpans, negativeSpans, positiveBuckets, negativeBuckets }: Histogram): void {
  if (schema !== -53 && (schema < -4 || schema > 8)) throw new WireError(`histogram has an invalid schema ${schema}`);
  for (const [spans, buckets] of [
    [positiveSpans, positiveBuckets],
    [negativeSpans, negativeBuckets],
  ] as const) {
    let covered = 0;
    for (let i = 0; i < spans.length; i += 2) {
      if (i > 0 && spans[i] < 0) throw new WireError('histogram has a span with a negative offset');
      covered += spans[i + 1];
    }
    if (covered !== buckets.length)
      throw new WireError(`histogram spans need ${covered} buckets, have ${buckets.length}`);
    if (buckets.some((count) => count < 0)) throw new WireError('histogram has a bucket with a negative count');
  }
}

function readSample(wire: WireReader, into: Collected): void {
  const value = new Uint32Array(2);
  let time = 0;
  let startTime = 0;
  fields(wire, {
    1: () => wire.bits(value, 0),
    2: () => (time = wire.int()),
    3: () => (startTime = wire.int()),
  });
  into.sample(value, time, startTime);
}

/** Value that stands where a histogram is. */
const ZERO = new Uint32Array(2);

function addHistogram(wire: WireReader, into: Collected): void {
  const { histogram, time, startTime } = readHistogram(wire);
  into.histograms.set(into.series.length, histogram);
  into.sample(ZERO, time, startTime);
}

/** Reads the labels of an exemplar or series: pairs in version 1, places in the table of symbols in version 2. */
interface LabelReader {
  readonly field: () => void;
  pairs(): readonly Pair[];
}

function labelReader(wire: WireReader, symbols: readonly string[] | null): LabelReader {
  if (symbols === null) {
    const pairs: Pair[] = [];
    return { field: () => pairs.push(within(wire, () => readPair(wire))), pairs: () => pairs };
  }
  const places: number[] = [];
  const textAt = (place: number): string => {
    const text = symbols.at(place);
    if (text === undefined) throw new WireError(`there is no symbol ${place}`);
    return text;
  };
  return {
    field: () => wire.uints(places),
    pairs() {
      if (places.length % 2 !== 0) throw new WireError('a label has no value');
      const pairs: Pair[] = [];
      for (let i = 0; i < places.length; i += 2) pairs.push([textAt(places[i]), textAt(places[i + 1])]);
      return pairs;
    },
  };
}

function readExemplar(wire: WireReader, into: Collected, symbols: readonly string[] | null): void {
  const labels = labelReader(wire, symbols);
  let value = 0;
  let time = 0;
  fields(wire, { 1: labels.field, 2: () => (value = wire.double()), 3: () => (time = wire.int()) });
  into.exemplars.push({ series: into.labels.length, labels: labelsFromPairs(labels.pairs()), value, time });
}

function readSeries(wire: WireReader, into: Collected, symbols: readonly string[] | null): void {
  const labels = labelReader(wire, symbols);
  const from = into.series.length;
  const exemplarsFrom = into.exemplars.length;
  let created = 0;
  let described: Omit<MetricMetadata, 'family'> | null = null;
  const sample = (): void => within(wire, () => readSample(wire, into));
  const histogram = (): void => within(wire, () => addHistogram(wire, into));
  const exemplar = (): void => within(wire, () => readExemplar(wire, into, symbols));
  const first = symbols === null;
  fields(wire, {
    1: labels.field,
    2: sample,
    3: first ? exemplar : histogram,
    4: first ? histogram : exemplar,
    5: () => {
      if (first) wire.skip();
      else described = within(wire, () => readDescription(wire, symbols));
    },
    6: () => (created = wire.int()),
  });
  for (let i = from; i < into.startTimes.length; i++) if (into.startTimes[i] === 0) into.startTimes[i] = created;
  const pairs = labels.pairs();
  into.end(pairs, from, exemplarsFrom);
  const family = pairs.find(([name]) => name === METRIC_NAME)?.[1];
  if (described !== null && family !== undefined)
    into.metadata.set(family, { family, ...(described as object) } as MetricMetadata);
}

function readDescription(wire: WireReader, symbols: readonly string[]): Omit<MetricMetadata, 'family'> {
  let type = 0;
  let help = 0;
  let unit = 0;
  fields(wire, { 1: () => (type = wire.uint()), 3: () => (help = wire.uint()), 4: () => (unit = wire.uint()) });
  return { type: METRIC_TYPES.at(type) ?? 'unknown', help: symbols.at(help) ?? '', unit: symbols.at(unit) ?? '' };
}

function readMetadata(wire: WireReader, into: Collected): void {
  let type = 0;
  let family = '';
  let help = '';
  let unit = '';
  fields(wire, {
    1: () => (type = wire.uint()),
    2: () => (family = wire.string('family')),
    4: () => (help = wire.string('help')),
    5: () => (unit = wire.string('unit')),
  });
  if (family !== '') into.metadata.set(family, { family, type: METRIC_TYPES.at(type) ?? 'unknown', help, unit });
}

/**
 * Reads the message of a remote write request, unpacked.
 * @throws WireError when it is none; series that cannot be stored are left out and named in `problems`
 */
export function readWriteRequest(bytes: Uint8Array, version: WriteVersion): WriteRequest {
  const wire = new WireReader(bytes);
  const into = new Collected();
  const symbols: string[] = [];
  if (version === 1)
    fields(wire, {
      1: () => within(wire, () => readSeries(wire, into, null)),
      3: () => within(wire, () => readMetadata(wire, into)),
    });
  else
    fields(wire, {
      4: () => symbols.push(wire.string('symbol')),
      5: () => within(wire, () => readSeries(wire, into, symbols)),
    });
  return into.finish();
}
