import { equalLabels, type Labels, type Millis } from '#shared/model/index.ts';

/** Exemplars kept in all unless the options say otherwise. */
export const DEFAULT_MAX_EXEMPLARS = 100_000;

/** Most characters that the label names and values of one exemplar may have together; longer ones are left out. */
export const MAX_EXEMPLAR_CHARACTERS = 128;

export interface StoredExemplar {
  readonly ref: number;
  readonly labels: Labels;
  readonly value: number;
  readonly time: Millis;
}

function characters(labels: Labels): number {
  let count = 0;
  for (const text of labels) for (const _ of text) count++;
  return count;
}

/** The newest exemplars of all series: a ring, the oldest gives way. In each series times do not fall. */
export class ExemplarRing {
  readonly #capacity: number;
  readonly #slots: StoredExemplar[] = [];
  #next = 0;
  readonly #newest = new Map<number, StoredExemplar>();
  readonly #bySeries = new Map<number, StoredExemplar[]>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#slots.length;
  }

  /** @returns whether it was taken: not when it repeats the series' newest, is older than that, or has long labels */
  add(exemplar: StoredExemplar): boolean {
    if (this.#capacity === 0 || characters(exemplar.labels) > MAX_EXEMPLAR_CHARACTERS) return false;
    const newest = this.#newest.get(exemplar.ref);
    if (newest !== undefined) {
      if (exemplar.time < newest.time) return false;
      if (Object.is(exemplar.value, newest.value) && equalLabels(exemplar.labels, newest.labels)) return false;
    }
    if (this.#slots.length === this.#capacity) this.#forget(this.#slots[this.#next]);
    this.#slots[this.#next] = exemplar;
    this.#next = (this.#next + 1) % this.#capacity;
    this.#newest.set(exemplar.ref, exemplar);
    const list = this.#bySeries.get(exemplar.ref);
    if (list === undefined) this.#bySeries.set(exemplar.ref, [exemplar]);
    else list.push(exemplar);
    return true;
  }

  #forget(exemplar: StoredExemplar): void {
    const list = this.#bySeries.get(exemplar.ref);
    // Of one series the ring holds them in order, so the one that gives way is its first (deleted ones are gone).
    if (list === undefined || list[0] !== exemplar) return;
    list.shift();
    if (list.length > 0) return;
    this.#bySeries.delete(exemplar.ref);
    this.#newest.delete(exemplar.ref);
  }

  /** The exemplars of a series with a time in [start, end], in time order. */
  of(ref: number, start: Millis, end: Millis): StoredExemplar[] {
    return (this.#bySeries.get(ref) ?? []).filter((exemplar) => exemplar.time >= start && exemplar.time <= end);
  }

  remove(ref: number, start: Millis, end: Millis): void {
    const list = this.#bySeries.get(ref);
    if (list === undefined) return;
    const kept = list.filter((exemplar) => exemplar.time < start || exemplar.time > end);
    if (kept.length > 0) this.#bySeries.set(ref, kept);
    else this.#bySeries.delete(ref);
  }
}
