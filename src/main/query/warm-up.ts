import { labelsFromRecord, setStaleAt, wordsOf, type Labels, type Millis } from '#shared/model/index.ts';
import type { Engine } from '#main/promql/index.ts';
import { openSqliteStorage, type FileStorage, type ImportColumn, type Storage } from '#main/storage/index.ts';
import { Gate } from './gate.ts';
import { createQueries } from './queries.ts';

export interface WarmUpEffects {
  /** Lets everything else that waits for this thread go first. */
  pause(): Promise<void>;
  /** Whether to end, since the program does. */
  stopped(): boolean;
}

const START: Millis = 1_700_000_000_000;
const STEP: Millis = 15_000;
/** Rows that are stored as frames, rows of each of those, and rows of the head. */
const STORED = 1440;
const FRAME = 480;
const FRESH = 40;
/** Where questions end: within the head, within frames, and beyond both. */
const STORED_END: Millis = START + STORED * STEP;
const END: Millis = STORED_END + FRESH * STEP;
const ENDS: readonly Millis[] = [END, STORED_END - 7_000, END + 6_000];
const MINUTE: Millis = 60_000;

/** So often everything is asked: V8 compiles what ran a few dozen times. */
const ROUNDS = 25;

/** What people and boards ask most: each kind of selector, window, aggregation, matching and answer. */
const INSTANT: readonly string[] = [
  'warm_total{job="warm"}',
  'sum by (handler, code) (rate(warm_total[5m]))',
  'topk(5, rate(warm_total[5m]))',
  'histogram_quantile(0.95, sum by (le, handler) (rate(warm_seconds_bucket[5m])))',
  'rate(warm_total[5m]) * on (instance) group_left (version) warm_info',
  'absent(warm_nothing{job="none"})',
  'sum by (host) (label_replace(warm_bytes, "host", "$1", "instance", "([^:]+):.*"))',
  'avg_over_time(warm_bytes[30m]) > 1',
  'up == 0 or vector(1)',
];
const RANGE: readonly string[] = [
  'warm_bytes',
  'sum by (instance) (rate(warm_total{code!~"5..|4.."}[5m]))',
  '100 * (1 - warm_bytes / on (instance) warm_limit_bytes)',
];

const INSTANCES = 8;

function labelSets(): Labels[] {
  const sets: Labels[] = [];
  const add = (name: string, own: Readonly<Record<string, string>>): void =>
    void sets.push(labelsFromRecord({ __name__: name, job: 'warm', ...own }));
  for (let i = 0; i < INSTANCES; i++) {
    const instance = `host-${i}:9100`;
    for (const handler of ['/', '/api'])
      for (const code of ['200', '404', '500']) add('warm_total', { instance, handler, code });
    for (const le of ['0.1', '0.5', '1', '+Inf']) add('warm_seconds_bucket', { instance, handler: '/', le });
    add('warm_bytes', { instance });
    add('warm_limit_bytes', { instance });
    add('warm_info', { instance, version: `1.${i}` });
    add('up', { instance });
  }
  return sets;
}

/** The value of a series at a row: counters, gauges of few digits and of many, large ones, constants. */
function valueAt(series: number, row: number): number {
  switch (series % 6) {
    case 0:
      return row * (1 + (series % 7));
    case 1:
      return Math.sin(row / 50 + series) * 1e3;
    case 2:
      return 5e9 + Math.round(Math.cos(row / 20) * 1e6) * 4096;
    case 3:
      return series;
    case 4:
      return Math.round(Math.sin(row / 9) * 1e4) / 100;
    default:
      return (row % 997) * 0.1 * series;
  }
}

/** Whether a series has no sample at a row: one in seven misses some, one ends for a while. */
function misses(series: number, row: number): boolean {
  return series % 7 === 6 && (row % 5 === 0 || (row % 400 > 300 && series % 2 === 0));
}

async function fill(storage: FileStorage): Promise<void> {
  const sets = labelSets();
  for (let first = 0; first < STORED; first += FRAME) {
    const columns = sets.map((labels, series): ImportColumn => {
      const rows = Array.from({ length: FRAME }, (_, i) => first + i).filter((row) => !misses(series, row));
      const times = Float64Array.from(rows, (row) => START + row * STEP);
      const values = Float64Array.from(rows, (row) => valueAt(series, row));
      // The marker of an end is among them.
      if (series % 7 === 6) setStaleAt(wordsOf(values), 100);
      return { labels, times, values, startTimes: null, histograms: null };
    });
    await storage.importSamples(columns);
  }
  const writer = storage.writer('warm');
  const all = Array.from(sets, (labels) => writer.resolve(labels));
  for (let row = STORED; row < STORED + FRESH; row++) {
    const here = all.map((_, series) => series).filter((series) => !misses(series, row));
    writer.append({
      time: START + row * STEP,
      length: here.length,
      refs: Uint32Array.from(here, (series) => all[series]),
      values: Float64Array.from(here, (series) => valueAt(series, row)),
      times: null,
      startTimes: null,
      histograms: null,
      exemplars: null,
    });
  }
  writer.release();
}

/** All of these are light: what decides that is warmed up, too. */
const NO_THREADS = { run: () => Promise.reject(new Error('a query of the warm-up is not light')) };

/**
 * Runs what queries will run, over a small store in memory, so that V8 has compiled it before anybody waits for an
 * answer: code that is interpreted takes three times as long, and a quiet server would be interpreted all day. Gives
 * way after each query.
 */
export async function warmUp(engine: Engine, effects: WarmUpEffects): Promise<void> {
  const storage = openSqliteStorage({ path: ':memory:' });
  try {
    await fill(storage);
    const queries = createQueries({
      storage,
      engine,
      gate: new Gate(1),
      threads: { pool: NO_THREADS, file: storage },
      timeout: MINUTE,
      subqueryStep: () => MINUTE,
    });
    const { signal } = new AbortController();
    const form = { limit: 0, stats: 'none' } as const;
    for (let round = 0; round < ROUNDS; round++) {
      for (const expr of INSTANT) {
        if (effects.stopped()) return;
        const time = ENDS[round % ENDS.length];
        queries.cost(expr, { start: time, end: time, step: 1 }, undefined);
        await queries.body({ kind: 'instant', expr, start: time, end: time, step: 1, form }, signal);
        await effects.pause();
      }
      for (const expr of RANGE) {
        if (effects.stopped()) return;
        const end = ENDS[round % ENDS.length];
        const range = { start: end - 120 * MINUTE, end, step: MINUTE };
        await queries.body({ kind: 'range', expr, ...range, form }, signal);
        await effects.pause();
      }
    }
  } finally {
    await storage.close();
  }
}

/** Queries of what is stored. */
export interface OwnQueries {
  /** The newest samples are here. */
  readonly time: Millis;
  /** Each kind of light query, over a few metrics. */
  readonly exprs: readonly string[];
}

/** Metrics of which so many are asked, out of so many, with at most so many series: a millisecond or two each. */
const METRICS = 3;
const LOOKED_AT = 200;
const MOST_SERIES = 400;

/**
 * Queries of a few metrics of this store: code that V8 compiled for the warm-up's own samples is compiled again when it
 * meets samples of other shapes, and these are the ones that it will meet. None where nothing is stored.
 */
export function ownQueries(storage: Storage): OwnQueries {
  const time = storage.newestTime();
  if (time === -Infinity) return { time: 0, exprs: [] };
  const querier = storage.querier();
  try {
    const start = time - 5 * MINUTE;
    const found = querier
      .labelValues('__name__', [], start, time)
      .slice(0, LOOKED_AT)
      .map((name) => {
        const matcher = { name: '__name__', type: '=', value: name } as const;
        return { name, series: querier.estimate([matcher], start, time).series };
      })
      .filter(({ series }) => series > 1 && series <= MOST_SERIES)
      .sort((a, b) => b.series - a.series);
    const exprs = found.slice(0, METRICS).flatMap(({ name }) => {
      const s = `{__name__=${JSON.stringify(name)}}`;
      return [
        s,
        `sum by (instance, code) (rate(${s}[5m]))`,
        `topk(5, rate(${s}[5m]))`,
        `histogram_quantile(0.9, sum by (le) (rate(${s}[5m])))`,
        `rate(${s}[5m]) * on (instance) group_left () count by (instance) (${s})`,
        `sum by (host) (label_replace(${s}, "host", "$1", "instance", "([^:]+):.*"))`,
        `absent(${s.replace('}', ',job="-"}')})`,
      ];
    });
    return { time, exprs };
  } finally {
    querier.release();
  }
}
