import { labelsFromRecord, type Labels, type Millis } from '#shared/model/index.ts';
import type { Engine } from '#main/promql/index.ts';
import { openSqliteStorage, type FileStorage, type ImportColumn } from '#main/storage/index.ts';
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
/** Rows that are stored as frames, and rows of the head. */
const STORED = 480;
const FRESH = 40;
const END: Millis = START + (STORED + FRESH) * STEP;
const MINUTE: Millis = 60_000;

/** So often everything is asked: V8 compiles what ran a few dozen times. */
const ROUNDS = 50;

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
  }
  return sets;
}

/** The value of series `series` at row `row`: counters and gauges alike may look so. */
function valueAt(series: number, row: number): number {
  return row * (1 + (series % 7)) + (series % 3) * 0.5;
}

async function fill(storage: FileStorage): Promise<void> {
  const sets = labelSets();
  const columns = sets.map((labels, series): ImportColumn => {
    const times = Float64Array.from({ length: STORED }, (_, row) => START + row * STEP);
    const values = Float64Array.from({ length: STORED }, (_, row) => valueAt(series, row));
    return { labels, times, values, startTimes: null, histograms: null };
  });
  await storage.importSamples(columns);
  const writer = storage.writer('warm');
  const refs = Uint32Array.from(sets, (labels) => writer.resolve(labels));
  const values = new Float64Array(sets.length);
  for (let row = STORED; row < STORED + FRESH; row++) {
    for (let series = 0; series < sets.length; series++) values[series] = valueAt(series, row);
    const time = START + row * STEP;
    writer.append({
      time,
      length: sets.length,
      refs,
      values,
      times: null,
      startTimes: null,
      histograms: null,
      exemplars: null,
    });
  }
  writer.release();
}

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
      threads: null,
      timeout: MINUTE,
      subqueryStep: () => MINUTE,
    });
    const { signal } = new AbortController();
    const form = { limit: 0, stats: 'none' } as const;
    for (let round = 0; round < ROUNDS; round++) {
      for (const expr of INSTANT) {
        if (effects.stopped()) return;
        queries.cost(expr, { start: END, end: END, step: 1 }, undefined);
        await queries.body({ kind: 'instant', expr, start: END, end: END, step: 1, form }, signal);
        await effects.pause();
      }
      for (const expr of RANGE) {
        if (effects.stopped()) return;
        const range = { start: END - 60 * MINUTE, end: END, step: MINUTE };
        await queries.body({ kind: 'range', expr, ...range, form }, signal);
        await effects.pause();
      }
    }
  } finally {
    await storage.close();
  }
}
