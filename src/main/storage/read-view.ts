import type { Labels, Matcher, Millis } from '#shared/model/index.ts';
import type { Part } from './assemble.ts';
import type { Storage, TierRequest } from './contract.ts';
import type { GroupReading } from './frame-reader.ts';
import type { Interval } from './tombstones.ts';

/** What a query will select: known before it is evaluated. */
export interface SelectRequest {
  readonly matchers: readonly Matcher[];
  readonly start: Millis;
  readonly end: Millis;
  /** Buckets of a tier in place of samples. */
  readonly tier?: TierRequest;
}

/** A store in a file, which other threads of the process may read too. */
export interface FileStorage extends Storage {
  readonly path: string;
  /** Fixes what the selections read now. Until it is released the store does no upkeep: the file's frames stay. */
  view(requests: readonly SelectRequest[]): ReadView;
}

/** Selections as they are at one moment: every sample appended before, committed or not. */
export interface ReadView {
  /**
   * Copies what is in memory only.
   * @param isKnown whether the reading thread knows the labels of a series
   * @param pause called now and then: lets others go first
   */
  collect(
    isKnown: (ref: number) => boolean,
    pause: () => Promise<void>,
  ): Promise<{ readonly data: ReadViewData; readonly transfer: ArrayBuffer[] }>;
  /** To be called once the reading thread has begun, or when it will not. Further calls do nothing. */
  release(): void;
}

/**
 * What another thread needs to read some selections as they were at one moment, beside the store's file. Plain data:
 * it is posted as it is, the buffers that come with it moved.
 */
export interface ReadViewData {
  /** Another one than before: frames read earlier are to be forgotten. */
  readonly generation: number;
  readonly selections: readonly SelectionData[];
  /** Label sets by reference; only those that the reading thread was not yet told. */
  readonly labels: ReadonlyMap<number, Labels>;
}

export interface SelectionData {
  /** As it was asked for. */
  readonly request: SelectRequest;
  /** Times that are still kept. */
  readonly start: Millis;
  readonly refs: readonly number[];
  readonly groups: readonly GroupReading[];
  /** Deleted times by reference. */
  readonly deleted: ReadonlyMap<number, readonly Interval[]>;
  /** Days of the tier that is asked for, as far as they are made; null: samples are asked for. */
  readonly built: ReadonlySet<Millis> | null;
  readonly head: HeadData;
}

/** Samples that are in memory only. */
export interface HeadData {
  /** Series that share their times: their values lie one after the other. */
  readonly even: readonly EvenColumns[];
  readonly others: readonly { readonly ref: number; readonly part: Part }[];
}

interface EvenColumns {
  readonly times: Float64Array;
  readonly refs: readonly number[];
  readonly values: Float64Array;
  readonly rank: number;
}

/** Lays the parts of many series out so that they cross threads in few pieces. */
export class HeadPacker {
  readonly #byTimes = new Map<
    Float64Array,
    { from: number; to: number; rank: number; refs: number[]; parts: Part[] }[]
  >();
  readonly #others: { ref: number; part: Part }[] = [];

  add(ref: number, part: Part): void {
    const { times, from, to, startTimes, histograms, rank } = part;
    if (startTimes !== null || histograms !== null) {
      this.#others.push({ ref, part: copyOf(part) });
      return;
    }
    let known = this.#byTimes.get(times);
    if (known === undefined) this.#byTimes.set(times, (known = []));
    let entry = known.find((one) => one.from === from && one.to === to && one.rank === rank);
    if (entry === undefined) known.push((entry = { from, to, rank, refs: [], parts: [] }));
    entry.refs.push(ref);
    entry.parts.push(part);
  }

  /** @param transfer is given the buffers that may be moved */
  finish(transfer: ArrayBuffer[]): HeadData {
    const even: EvenColumns[] = [];
    for (const [times, entries] of this.#byTimes)
      for (const { from, to, rank, refs, parts } of entries) {
        const rows = to - from;
        const values = new Float64Array(rows * parts.length);
        // Bytes, so that no bit of a NaN is lost.
        const bytes = new Uint8Array(values.buffer);
        for (const [k, { values: source }] of parts.entries())
          bytes.set(new Uint8Array(source.buffer, source.byteOffset + 8 * from, 8 * rows), 8 * rows * k);
        const own = times.slice(from, to);
        transfer.push(values.buffer, own.buffer);
        even.push({ times: own, refs, values, rank });
      }
    return { even, others: this.#others };
  }
}

/** Only what is meant, as the rest of the columns would cross with it. */
function copyOf({ times, values, from, to, startTimes, histograms, rank }: Part): Part {
  const bytes = new Uint8Array(8 * (to - from));
  bytes.set(new Uint8Array(values.buffer, values.byteOffset + 8 * from, bytes.length));
  return {
    times: times.slice(from, to),
    values: new Float64Array(bytes.buffer),
    from: 0,
    to: to - from,
    startTimes: startTimes?.slice(from, to) ?? null,
    histograms: histograms?.slice(from, to) ?? null,
    rank,
  };
}
