import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EMPTY_LABELS, labelsFromRecord, setStaleAt, wordsOf } from '#shared/model/index.ts';
import { openSqliteStorage } from '#main/storage/index.ts';
import { Assembler, KeptParts, type Part } from '#main/storage/assemble.ts';
import { FrameReader, type GroupReading } from '#main/storage/frame-reader.ts';
import { decodeMembers } from '#main/storage/series-codec.ts';
import { append, EXPONENTIAL, plainSamples, type PlainSample } from './batches.ts';

/*
 * A read that is too large to be kept decodes the values of a series into one array; one that is kept decodes frame by
 * frame and joins copies. Both have to find the same, whatever lies in the frames.
 */

const STEP = 15_000;
const START = 1_700_006_400_000;
const ROWS = 2000;
const SERIES = 70;

let folder: string;
let sqlite: Sqlite.Database;
let readings: readonly GroupReading[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-large-read-'));
  const path = join(folder, 'store.db');
  const store = openSqliteStorage({ path, outOfOrderWindow: ROWS * STEP });
  const writer = store.writer('a');
  for (let row = 0; row < ROWS; row++) {
    const samples = Array.from({ length: SERIES }, (_, i) => i)
      // Gaps in some, series that begin late and end early.
      .filter((i) => (i % 7 !== 3 || row % (5 + i) !== 0) && (i % 11 !== 5 || row > 700) && (i % 13 !== 6 || row < 900))
      .map((i) => ({
        labels: { __name__: 'm', i: String(i) },
        value: i === 20 && row % 3 === 0 ? EXPONENTIAL : i % 3 === 0 ? i : row * 10 + ((row * (i + 1) * 7919) % 31),
        ...(i === 21 ? { startTime: START - 1000 * (1 + Math.floor(row / 500)) } : {}),
      }));
    append(writer, START + row * STEP, ...samples);
    if (row % 200 !== 199) continue;
    await store.commit();
    while (await store.housekeep());
  }
  // Older ones, between the others and over them, some of them markers and NaNs.
  const values = Float64Array.from({ length: 400 }, (_, k) => (k % 50 === 0 ? NaN : -k));
  setStaleAt(wordsOf(values), 7);
  await store.importSamples(
    [1, 2, 40].map((i) => ({
      labels: labelsFromRecord({ __name__: 'm', i: String(i) }),
      times: Float64Array.from({ length: 400 }, (_, k) => START + 3_000_000 + k * STEP + (k % 2) * 7000),
      values,
      startTimes: null,
      histograms: null,
    })),
  );
  writer.release();
  await store.close();
  sqlite = new Sqlite(path, { readonly: true });
  const groups = sqlite.prepare('SELECT id, members FROM grp').raw().all() as [number, Buffer][];
  readings = groups.map(([group, blob]) => {
    const series = decodeMembers(blob);
    return { group, places: [...series.keys()], series };
  });
});

afterAll(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

const reader = (cacheBytes: number): FrameReader =>
  new FrameReader(sqlite, {
    cacheBytes,
    version: () => 1,
    damaged: (frame) => {
      throw new Error(`frame ${frame} is damaged`);
    },
  });

/** Samples that are newer than all in frames, as the head would have them. */
function newest(count: number): Part {
  const times = Float64Array.from({ length: count }, (_, i) => START + (ROWS + i) * STEP);
  const values = times.map((_, i) => 1000 + i);
  return { times, values, from: 0, to: count, startTimes: null, histograms: null, rank: 1e6 };
}

function found(
  frames: FrameReader,
  wanted: readonly GroupReading[],
  start: number,
  end: number,
  head: number,
  hidden: number,
): Map<number, PlainSample[]> {
  const deleted = [{ start: START + hidden * STEP, end: START + (hidden + 30) * STEP }];
  const { bySeries, add, count } = new KeptParts((ref) => (ref % 4 === 1 ? deleted : null));
  if (head > 0) for (const { series } of wanted) for (const ref of series) if (ref % 5 !== 0) add(ref, newest(head));
  frames.read(wanted, start, end, add, () => undefined, count);
  const assembler = new Assembler();
  const result = new Map<number, PlainSample[]>();
  for (const [ref, parts] of [...bySeries].sort(([a], [b]) => a - b)) {
    const series = assembler.series(EMPTY_LABELS, parts);
    if (series !== null) result.set(ref, plainSamples(series));
  }
  return result;
}

test('a large read finds what a small one finds', () => {
  // Kept over all runs: a large read meets frames that small ones have opened.
  const kept = reader(1 << 30);
  const range = fc.tuple(fc.integer({ min: -50, max: ROWS + 50 }), fc.integer({ min: 0, max: ROWS }));
  const places = fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 1, maxLength: 32 });
  let samples = 0;
  fc.assert(
    fc.property(range, places, fc.nat(40), fc.nat(ROWS), fc.boolean(), ([first, length], some, head, hidden, cut) => {
      const wanted = readings.map(({ group, series }) => {
        const own = [...new Set(some)].filter((place) => place < series.length);
        return { group, places: own, series: own.map((place) => series[place]) };
      });
      const start = cut ? START + first * STEP : -Infinity;
      const end = cut ? START + (first + length) * STEP + 3000 : Infinity;
      const expected = found(kept, wanted, start, end, head, hidden);
      expect(found(reader(0), wanted, start, end, head, hidden)).toEqual(expected);
      for (const list of expected.values()) samples += list.length;
    }),
    { numRuns: 60 },
  );
  expect(samples).toBeGreaterThan(100_000);
});

test('values of one series lie where they were decoded, those of the head behind them', () => {
  const { bySeries, add, count } = new KeptParts(() => null);
  const [{ group, places, series }] = readings;
  for (const ref of series) add(ref, newest(10));
  reader(0).read([{ group, places, series }], -Infinity, Infinity, add, () => undefined, count);
  const parts = bySeries.get(series[0]) ?? [];
  const joined = new Assembler().series(EMPTY_LABELS, parts);
  expect(parts.length).toBeGreaterThan(3);
  expect(joined?.values.buffer).toBe(parts[1].values.buffer);
  expect(joined?.to).toBe(parts.reduce((sum, { from, to }) => sum + to - from, 0));
});
