import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type EngineSettings } from '#main/promql/index.ts';
import { QueryPool } from '#main/query/index.ts';
import {
  openSqliteStorage,
  type FileStorage,
  type Querier,
  type SeriesSamples,
  type Writer,
} from '#main/storage/index.ts';
import { HearthError, type QueryResult } from '#shared/contract/index.ts';
import { compileMatcher, labelsFromRecord, matchesAll } from '#shared/model/index.ts';
import { append, EXPONENTIAL } from '../storage/batches.ts';

const settings: EngineSettings = {
  lookback: 60_000,
  timeout: 60_000,
  maxSamples: 5_000_000,
  features: new Set(['promql-experimental-functions']),
};
const engine = createEngine({ ...settings, noStepSubqueryInterval: () => 15_000, clock: () => performance.now() });

let folder = '';
let storage: FileStorage;
let pool: QueryPool;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-query-'));
  storage = openSqliteStorage({ path: join(folder, 'hearth.db') });
  pool = new QueryPool(
    { most: 1, idleAfter: 60_000, data: { path: storage.path, cacheBytes: 1 << 20, settings } },
    {
      schedule: (millis, action) => {
        const timer = setTimeout(action, millis);
        return () => clearTimeout(timer);
      },
      breathe: async () => {
        await setImmediate();
      },
      damaged: () => undefined,
    },
  );
});

afterEach(async () => {
  await pool.stop();
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const never = new AbortController().signal;

function far(expr: string, start: number, end: number, step: number, signal = never): Promise<QueryResult> {
  const requests = engine.plan(expr, { start, end, step }).selections.requests();
  const view = storage.view(requests);
  const task = { kind: 'range', expr, start, end, step, form: null } as const;
  return pool
    .run(task, () => view, { subqueryStep: 15_000, timeout: 60_000, signal })
    .then((outcome) => {
      if (outcome.kind !== 'columns') throw new Error(outcome.kind);
      return outcome.result;
    });
}

/** Sees what the store holds now, whatever happens to it later. */
function frozen(expr: string, start: number, end: number, step: number): Querier {
  const querier = storage.querier();
  const known = engine
    .plan(expr, { start, end, step })
    .selections.requests()
    .map((request) => ({
      request,
      found: querier.select(request.matchers, request.start, request.end),
    }));
  return {
    ...querier,
    select: (matchers, from, to): SeriesSamples[] => {
      const keys = new Set(matchers.map((matcher) => JSON.stringify(matcher)));
      const same = known.find(
        ({ request: { matchers: own, start: first, end: last } }) =>
          first === from && last === to && own.every((matcher) => keys.has(JSON.stringify(matcher))),
      );
      if (same === undefined) throw new Error('not planned');
      const compiled = matchers.map(compileMatcher);
      return same.found.filter(({ labels }) => matchesAll(compiled, labels));
    },
  };
}

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const EXPRESSIONS = [
  'x',
  'sum by (job) (rate(x[2m]))',
  'x{i=~"[0-4]"} + on (i) group_left x{job="a"}',
  'histogram_count(h) + histogram_sum(h)',
  'max_over_time(sum(x)[5m:30s])',
  'quantile_over_time(0.5, x[3m]) - x offset 1m',
  'count_over_time({i!=""}[10m])',
  'info(x, {version=~".+"})',
];

const ROUNDS = Number(process.env['HEARTH_QUERY_ROUNDS'] ?? 60);

test(
  'a thread answers what this thread answers, whatever happens to the store meanwhile',
  { timeout: 600_000 },
  async () => {
    const next = random(7);
    let time = 1_000_000;
    const writers: Writer[] = ['a', 'b'].map((job) => storage.writer(job));
    const scrape = (): void => {
      time += 5000;
      for (const [w, writer] of writers.entries()) {
        if (next(10) === 0) continue;
        const job = 'ab'[w];
        const samples = Array.from({ length: 8 }, (_, i) => ({
          labels: { __name__: 'x', job, i: String(i), instance: `${i % 2}` },
          value: next(20) === 0 ? NaN : next(1000) / 8,
        })).filter(() => next(15) > 0);
        append(writer, time, ...samples, {
          labels: { __name__: 'target_info', job, instance: '0', version: String(w) },
          value: 1,
        });
        append(writer, time, {
          labels: { __name__: 'h', job },
          value: { ...EXPONENTIAL, sum: next(100) },
        });
      }
    };
    const upkeep = async (): Promise<void> => {
      await storage.commit();
      while (await storage.housekeep());
    };
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = next(120); i >= 0; i--) scrape();
      if (next(3) === 0) await upkeep();
      const expr = EXPRESSIONS[next(EXPRESSIONS.length)];
      const span = 30_000 * (1 + next(40));
      const query = [expr, time - span, time + next(3) * 5000, 15_000 + next(4) * 7000] as const;
      const expected = engine.range(frozen(...query), expr, { start: query[1], end: query[2], step: query[3] });
      const got = far(...query);
      // All this comes too late for both of them.
      for (let i = next(300); i >= 0; i--) scrape();
      const from = time - next(400_000);
      if (next(3) === 0)
        await storage.deleteSeries([{ name: 'i', type: '=~', value: '[2-5]' }], from, from + next(200_000));
      if (next(4) === 0) storage.setRetention({ time: 600_000 + next(600_000), bytes: null });
      const kept = upkeep();
      const { stats: _, ...result } = await got;
      const { stats: __, ...wanted } = await expected;
      await kept;
      expect(result, `round ${round}: ${query.join(' ')}`).toEqual(wanted);
    }
  },
);

function fill(series: number, rows: number): void {
  const writer = storage.writer('w');
  const refs = Uint32Array.from({ length: series }, (_, i) =>
    writer.resolve(labelsFromRecord({ __name__: 'x', i: String(i) })),
  );
  for (let row = 0; row < rows; row++)
    writer.append({
      time: row * 1000,
      length: series,
      refs,
      values: new Float64Array(series).fill(row),
      times: null,
      startTimes: null,
      histograms: null,
      exemplars: null,
    });
}

const HEAVY = 'sum(quantile_over_time(0.3, x[30m]) * on () group_right count_over_time(x[30m]))';

test('who goes away is let go at once, and the thread is there for the next', async () => {
  fill(200, 2000);
  const abort = new AbortController();
  const heavy = far('quantile_over_time(0.3, x[30m])', 0, 2_000_000, 1000, abort.signal);
  abort.abort();
  await expect(heavy).rejects.toMatchObject({ detail: { kind: 'canceled' } });
  const after = await far('count(x)', 1_900_000, 1_999_000, 1000);
  expect(after.type === 'matrix' && after.series[0].values[0]).toBe(200);
  expect(pool.size).toBe(1);
});

test('errors come over in their own words', async () => {
  fill(2, 10);
  await expect(far(HEAVY.replace('group_right', 'group_left'), 0, 9000, 1000)).rejects.toThrow(HearthError);
  await expect(far('x + on () x', 0, 9000, 1000)).rejects.toMatchObject({ detail: { kind: 'query-execution' } });
});

test('a thread that ends takes its query along and nothing else', async () => {
  fill(500, 2000);
  const lost = far('quantile_over_time(0.3, x[30m])', 0, 2_000_000, 1000);
  lost.catch(() => undefined);
  const waits = far('count(x)', 1_900_000, 1_999_000, 1000);
  await setImmediate();
  await pool.endAll();
  await expect(lost).rejects.toMatchObject({ detail: { kind: 'query-execution' } });
  const result = await waits;
  expect(result.type === 'matrix' && result.series[0].values[0]).toBe(500);
  await storage.commit();
  while (await storage.housekeep());
});
