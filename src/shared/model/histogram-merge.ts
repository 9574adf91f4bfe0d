import { coarserIndex, exponentialBound } from './histogram-layout.ts';
import { addAt, restOf, type HistogramSum, type Side } from './histogram-sum.ts';

/** Merges buckets so that they fit a schema coarser by `levels`. */
export function coarsen(side: Side, levels: number): Side {
  const out: Side = { at: [], counts: [], rests: [] };
  for (let i = 0; i < side.at.length; i++) {
    const index = coarserIndex(side.at[i], levels);
    const last = out.at.length - 1;
    if (last >= 0 && out.at[last] === index) {
      addAt(out, last, side.counts[i]);
      addAt(out, last, side.rests[i]);
    } else {
      out.at.push(index);
      out.counts.push(side.counts[i]);
      out.rests.push(side.rests[i]);
    }
  }
  return out;
}

/** Adds the buckets of `other` (times `sign`) to those of `side`. */
export function mergeSides(side: Side, other: Side, sign: number): Side {
  if (other.at.length === 0) return side;
  if (side.at.length === other.at.length && side.at.every((index, i) => index === other.at[i])) {
    for (let i = 0; i < side.at.length; i++) {
      addAt(side, i, sign * other.counts[i]);
      if (other.rests[i] !== 0) addAt(side, i, sign * other.rests[i]);
    }
    return side;
  }
  const out: Side = { at: [], counts: [], rests: [] };
  let a = 0;
  let b = 0;
  while (a < side.at.length || b < other.at.length) {
    const fromA = b >= other.at.length || (a < side.at.length && side.at[a] <= other.at[b]);
    if (fromA) {
      out.at.push(side.at[a]);
      out.counts.push(side.counts[a]);
      out.rests.push(side.rests[a]);
      if (b < other.at.length && other.at[b] === side.at[a]) {
        addAt(out, out.at.length - 1, sign * other.counts[b]);
        if (other.rests[b] !== 0) addAt(out, out.at.length - 1, sign * other.rests[b]);
        b++;
      }
      a++;
    } else {
      out.at.push(other.at[b]);
      out.counts.push(sign * other.counts[b]);
      out.rests.push(sign * other.rests[b]);
      b++;
    }
  }
  return out;
}

/** The side without the buckets up to a zero threshold. */
export function withoutLow(side: Side, schema: number, threshold: number): Side {
  let from = 0;
  while (from < side.at.length && exponentialBound(side.at[from], schema) <= threshold) from++;
  if (from === 0) return side;
  return { at: side.at.slice(from), counts: side.counts.slice(from), rests: side.rests.slice(from) };
}

/**
 * Widens the zero bucket of `s` to `threshold`, or further where that would cut through a populated bucket, and
 * takes the buckets inside it into the zero count.
 */
export function widenZeroBucket(s: HistogramSum, threshold: number): void {
  let wanted = threshold;
  const sides = [s.positive, s.negative];
  // A bucket that is cut on one side may push the threshold into a bucket of the other side: repeat until stable.
  for (let stable = false; !stable;) {
    stable = true;
    for (const side of sides) {
      for (let i = 0; i < side.at.length; i++) {
        if (exponentialBound(side.at[i] - 1, s.schema) >= wanted) break;
        const bound = exponentialBound(side.at[i], s.schema);
        if (bound > wanted && side.counts[i] !== 0) {
          wanted = bound;
          stable = false;
        }
      }
    }
  }
  const add = (value: number): void => {
    const total = s.zeroCount + value;
    s.zeroRest = restOf(total, s.zeroCount, value, s.zeroRest);
    s.zeroCount = total;
  };
  for (const side of sides) {
    let inside = 0;
    while (inside < side.at.length && exponentialBound(side.at[inside] - 1, s.schema) < wanted) {
      add(side.counts[inside]);
      if (side.rests[inside] !== 0) add(side.rests[inside]);
      inside++;
    }
    side.at.splice(0, inside);
    side.counts.splice(0, inside);
    side.rests.splice(0, inside);
  }
  s.zeroThreshold = wanted;
}

/** Brings both to one zero threshold that cuts through no populated bucket of either. */
export function reconcileZeroBuckets(a: HistogramSum, b: HistogramSum): void {
  while (a.zeroThreshold !== b.zeroThreshold) {
    if (a.zeroThreshold > b.zeroThreshold) widenZeroBucket(b, a.zeroThreshold);
    else widenZeroBucket(a, b.zeroThreshold);
  }
}

/** Bounds that both have; both ascending. */
export function commonBounds(a: readonly number[], b: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      out.push(a[i]);
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return out;
}

/** Which bucket of `bounds` takes bucket `index` of `from`, where `bounds` is a part of `from`. */
export function bucketInBounds(index: number, from: readonly number[], bounds: readonly number[]): number {
  if (index >= from.length) return bounds.length;
  const upper = from[index];
  let target = 0;
  while (target < bounds.length && bounds[target] < upper) target++;
  return target;
}

/** Adds up sides (each with its bounds and its sign) in the buckets of common bounds; empty ones are left out. */
export function mapToBounds(parts: readonly [Side, readonly number[], number][], bounds: readonly number[]): Side {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0);
  const dense: Side = { at: counts.map((_, i) => i), counts, rests: counts.map(() => 0) };
  for (const [side, from, sign] of parts) {
    for (let i = 0; i < side.at.length; i++) {
      const target = bucketInBounds(side.at[i], from, bounds);
      addAt(dense, target, sign * side.counts[i]);
      if (side.rests[i] !== 0) addAt(dense, target, sign * side.rests[i]);
    }
  }
  const out: Side = { at: [], counts: [], rests: [] };
  for (let i = 0; i < dense.at.length; i++) {
    if (dense.counts[i] === 0 && dense.rests[i] === 0) continue;
    out.at.push(i);
    out.counts.push(dense.counts[i]);
    out.rests.push(dense.rests[i]);
  }
  return out;
}
