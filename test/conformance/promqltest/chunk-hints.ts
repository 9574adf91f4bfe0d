import {
  HINT_GAUGE,
  HINT_NOT_RESET,
  HINT_RESET,
  HINT_UNKNOWN,
  type CounterResetHint,
  type Histogram,
  type Millis,
} from '#shared/model/index.ts';

/**
 * Counter reset hints as a store with chunks gives them back. Histograms live in chunks of one layout; the first of a
 * chunk cannot be compared with the one before it and is unknown, the others are known to be no reset.
 */
export class ChunkHints {
  private last: Histogram | null = null;
  private lastTime: Millis = 0;
  private gauge = false;
  private length = 0;
  private bits = 0;

  /** A float was written: the next histogram starts a chunk. */
  float(): void {
    this.last = null;
  }

  /** A stale marker was written; the chunk cannot go on after it. */
  stale(): void {
    this.last = null;
  }

  /** The hint that the histogram has when it is read back. */
  next(time: Millis, histogram: Histogram): CounterResetHint {
    const gauge = histogram.counterResetHint === HINT_GAUGE;
    const fresh = this.startsChunk(time, histogram, gauge);
    if (fresh) {
      this.gauge = gauge;
      this.length = 0;
      this.bits = 0;
    }
    this.bits += cost(histogram, fresh ? null : this.last);
    this.length++;
    this.last = histogram;
    this.lastTime = time;
    if (gauge) return HINT_GAUGE;
    return fresh ? HINT_UNKNOWN : HINT_NOT_RESET;
  }

  private startsChunk(time: Millis, histogram: Histogram, gauge: boolean): boolean {
    const { last } = this;
    if (last === null || gauge !== this.gauge || histogram.counterResetHint === HINT_RESET) return true;
    if (Math.floor(time / CHUNK_SPAN) !== Math.floor(this.lastTime / CHUNK_SPAN)) return true;
    if (this.length >= MIN_CHUNK_LENGTH && this.bits >= CHUNK_BITS) return true;
    if (last.schema !== histogram.schema || last.zeroThreshold !== histogram.zeroThreshold) return true;
    if (!sameList(last.customValues, histogram.customValues)) return true;
    return !gauge && falls(last, histogram);
  }
}

const CHUNK_SPAN: Millis = 86_400_000;
const CHUNK_BITS = 1024 * 8;
const MIN_CHUNK_LENGTH = 10;

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Counts by bucket index; empty buckets left out. */
export function bucketMap(spans: readonly number[], buckets: readonly number[]): Map<number, number> {
  const map = new Map<number, number>();
  let index = 0;
  let at = 0;
  for (let i = 0; i < spans.length; i += 2) {
    index += spans[i];
    for (let n = 0; n < spans[i + 1]; n++) {
      if (buckets[at] !== 0) map.set(index, buckets[at]);
      index++;
      at++;
    }
  }
  return map;
}

/** Whether a count is lower than before, which a counter's cannot be without a reset. */
function falls(before: Histogram, after: Histogram): boolean {
  if (after.count < before.count || after.zeroCount < before.zeroCount) return true;
  for (const side of ['positive', 'negative'] as const) {
    const now = bucketMap(after[`${side}Spans`], after[`${side}Buckets`]);
    for (const [index, count] of bucketMap(before[`${side}Spans`], before[`${side}Buckets`]))
      if ((now.get(index) ?? 0) < count) return true;
  }
  return false;
}

/** Bits that a histogram takes after another in a chunk of XOR-ed floats, about. */
function cost(histogram: Histogram, before: Histogram | null): number {
  const numbers = (h: Histogram): number[] => [h.zeroCount, h.count, h.sum, ...h.positiveBuckets, ...h.negativeBuckets];
  const now = numbers(histogram);
  if (before === null) return 64 * now.length + 64 * histogram.customValues.length + 120;
  const then = numbers(before);
  // Times at equal distances take one bit.
  let bits = 1;
  for (const [i, value] of now.entries()) bits += xorBits(value, then[i] ?? 0);
  return bits;
}

const pair = new Float64Array(2);
const words = new Uint32Array(pair.buffer);

function xorBits(value: number, before: number): number {
  pair[0] = value;
  pair[1] = before;
  const high = words[1] ^ words[3];
  const low = words[0] ^ words[2];
  if (high === 0 && low === 0) return 1;
  const leading = Math.min(31, high === 0 ? 32 + Math.clz32(low) : Math.clz32(high));
  const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
  return 2 + 5 + 6 + Math.max(1, 64 - leading - trailing);
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
