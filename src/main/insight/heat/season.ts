import type { QueryResult, Steps } from '#shared/contract/index.ts';
import { isPresent, labelsKey, type Millis } from '#shared/model/index.ts';
import type { Season } from './detector.ts';

const DAY: Millis = 86_400_000;
/** Days back that are looked at: yesterday, and the same day a week ago. */
const DAYS_BACK = [1, 7] as const;
/** A season holds for at least so long, then the next one is read. */
const LEAST_BLOCK: Millis = 15 * 60_000;
/** Around a block on both sides: what comes a few minutes early or late is no surprise. */
const SLACK: Millis = 5 * 60_000;
/** Values that a season is read from. */
const POINTS = 26;
const LEAST_POINTS = 8;

const NONE: readonly Season[] = [];

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function seasonOf(values: number[]): Season | null {
  if (values.length < LEAST_POINTS) return null;
  const center = median(values.sort((a, b) => a - b));
  const distances = values.map((value) => Math.abs(value - center)).sort((a, b) => a - b);
  // Nearly all of what was seen then is allowed, however rarely it came.
  const wide = distances[Math.floor((distances.length - 1) * 0.95)];
  return { center, spread: Math.max(1.4826 * median(distances), wide / 3) };
}

/** What one expression yielded at the same time of earlier days, read block by block as time goes on. */
export class Seasons {
  readonly #block: Millis;
  readonly #evaluate: (steps: Steps) => Promise<QueryResult>;
  /** By start of the block, then by series. */
  readonly #blocks = new Map<Millis, ReadonlyMap<string, readonly Season[]>>();

  /** @param span time that is looked at as a whole: long spans are read in fewer, longer blocks */
  constructor(span: Millis, evaluate: (steps: Steps) => Promise<QueryResult>) {
    this.#block = Math.max(LEAST_BLOCK, Math.ceil(span / 8 / LEAST_BLOCK) * LEAST_BLOCK);
    this.#evaluate = evaluate;
  }

  /**
   * Reads what is needed for [start, end] and forgets what lies before.
   * @param oldest time of the oldest sample of the store, null when it is empty
   */
  async prepare(start: Millis, end: Millis, oldest: Millis | null): Promise<void> {
    const first = Math.floor(start / this.#block) * this.#block;
    for (const at of this.#blocks.keys()) if (at < first) this.#blocks.delete(at);
    for (let at = first; at <= end; at += this.#block)
      if (!this.#blocks.has(at)) this.#blocks.set(at, await this.#read(at, oldest));
  }

  at(time: Millis, key: string): readonly Season[] {
    return this.#blocks.get(Math.floor(time / this.#block) * this.#block)?.get(key) ?? NONE;
  }

  async #read(block: Millis, oldest: Millis | null): Promise<ReadonlyMap<string, readonly Season[]>> {
    const found = new Map<string, Season[]>();
    const step = Math.ceil((this.#block + 2 * SLACK) / (POINTS - 1));
    for (const days of DAYS_BACK) {
      const start = block - SLACK - days * DAY;
      if (oldest === null || start + this.#block < oldest) continue;
      const result = await this.#evaluate({ start, step, count: POINTS });
      if (result.type !== 'matrix' && result.type !== 'vector') continue;
      for (const { labels, values, present } of result.series) {
        const seen: number[] = [];
        for (let i = 0; i < values.length; i++)
          if (isPresent(present, i) && Number.isFinite(values[i])) seen.push(values[i]);
        const season = seasonOf(seen);
        if (season === null) continue;
        const key = labelsKey(labels);
        const known = found.get(key);
        if (known === undefined) found.set(key, [season]);
        else known.push(season);
      }
    }
    return found;
  }
}
