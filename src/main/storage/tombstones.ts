import type { Millis } from '#shared/model/index.ts';

export interface Interval {
  readonly start: Millis;
  readonly end: Millis;
}

/** Times of deleted samples by series; intervals are inclusive, sorted and apart. */
export class Tombstones {
  readonly #byRef = new Map<number, Interval[]>();

  of(ref: number): readonly Interval[] | null {
    return this.#byRef.size === 0 ? null : (this.#byRef.get(ref) ?? null);
  }

  add(ref: number, start: Millis, end: Millis): void {
    const merged: Interval[] = [];
    let own: Interval = { start, end };
    for (const other of this.#byRef.get(ref) ?? []) {
      if (other.end < own.start || other.start > own.end) merged.push(other);
      else own = { start: Math.min(own.start, other.start), end: Math.max(own.end, other.end) };
    }
    merged.push(own);
    this.#byRef.set(
      ref,
      merged.sort((a, b) => a.start - b.start),
    );
  }

  clear(): void {
    this.#byRef.clear();
  }

  /** Forgets what lies before `time` altogether. */
  dropBefore(time: Millis): void {
    for (const [ref, intervals] of this.#byRef) {
      const kept = intervals.filter((interval) => interval.end >= time);
      if (kept.length === 0) this.#byRef.delete(ref);
      else if (kept.length < intervals.length) this.#byRef.set(ref, kept);
    }
  }
}

/** Whether a time lies in one of the intervals. */
export function isDeleted(intervals: readonly Interval[], time: Millis): boolean {
  return intervals.some((interval) => time >= interval.start && time <= interval.end);
}
