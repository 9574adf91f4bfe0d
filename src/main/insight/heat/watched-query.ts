import type { Expected, ExpectedSeries, QueryResult, Steps } from '#shared/contract/index.ts';
import { isPresent, labelsKey, type Millis } from '#shared/model/index.ts';
import type { Detector, SeriesDetector } from './detector.ts';
import { Seasons } from './season.ts';

/** Series of one query that are judged; what a chart cannot show need not be watched. */
const MOST_SERIES = 20;

export interface WatchedQueryOptions {
  readonly detector: Detector;
  readonly step: Millis;
  /** Time that is looked at as a whole. */
  readonly window: Millis;
  readonly evaluate: (steps: Steps) => Promise<QueryResult>;
  /** Time of the oldest sample of the store, null when it is empty. */
  readonly oldest: () => Millis | null;
}

interface Judge {
  readonly detector: SeriesDetector;
  lastSeen: Millis;
}

/** The results of one expression, judged step by step in the order of time. */
export class WatchedQuery {
  readonly #options: WatchedQueryOptions;
  readonly #seasons: Seasons;
  readonly #judges = new Map<string, Judge>();

  constructor(options: WatchedQueryOptions) {
    this.#options = options;
    this.#seasons = new Seasons(options.window, options.evaluate);
  }

  /** Series with a judge. */
  get size(): number {
    return this.#judges.size;
  }

  /** Reads what came before `start`, so that something can be said of the first step. */
  async learn(start: Millis): Promise<void> {
    const { detector, step, evaluate, oldest } = this.#options;
    const first = oldest();
    if (first === null || first >= start) return;
    const count = Math.min(detector.memorySteps(step), Math.ceil((start - first) / step));
    const steps: Steps = { start: start - count * step, step, count };
    this.#judge(await evaluate(steps), steps);
  }

  /** Judges the next steps. */
  async expect(result: QueryResult, steps: Steps): Promise<Expected> {
    const { detector, step, oldest } = this.#options;
    const end = steps.start + (steps.count - 1) * steps.step;
    await this.#seasons.prepare(steps.start, end, oldest());
    return {
      memory: detector.memorySteps(step) * step,
      learn: detector.learnSteps(step) * step,
      series: this.#judge(result, steps),
    };
  }

  #judge(result: QueryResult, steps: Steps): readonly ExpectedSeries[] {
    if (result.type !== 'matrix' && result.type !== 'vector') return [];
    const end = steps.start + (steps.count - 1) * steps.step;
    const expected = result.series.map(({ labels, values, present }) => {
      const key = labelsKey(labels);
      const judge = this.#judgeOf(key);
      if (judge === null) return EMPTY;
      judge.lastSeen = end;
      const low = new Float32Array(steps.count);
      const high = new Float32Array(steps.count);
      const heat = new Float32Array(steps.count);
      const { detector } = judge;
      for (let i = 0; i < steps.count; i++) {
        const time = steps.start + i * steps.step;
        detector.push(time, isPresent(present, i) ? values[i] : Number.NaN, this.#seasons.at(time, key));
        low[i] = detector.low;
        high[i] = detector.high;
        heat[i] = detector.heat;
      }
      return { low, high, heat };
    });
    this.#forget(end);
    return expected;
  }

  #judgeOf(key: string): Judge | null {
    let judge = this.#judges.get(key);
    if (judge === undefined) {
      if (this.#judges.size >= MOST_SERIES) return null;
      judge = { detector: this.#options.detector.create(this.#options.step), lastSeen: 0 };
      this.#judges.set(key, judge);
    }
    return judge;
  }

  /** Series that ended make room for others. */
  #forget(now: Millis): void {
    const { detector, step } = this.#options;
    const oldest = now - detector.memorySteps(step) * step;
    for (const [key, { lastSeen }] of this.#judges) if (lastSeen < oldest) this.#judges.delete(key);
  }
}

const EMPTY: ExpectedSeries = { low: new Float32Array(0), high: new Float32Array(0), heat: new Float32Array(0) };
