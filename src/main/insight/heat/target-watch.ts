import type { ChartSpec, PageView, QueryResult, Steps, TargetHeat } from '#shared/contract/index.ts';
import { isPresent, type Millis } from '#shared/model/index.ts';
import { DETAILS, SCRAPE } from '../groups.ts';
import { WatchedQuery, type WatchedQueryOptions } from './watched-query.ts';

/** What counts as of late. */
const WINDOW: Millis = 15 * 60_000;
/** Above this a chart is called unusual. */
const UNUSUAL = 0.5;
/** Queries of one target that are watched; its page holds the telling charts first. */
const MOST_QUERIES = 120;

interface WatchedChart {
  readonly spec: ChartSpec;
  readonly queries: readonly { readonly expr: string; readonly judge: WatchedQuery }[];
  /** Highest heat of each step, by step number modulo the length; NaN where nothing can be told. */
  readonly heat: Float32Array;
  /** Rates of all series together; null where the chart is not of a counter. */
  readonly rates: Float32Array | null;
}

export interface TargetWatchOptions extends Omit<WatchedQueryOptions, 'window' | 'evaluate'> {
  readonly evaluate: (expr: string, steps: Steps) => Promise<QueryResult>;
  /** Lets other work of the thread go first, when it is time. */
  readonly pace: () => Promise<void>;
}

/** All charts of one target, judged behind the scenes: how many of them are unusual. */
export class TargetWatch {
  readonly #targetId: string;
  readonly #options: TargetWatchOptions;
  readonly #length: number;
  #charts: readonly WatchedChart[] = [];
  #shape = '';
  #done: Millis | null = null;

  constructor(targetId: string, options: TargetWatchOptions) {
    this.#targetId = targetId;
    this.#options = options;
    this.#length = Math.ceil(WINDOW / options.step);
  }

  /** Series that have a judge. */
  get size(): number {
    return this.#charts.reduce((sum, { queries }) => sum + queries.reduce((n, { judge }) => n + judge.size, 0), 0);
  }

  /** Takes over the charts of a page; those that stay keep what was learnt. */
  setPage({ charts }: PageView): void {
    const telling = charts.filter(({ group, kind }) => group !== DETAILS && group !== SCRAPE && kind !== 'info');
    const shape = JSON.stringify(telling.map(({ id, queries }) => [id, queries]));
    if (shape === this.#shape) return;
    this.#shape = shape;
    const known = new Map(this.#charts.map((chart) => [JSON.stringify(chart.spec.queries), chart]));
    const next: WatchedChart[] = [];
    let left = MOST_QUERIES;
    for (const spec of telling) {
      left -= spec.queries.length;
      if (left < 0) break;
      next.push(known.get(JSON.stringify(spec.queries)) ?? this.#watch(spec));
    }
    this.#charts = next;
  }

  #watch(spec: ChartSpec): WatchedChart {
    const { evaluate } = this.#options;
    return {
      spec,
      queries: spec.queries.map(({ expr }) => ({
        expr,
        judge: new WatchedQuery({
          ...this.#options,
          window: WINDOW,
          evaluate: (steps) => evaluate(expr, steps),
        }),
      })),
      heat: new Float32Array(this.#length).fill(Number.NaN),
      rates: spec.type === 'counter' ? new Float32Array(this.#length).fill(Number.NaN) : null,
    };
  }

  /** Judges all steps up to `now`. A query that fails is left out this time. */
  async advance(now: Millis): Promise<void> {
    const { step, pace } = this.#options;
    const last = Math.floor(now / step) * step;
    const first = Math.max((this.#done ?? -Infinity) + step, last - (this.#length - 1) * step);
    if (first > last) return;
    const steps: Steps = { start: first, step, count: (last - first) / step + 1 };
    for (const chart of this.#charts) {
      this.#clear(chart, steps);
      for (const query of chart.queries) {
        try {
          if (query.judge.size === 0) await query.judge.learn(first);
          await this.#take(chart, query, steps);
        } catch {
          // It will be asked again with the next steps; nobody waits for this answer.
        }
        await pace();
      }
    }
    this.#done = last;
  }

  #clear({ heat, rates }: WatchedChart, { start, step, count }: Steps): void {
    for (let i = 0; i < count; i++) {
      const at = (start / step + i) % this.#length;
      heat[at] = Number.NaN;
      if (rates !== null) rates[at] = Number.NaN;
    }
  }

  async #take(chart: WatchedChart, { expr, judge }: WatchedChart['queries'][number], steps: Steps): Promise<void> {
    const result = await this.#options.evaluate(expr, steps);
    if (result.type !== 'matrix') return;
    const expected = await judge.expect(result, steps);
    const { heat, rates } = chart;
    for (const [s, { values, present }] of result.series.entries()) {
      const hot = expected.series[s].heat;
      for (let i = 0; i < steps.count; i++) {
        const at = (steps.start / steps.step + i) % this.#length;
        if (!Number.isNaN(hot[i] ?? Number.NaN) && !(heat[at] >= hot[i])) heat[at] = hot[i];
        if (rates !== null && isPresent(present, i) && Number.isFinite(values[i]))
          rates[at] = (Number.isNaN(rates[at]) ? 0 : rates[at]) + values[i];
      }
    }
  }

  summary(): TargetHeat {
    const unusual = this.#charts.filter(({ heat }) => heat.some((value) => value > UNUSUAL)).length;
    const told = this.#charts.some(({ heat }) => heat.some((value) => !Number.isNaN(value)));
    return {
      targetId: this.#targetId,
      charts: this.#charts.length,
      unusual,
      learning: !told,
      busiest: this.#busiest(),
    };
  }

  /** The first counter of the page that moves: the page has the telling ones first. */
  #busiest(): TargetHeat['busiest'] {
    const { step } = this.#options;
    const next = this.#done === null ? 0 : this.#done / step + 1;
    for (const { spec, rates } of this.#charts) {
      if (rates === null) continue;
      const values = Float32Array.from(rates, (_, i) => rates[(next + i) % this.#length]);
      const seen = values.filter((value) => !Number.isNaN(value));
      if (seen.length > 1 && seen.some((value) => value !== seen[0])) return { title: spec.title, values };
    }
    return null;
  }
}
