import { describe, expect, test, vi } from 'vitest';
import type { ChartSpec, PageView, QueryResult, Steps, TargetView } from '#shared/contract/index.ts';
import { EMPTY_LABELS, newPresence, type Millis } from '#shared/model/index.ts';
import { robustBand } from '#main/insight/index.ts';
import { startHeatWatch } from '../../../src/main/core/heat-watch.ts';

const notes = { warnings: [], infos: [], stats: { seriesRead: 0, samplesRead: 0, evalMillis: 0 } };
const STEP = 5000;

function targetOf(id: string, more: Partial<TargetView> = {}): TargetView {
  return {
    id,
    job: id,
    name: id,
    url: `http://${id}/metrics`,
    labels: EMPTY_LABELS,
    discoveredLabels: EMPTY_LABELS,
    health: 'up',
    since: 0,
    lastScrape: 0,
    lastAnswer: 0,
    lastDuration: 1,
    lastSamples: 1,
    refused: { duplicates: 0, outOfOrder: 0, outOfBounds: 0, last: null },
    lastBodyBytes: 1,
    lastError: null,
    nextScrape: 0,
    interval: STEP,
    stretch: 1,
    timeout: STEP,
    pulse: new Float32Array(0),
    builtin: false,
    ...more,
  };
}

function chart(expr: string): ChartSpec {
  return {
    id: expr,
    group: 'main',
    title: { kind: 'text', text: `title of ${expr}` },
    metric: expr,
    type: 'gauge',
    kind: 'lines',
    unit: '',
    queries: [{ expr, legend: '', legendLabel: '' }],
    hidden: 0,
    buckets: null,
  };
}

/** Time and work that the test hands out. A work of `cost` ms is done by each evaluation. */
function setup(first: readonly TargetView[], { cost = 0 } = {}) {
  let now: Millis = 1_000_000_000;
  let worked = 0;
  let targets = first;
  let changes = 0;
  let failing = false;
  const value = { of: (time: Millis): number => 100 + ((time / STEP) % 3) };
  const timers: { readonly due: number; readonly millis: number; readonly action: () => void }[] = [];
  const rests: number[] = [];
  const asked: { readonly expr: string; readonly steps: Steps }[] = [];
  const pages: string[] = [];
  const watch = startHeatWatch({
    detector: robustBand,
    now: () => now,
    monotonic: () => now + worked,
    schedule: (millis, action) => {
      const timer = { due: now + millis, millis, action };
      timers.push(timer);
      return () => {
        const at = timers.indexOf(timer);
        if (at >= 0) timers.splice(at, 1);
      };
    },
    breathe: () => Promise.resolve(),
    targets: () => targets,
    page: ({ id }): PageView => {
      pages.push(id);
      if (failing) throw new Error('it just went');
      return { targetId: id, charts: [chart(`${id}_gauge`)], facts: [], version: 1 };
    },
    evaluate: (expr, steps): Promise<QueryResult> => {
      asked.push({ expr, steps });
      worked += cost;
      const values = Float64Array.from({ length: steps.count }, (_, i) => value.of(steps.start + i * steps.step));
      const present = newPresence(steps.count).fill(0xff);
      const series = [{ labels: EMPTY_LABELS, values, present, histograms: null }];
      return Promise.resolve({ type: 'matrix', steps, series, ...notes });
    },
    oldest: () => 0,
    changed: () => changes++,
  });
  /** Lets the timer that is due next come. */
  const fire = async (): Promise<void> => {
    await vi.waitFor(() => expect(timers.length).toBeGreaterThan(0));
    const [{ due, action }] = timers.splice(0, 1);
    now = Math.max(now, due);
    action();
  };
  /** One whole round, with the rests in it. */
  const round = async (): Promise<number> => {
    await fire();
    for (;;) {
      await vi.waitFor(() => expect(timers).toHaveLength(1));
      const { millis } = timers[0];
      // What begins the next round waits for a second at least.
      if (millis >= 1000) return millis;
      rests.push(millis);
      await fire();
    }
  };
  return {
    watch,
    round,
    fire,
    timers,
    rests,
    asked,
    pages,
    value,
    changes: () => changes,
    show: (next: readonly TargetView[]) => (targets = next),
    fail: (next: boolean) => (failing = next),
  };
}

describe('targets that are watched in the background', () => {
  test('each round asks for the steps since the last one, each step once', async () => {
    const { round, asked, watch, changes } = setup([targetOf('a')]);
    await round();
    asked.splice(0);
    await round();
    await round();
    expect(asked).toHaveLength(2);
    const [before, after] = asked.map(({ steps }) => steps);
    expect(after.start).toBe(before.start + before.count * STEP);
    expect(changes()).toBe(3);
    expect(watch.view()).toMatchObject({ targets: [{ targetId: 'a', charts: 1, unusual: 0, learning: false }] });
    watch.stop();
  });

  test('what leaves its own normal is counted', async () => {
    const { round, watch, value } = setup([targetOf('a'), targetOf('b')]);
    await round();
    value.of = () => 500;
    await round();
    expect(watch.view().targets.map(({ targetId, unusual }) => [targetId, unusual])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    watch.stop();
  });

  test('a paused target is not asked about, one that is gone is forgotten', async () => {
    const { round, watch, show, asked } = setup([targetOf('a'), targetOf('b', { health: 'paused' })]);
    await round();
    expect(new Set(asked.map(({ expr }) => expr))).toEqual(new Set(['a_gauge']));
    show([]);
    await round();
    expect(watch.view()).toEqual({ targets: [] });
    watch.stop();
  });

  test('a page is made anew every five minutes', async () => {
    const { round, watch, pages } = setup([targetOf('a')]);
    for (let i = 0; i < 10; i++) await round();
    expect(pages).toHaveLength(1);
    await round();
    expect(pages).toHaveLength(2);
    watch.stop();
  });

  test('a page that cannot be made ends the round, not the watching', async () => {
    const { round, watch, fail } = setup([targetOf('a')]);
    fail(true);
    expect(await round()).toBe(30_000);
    fail(false);
    await round();
    expect(watch.view()).toMatchObject({ targets: [{ charts: 1 }] });
    watch.stop();
  });

  test('after work it rests until that was a fiftieth of the time', async () => {
    const { fire, watch, timers, asked } = setup([targetOf('a')], { cost: 8 });
    await fire();
    await vi.waitFor(() => expect(timers).toHaveLength(1));
    expect(timers[0].millis).toBe((8 * asked.length) / 0.02);
    watch.stop();
  });

  test('nothing is left to come once it is stopped', async () => {
    const { round, watch, timers } = setup([targetOf('a')]);
    await round();
    watch.stop();
    expect(timers).toEqual([]);
  });
});
