import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSeries, type Histogram, type Matcher } from '#shared/model/index.ts';
import {
  openMemoryStorage,
  openSqliteStorage,
  type AppendResult,
  type Retention,
  type Storage,
  type Writer,
} from '#main/storage/index.ts';
import { batchOf, CUSTOM, EXPONENTIAL, plainSamples, STALE, type PlainSample, type TestSample } from './batches.ts';

/*
 * The SQLite engine against the memory engine: whatever is appended, committed, deleted, sealed, killed and reopened
 * in whatever order, both answer the same.
 */

type Step =
  | {
      readonly do: 'append';
      readonly writer: number;
      readonly advance: number;
      readonly rows: number;
      readonly kind: number;
      readonly mask: number;
    }
  | { readonly do: 'commit' | 'kill' | 'reopen' | 'seal' | 'release' | 'clean' | 'snapshot' }
  | { readonly do: 'delete'; readonly job: number; readonly back: number; readonly length: number };

const SERIES = Array.from({ length: 12 }, (_, i) => ({ __name__: `m${i % 4}`, job: `j${i % 3}`, i: String(i) }));
const WRITERS = 3;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      writer: fc.nat(WRITERS - 1),
      advance: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 5000 }) },
        fc.constantFrom(0, -3000, -10, 4_000_000),
      ),
      rows: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 300 })),
      kind: fc.nat(7),
      mask: fc.integer({ min: 1, max: 4095 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('commit', 'kill', 'reopen', 'seal', 'release', 'clean', 'snapshot') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('delete' as const),
      job: fc.nat(3),
      back: fc.integer({ min: 0, max: 400_000 }),
      length: fc.integer({ min: 0, max: 300_000 }),
    }),
  },
) as fc.Arbitrary<Step>;

const rule = (name: string, value: string, keep: number | null) => ({
  matchers: [{ name, type: '=', value } as const],
  keep,
});

/** How long samples are kept, the same from the beginning to the end of one history. */
const RETENTIONS: readonly Retention[] = [
  { time: null, bytes: null },
  { time: 300_000, bytes: null },
  { time: null, bytes: null, rules: [rule('job', 'j1', 60_000)] },
  { time: 200_000, bytes: null, rules: [rule('job', 'j0', 2_000_000), rule('__name__', 'm1', 30_000)] },
  { time: 100_000, bytes: null, rules: [rule('i', '3', null), rule('job', 'j2', 1000)] },
];

/** Values that differ in how they are stored, from a small state that both engines see alike. */
function valueOf(kind: number, series: number, row: number): number | typeof STALE | Histogram {
  switch (kind) {
    case 0:
      return 1;
    case 1:
      return row * 3 + series;
    case 2:
      return (row * (series + 1)) / 100;
    case 3:
      return Math.sin(row + series);
    case 4:
      return row % 7 === 3 ? STALE : row;
    case 5:
      return series % 2 === 0 ? { ...EXPONENTIAL, count: row, sum: row / 3 } : { ...CUSTOM, sum: row };
    case 6:
      return [NaN, -0, Infinity, -Infinity, 0, 1e300, 2 ** 53][row % 7];
    default:
      return Math.floor(row / 50) * 1e6;
  }
}

interface World {
  readonly store: Storage;
  readonly writers: Writer[];
}

const openWorld = (store: Storage): World => ({
  store,
  writers: Array.from({ length: WRITERS }, (_, i) => store.writer(`source ${i}`)),
});

const DELETE_MATCHER = (job: number): Matcher[] =>
  job === 3 ? [{ name: '__name__', type: '=~', value: 'm.*' }] : [{ name: 'job', type: '=', value: `j${job}` }];

/** What makes the same happen in any engine: a list of calls, so that a killed model can be built again. */
type Call = (world: World) => AppendResult | Promise<void>;

function appendCall(entry: Extract<Step, { do: 'append' }>, start: number): Call[] {
  const calls: Call[] = [];
  for (let row = 0; row < entry.rows; row++) {
    const time = start + row * 1000;
    const samples: TestSample[] = [];
    for (let series = 0; series < SERIES.length; series++) {
      if ((entry.mask & (1 << series)) === 0) continue;
      // Now and then a gap, a time of its own, a start time.
      if (row % 11 === 5 && series % 5 === 1) continue;
      samples.push({
        labels: SERIES[series],
        value: valueOf(entry.kind, series, row),
        ...(entry.mask % 3 === 0 && series % 4 === 2 && { time: time - (series % 3) * 100 }),
        ...(entry.mask % 5 === 0 && series % 4 === 0 && { startTime: start - 1 }),
      });
    }
    calls.push(({ writers }) => writers[entry.writer].append(batchOf(writers[entry.writer], time, samples)));
  }
  return calls;
}

function everything(store: Storage, start = -Infinity, end = Infinity, newestOnly = false): Map<string, PlainSample[]> {
  const querier = store.querier();
  const found = querier
    .select([], start, end, newestOnly)
    .map((series) => [formatSeries(series.labels), plainSamples(series)] as const);
  querier.release();
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** When samples become pieces and frames: at once, soon, or not for a long time. */
const TUNINGS = [
  { unsealedBytes: 0, foldRows: 32 },
  { unsealedBytes: 3000, foldRows: 4 },
  { foldRows: 2 },
  {},
] as const;

async function run(steps: readonly Step[], tuning: number, retention: Retention, root: string): Promise<void> {
  let generation = 0;
  let copies = 0;
  const folder = (): string => join(root, String(generation));
  mkdirSync(folder(), { recursive: true });
  const open = (): World =>
    openWorld(openSqliteStorage({ path: join(folder(), 'store.db'), retention, ...TUNINGS[tuning] }));
  let real = open();
  let model = openWorld(openMemoryStorage({ retention }));
  let durable: Call[] = [];
  let recent: Call[] = [];
  let now = 1_700_000_000_000;
  const abandoned: Storage[] = [];

  const compare = (): void => {
    assert.deepEqual(everything(real.store), everything(model.store));
    for (const [start, end] of [
      [now - 100_000, now - 50_000],
      [now - 3000, now],
      [now - 1_000_000, now - 200_000],
    ])
      assert.deepEqual(everything(real.store, start, end), everything(model.store, start, end));
    for (const [start, end] of [
      [now - 200_000, now],
      [-Infinity, Infinity],
    ]) {
      const newest = everything(real.store, start, end, true);
      for (const [name, samples] of everything(model.store, start, end))
        assert.deepEqual(newest.get(name)?.at(-1), samples.at(-1));
    }
    const named = new Set(real.store.querier().series([], -Infinity, Infinity).map(formatSeries));
    for (const name of everything(model.store).keys()) assert.ok(named.has(name), `${name} is not listed`);
  };

  for (const entry of steps) {
    switch (entry.do) {
      case 'append': {
        const start = now + entry.advance;
        for (const call of appendCall(entry, start)) {
          assert.deepEqual(await call(real), await call(model));
          recent.push(call);
        }
        now = Math.max(now, start + entry.rows * 1000);
        break;
      }
      case 'commit':
        await real.store.commit();
        durable = [...durable, ...recent];
        recent = [];
        break;
      case 'delete': {
        const start = now - entry.back;
        const call: Call = ({ store }) => store.deleteSeries(DELETE_MATCHER(entry.job), start, start + entry.length);
        await call(real);
        await call(model);
        durable = [...durable, ...recent, call];
        recent = [];
        break;
      }
      case 'kill': {
        // What the files hold at this moment is what a killed process leaves.
        const from = folder();
        generation++;
        cpSync(from, folder(), { recursive: true });
        abandoned.push(real.store);
        real = open();
        model = openWorld(openMemoryStorage({ retention }));
        for (const call of durable) await call(model);
        recent = [];
        break;
      }
      case 'reopen':
        await real.store.close();
        durable = [...durable, ...recent];
        recent = [];
        real = open();
        break;
      case 'seal':
        await real.store.commit();
        durable = [...durable, ...recent];
        recent = [];
        for (let n = 0; await real.store.housekeep(); n++) if (n > 1000) throw new Error('housekeeping never ends');
        break;
      case 'clean':
        while (await real.store.cleanTombstones());
        break;
      case 'snapshot': {
        const path = join(folder(), `snapshot-${copies++}.db`);
        await real.store.snapshot(path, { skipHead: false });
        durable = [...durable, ...recent];
        recent = [];
        const copy = openSqliteStorage({ path, retention });
        assert.deepEqual(everything(copy), everything(model.store));
        await copy.close();
        break;
      }
      case 'release':
        for (const [i, writer] of real.writers.entries()) {
          writer.release();
          real.writers[i] = real.store.writer(`source ${i}`);
        }
        break;
    }
    compare();
  }
  for (const store of [...abandoned, real.store]) await store.close();
}

test('answers what the model answers after any history', { timeout: 120_000 }, async () => {
  const checked = fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fc.nat(TUNINGS.length - 1),
      fc.constantFrom(...RETENTIONS),
      async (steps, tuning, retention) => {
        const root = mkdtempSync(join(tmpdir(), 'hearth-model-'));
        try {
          await run(steps, tuning, retention, root);
        } finally {
          rmSync(root, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: Number(process.env['HEARTH_MODEL_RUNS'] ?? 25), endOnFailure: false },
  );
  await expect(checked).resolves.toBeUndefined();
});
