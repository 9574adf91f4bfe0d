import { EMPTY_LABELS, sameBits, wordsOf, type Histogram, type Millis } from '#shared/model/index.ts';
import type { Part } from './assemble.ts';
import type { BulkColumn } from './bulk.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readHistogram, writeHistogram } from './histogram-codec.ts';
import { equalHistograms } from './histogram-equal.ts';
import { MemorySeries } from './memory-series.ts';
import { lowerBound } from './search-times.ts';

const WITH_HISTOGRAM = 1;
const WITH_START_TIME = 2;

/** One sample that is older than the newest of its series. */
export interface LateSample {
  readonly ref: number;
  readonly time: Millis;
  /** The value is element `i` of `words`, unless there is a histogram. */
  readonly words: Uint32Array;
  readonly i: number;
  readonly histogram: Histogram | null;
  /** 0: unknown. */
  readonly startTime: Millis;
}

/** Whether a sample has the value that a part has at its element `k`. */
export function isSameSample({ words, i, histogram }: LateSample, part: Part, k: number): boolean {
  const known = part.histograms?.[k] ?? null;
  if (histogram !== null) return known !== null && equalHistograms(histogram, known);
  return known === null && sameBits(words, i, wordsOf(part.values), k);
}

/** The element of a part at this time, or -1. */
export function elementAt({ times, from, to }: Part, time: Millis): number {
  const k = lowerBound(times, from, to, time);
  return k < to && times[k] === time ? k : -1;
}

type BySeries = Map<number, MemorySeries>;

/**
 * Samples that came after newer ones of their series, sorted, in memory until they are brought into frames; and what
 * the next commit has to write of them.
 */
export class LateSamples {
  #fresh: BySeries = new Map();
  /** Those that are being brought into frames: still to be found here. */
  #leaving: BySeries = new Map();
  /** Row of the file up to which those that leave are in it. */
  leavingUpTo = 0;
  #pending = new ByteWriter(256);
  /** In memory. */
  count = 0;

  /** Adds samples of whatever series; none may be there already. `idOf` gives persistent numbers. */
  add(samples: readonly LateSample[], idOf: (ref: number) => number): void {
    for (const sample of samples) this.#write(sample, idOf(sample.ref));
    this.#insert(samples);
  }

  #insert(samples: readonly LateSample[]): void {
    const byRef = Map.groupBy(samples, ({ ref }) => ref);
    for (const [ref, own] of byRef) {
      own.sort((a, b) => a.time - b.time);
      const values = new Float64Array(own.length);
      const words = wordsOf(values);
      for (const [k, sample] of own.entries()) {
        if (sample.histogram !== null) continue;
        words[2 * k] = sample.words[2 * sample.i];
        words[2 * k + 1] = sample.words[2 * sample.i + 1];
      }
      let series = this.#fresh.get(ref);
      if (series === undefined) this.#fresh.set(ref, (series = new MemorySeries(EMPTY_LABELS)));
      const before = series.length;
      series.merge(
        {
          labels: EMPTY_LABELS,
          times: Float64Array.from(own, ({ time }) => time),
          values,
          startTimes: own.some(({ startTime }) => startTime !== 0)
            ? Float64Array.from(own, ({ startTime }) => startTime)
            : null,
          histograms: own.some(({ histogram }) => histogram !== null) ? own.map(({ histogram }) => histogram) : null,
        },
        0,
      );
      this.count += series.length - before;
    }
  }

  #write({ time, words, i, histogram, startTime }: LateSample, id: number): void {
    const writer = this.#pending;
    writer.u8((histogram === null ? 0 : WITH_HISTOGRAM) | (startTime === 0 ? 0 : WITH_START_TIME));
    writer.varint(id);
    writer.f64(time);
    if (histogram === null) writer.bits(words, i);
    else writeHistogram(writer, histogram);
    if (startTime !== 0) writer.f64(startTime);
  }

  /** Records since the last commit; empty when there are none. */
  get pending(): Uint8Array {
    return this.#pending.written();
  }

  /** The pending records are durable. */
  written(): void {
    this.#pending = new ByteWriter(256);
  }

  /** Takes back what an earlier run had written. @throws DecodeError */
  restore(bytes: Uint8Array, refOf: (id: number) => number | undefined): number[] {
    const reader = new ByteReader(bytes);
    const samples: LateSample[] = [];
    while (!reader.done) {
      const flags = reader.u8();
      const ref = refOf(reader.varint());
      const time = reader.f64();
      const words = new Uint32Array(2);
      const histogram = (flags & WITH_HISTOGRAM) === 0 ? null : readHistogram(reader);
      if (histogram === null) reader.bits(words, 0);
      const startTime = (flags & WITH_START_TIME) === 0 ? 0 : reader.f64();
      if (ref !== undefined) samples.push({ ref, time, words, i: 0, histogram, startTime });
    }
    this.#insert(samples);
    return samples.map(({ ref }) => ref);
  }

  /** The samples of a series in [start, end]. */
  read(ref: number, start: Millis, end: Millis, add: (part: Part) => void): void {
    if (this.count === 0) return;
    for (const series of [this.#leaving.get(ref), this.#fresh.get(ref)]) {
      const view = series?.view(start, end) ?? null;
      // Nothing else had samples at these times; what was imported since is shown.
      if (view !== null) add({ ...view, rank: -1 });
    }
  }

  /** Whether a series has any in [start, end]. */
  has(ref: number, start: Millis, end: Millis): boolean {
    if (this.count === 0) return false;
    return [this.#leaving, this.#fresh].some((map) => (map.get(ref)?.view(start, end) ?? null) !== null);
  }

  /** The oldest time there is; Infinity when there is none. */
  get firstTime(): Millis {
    let first = Infinity;
    for (const map of [this.#leaving, this.#fresh])
      for (const series of map.values()) if (series.length > 0) first = Math.min(first, series.firstTime);
    return first;
  }

  /**
   * All samples as they are to be brought into frames; what comes from now on stays for the next time. Those that an
   * earlier attempt left behind come alone.
   * @param upTo row of the file up to which they are in it
   */
  leave(upTo: number): BulkColumn[] {
    if (this.#leaving.size === 0) {
      this.leavingUpTo = upTo;
      this.#leaving = this.#fresh;
      this.#fresh = new Map();
    }
    const columns: BulkColumn[] = [];
    for (const [ref, series] of [...this.#leaving].sort(([a], [b]) => a - b)) {
      const view = series.view(-Infinity, Infinity);
      if (view !== null) columns.push({ ref, ...view });
    }
    return columns;
  }

  /** Those that left are in frames. */
  left(): void {
    for (const series of this.#leaving.values()) this.count -= series.length;
    this.#leaving = new Map();
  }

  /** Estimated. */
  get bytes(): number {
    let bytes = this.#pending.bytes.length;
    for (const map of [this.#leaving, this.#fresh]) for (const series of map.values()) bytes += series.bytes + 100;
    return bytes;
  }
}
