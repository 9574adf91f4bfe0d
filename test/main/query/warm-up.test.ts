import { describe, expect, test } from 'vitest';
import { parseExpr } from '#shared/promql/index.ts';
import { labelsFromRecord } from '#shared/model/index.ts';
import { createEngine } from '#main/promql/index.ts';
import { ownQueries, warmUp } from '#main/query/index.ts';
import { openMemoryStorage } from '#main/storage/index.ts';

const engine = createEngine({
  lookback: 300_000,
  timeout: 60_000,
  maxSamples: 1_000_000,
  features: new Set(),
  noStepSubqueryInterval: () => 60_000,
  clock: () => performance.now(),
});

test('each expression runs to its end, and others get their turn between them', async () => {
  let pauses = 0;
  await warmUp(engine, { pause: () => Promise.resolve(void pauses++), stopped: () => false });
  expect(pauses).toBeGreaterThan(100);
});

test('it ends as soon as the program does', async () => {
  let pauses = 0;
  await warmUp(engine, { pause: () => Promise.resolve(void pauses++), stopped: () => pauses >= 3 });
  expect(pauses).toBe(3);
});

describe('queries of what is stored', () => {
  const store = async (metrics: Readonly<Record<string, number>>) => {
    const storage = openMemoryStorage();
    const writer = storage.writer('a');
    const refs = Object.entries(metrics).flatMap(([name, series]) =>
      Array.from({ length: series }, (_, i) =>
        writer.resolve(labelsFromRecord({ __name__: name, instance: `host-${i % 3}:80`, i: String(i) })),
      ),
    );
    for (const time of [1000, 61_000])
      writer.append({
        time,
        length: refs.length,
        refs: Uint32Array.from(refs),
        values: Float64Array.from(refs, (_, i) => i),
        times: null,
        startTimes: null,
        histograms: null,
        exemplars: null,
      });
    await storage.commit();
    return storage;
  };

  test('are of a few metrics with several series, not of the largest', async () => {
    const { time, exprs } = ownQueries(
      await store({ one: 1, few: 4, 'with "quotes"': 5, more: 30, much: 401, some: 9 }),
    );
    expect(time).toBe(61_000);
    const named = (name: string): boolean => exprs.some((expr) => expr.includes(JSON.stringify(name)));
    expect(['one', 'few', 'with "quotes"', 'more', 'much', 'some'].filter(named)).toEqual([
      'with "quotes"',
      'more',
      'some',
    ]);
    for (const expr of exprs) expect(() => parseExpr(expr)).not.toThrow();
  });

  test('are none where nothing is stored', async () => {
    expect(ownQueries(openMemoryStorage())).toEqual({ time: 0, exprs: [] });
  });
});
