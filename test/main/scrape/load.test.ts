import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { getLabel } from '#shared/model/index.ts';
// The judge of the load is no part of the folder's face; its rules are worth a test of their own.
import { LoadControl, stretchOf } from '#main/scrape/load.ts';
import { World } from './world.ts';

const CALM = { loopLag: 0, scrapeLag: 0, diskLag: 0 };
const BAD = { ...CALM, loopLag: 5000 };
const LIMITS = { stretch: 4, maxInterval: 120_000 };

function ticks(control: LoadControl, count: number, signals = CALM, waiting = 0): void {
  for (let i = 0; i < count; i++) control.tick(signals, waiting);
}

describe('the judge of the load', () => {
  test('pressure rises while it is too much, not for an accident, and falls slower than it rose', () => {
    const control = new LoadControl(256);
    ticks(control, 2, BAD);
    expect(control.pressure).toBe(0);
    ticks(control, 1, CALM);
    ticks(control, 2, BAD);
    expect(control.pressure).toBe(0);
    ticks(control, 10, BAD);
    expect(control.pressure).toBeCloseTo(1);
    ticks(control, 10, CALM);
    expect(control.pressure).toBeGreaterThan(0.7);
    ticks(control, 50, CALM);
    expect(control.pressure).toBe(0);
  });

  test.each(['loopLag', 'scrapeLag', 'diskLag'] as const)(
    '%s counts; what is neither good nor bad changes nothing',
    (name) => {
      const control = new LoadControl(256);
      ticks(control, 5, { ...CALM, [name]: 2000 });
      const { pressure } = control;
      expect(pressure).toBeGreaterThan(0);
      ticks(control, 20, { ...CALM, [name]: name === 'scrapeLag' ? 1000 : 240 + (name === 'diskLag' ? 200 : 0) });
      expect(control.pressure).toBe(pressure);
    },
  );

  test('fewer scrapes at a time while the thread is behind, more again afterwards', () => {
    const control = new LoadControl(256);
    ticks(control, 4, BAD, 300);
    expect(control.concurrency).toBe(32);
    ticks(control, 20, BAD, 300);
    expect(control.concurrency).toBe(32);
    ticks(control, 5, CALM, 300);
    expect(control.concurrency).toBe(72);
    ticks(control, 100, CALM, 300);
    expect(control.concurrency).toBe(256);
  });

  test('whatever happens, pressure, concurrency and intervals stay in their bounds, and calm ends it', () => {
    const lag = fc.integer({ min: 0, max: 10_000 });
    const signals = fc.record({ loopLag: lag, scrapeLag: lag, diskLag: lag });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(signals, fc.nat(1000)), { maxLength: 200 }),
        fc.integer({ min: 1, max: 256 }),
        fc.integer({ min: 100, max: 300_000 }),
        fc.record({ stretch: fc.integer({ min: 1, max: 20 }), maxInterval: fc.integer({ min: 500, max: 300_000 }) }),
        (story, most, interval, limits) => {
          const control = new LoadControl(most);
          for (const [signal, waiting] of story) {
            control.tick(signal, waiting);
            expect(control.pressure).toBeGreaterThanOrEqual(0);
            expect(control.pressure).toBeLessThanOrEqual(1);
            expect(control.concurrency).toBeGreaterThanOrEqual(Math.min(32, most));
            expect(control.concurrency).toBeLessThanOrEqual(most);
            const [low, normal, high] = (['low', 'normal', 'high'] as const).map((importance) =>
              stretchOf(control.pressure, importance, interval, limits),
            );
            expect(high).toBe(1);
            expect(normal).toBeGreaterThanOrEqual(1);
            expect(low).toBeGreaterThanOrEqual(normal);
            expect(low).toBeLessThanOrEqual(limits.stretch);
            expect(low === 1 || interval * low <= limits.maxInterval).toBe(true);
            expect(Number.isInteger(low) && Number.isInteger(normal)).toBe(true);
          }
          ticks(control, 100);
          expect(control.pressure).toBe(0);
          expect(control.concurrency).toBe(most);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('the least important give way first', () => {
    expect(['low', 'normal', 'high'].map((name) => stretchOf(0.5, name as 'low', 15_000, LIMITS))).toEqual([4, 1, 1]);
    expect(['low', 'normal', 'high'].map((name) => stretchOf(1, name as 'low', 15_000, LIMITS))).toEqual([4, 4, 1]);
    // Never beyond the longest interval that is allowed, unless the job's own is longer.
    expect(stretchOf(1, 'low', 60_000, LIMITS)).toBe(2);
    expect(stretchOf(1, 'low', 300_000, LIMITS)).toBe(1);
    expect(stretchOf(1, 'low', 1000, { stretch: 1, maxInterval: 120_000 })).toBe(1);
  });
});

const JOBS = ['low', 'normal', 'high'] as const;
const YAML = `
global: { scrape_interval: 10s, scrape_timeout: 5s }
scrape_configs:
${JOBS.map((name) => `  - { job_name: ${name}, static_configs: [{ targets: ['${name}:1'] }] }`).join('\n')}
`;

function world(): World {
  const made = new World();
  for (const name of JOBS) made.answers.set(`http://${name}:1/metrics`, 'a 1\n');
  made.apply(YAML, { jobs: { low: { importance: 'low' }, high: { importance: 'high' } } });
  return made;
}

const gaps = (of: World, job: string): number[] => {
  const times = of.samples('a')[`a{instance="${job}:1", job="${job}"}`].map(([time]) => time);
  return times.slice(1).map((time, i) => time - times[i]);
};

describe('targets under load', () => {
  test('intervals stretch in whole steps, the important one is never touched, and all recover by themselves', async () => {
    const sim = world();
    await sim.pass(20_000);
    sim.diskLag = 5000;
    await sim.pass(200_000);
    const during = Object.fromEntries(sim.manager.targets().active.map(({ job, stretch }) => [job, stretch]));
    expect(during).toEqual({ low: 4, normal: 4, high: 1 });
    expect(sim.manager.load()).toMatchObject({ stretched: 2 });
    expect(sim.manager.load().pressure).toBeCloseTo(1);
    sim.diskLag = 0;
    await sim.pass(150_000);
    expect(sim.manager.load()).toMatchObject({ pressure: 0, stretched: 0 });
    const settled = sim.now;
    await sim.pass(100_000);
    for (const job of JOBS) {
      const all = gaps(sim, job);
      // Nothing but multiples of the job's own interval: its times stay those of its rhythm.
      expect(all.every((gap) => gap % 10_000 === 0 && gap <= 40_000)).toBe(true);
      const last = sim.samples('a')[`a{instance="${job}:1", job="${job}"}`].filter(([time]) => time > settled);
      expect(last.length).toBe(10);
    }
    expect(gaps(sim, 'high').every((gap) => gap === 10_000)).toBe(true);
    expect(gaps(sim, 'low').includes(40_000)).toBe(true);
    // No scrape is missing that is not counted.
    const made = gaps(sim, 'low').length + gaps(sim, 'normal').length;
    const spans = ['low', 'normal'].map((job) => gaps(sim, job).reduce((sum, gap) => sum + gap / 10_000, 0));
    const leftOut = spans[0] + spans[1] - made;
    expect(leftOut).toBeGreaterThan(20);
    expect(sim.manager.stats().leftOut).toBe(leftOut);
  });

  test('when calm comes back, a target waits for its next time and no longer', async () => {
    const sim = world();
    sim.diskLag = 5000;
    await sim.pass(100_000);
    sim.diskLag = 0;
    await sim.pass(60_000);
    for (const { nextScrape, interval } of sim.manager.targets().active)
      expect((nextScrape ?? 0) - sim.now).toBeLessThanOrEqual(interval);
  });

  test('a reload takes other bounds at once', async () => {
    const sim = world();
    sim.diskLag = 5000;
    await sim.pass(100_000);
    sim.apply(YAML, { load: { stretch: 1, maxInterval: 120_000 } });
    expect(sim.manager.targets().active.every(({ stretch }) => stretch === 1)).toBe(true);
    sim.apply(YAML, { jobs: { low: { importance: 'high' } } });
    expect(sim.manager.targets().active.map(({ job, stretch }) => [job, stretch])).toEqual([
      ['low', 1],
      ['normal', 4],
      ['high', 4],
    ]);
  });
});

test('a start that takes its time stretches nothing', async () => {
  const sim = world();
  sim.diskLag = 5000;
  await sim.pass(9_000);
  sim.diskLag = 0;
  await sim.pass(60_000);
  expect(sim.manager.load()).toMatchObject({ pressure: 0, stretched: 0 });
  expect(sim.manager.stats().leftOut).toBe(0);
});

test('shards share all targets out, each to one, those of one exporter too', async () => {
  const yaml = `
global: { scrape_interval: 10s }
scrape_configs:
  - job_name: j
    static_configs: [{ targets: [${Array.from({ length: 60 }, (_, i) => `'h:${i + 1}'`).join(', ')}] }]
  - job_name: probes
    static_configs: [{ targets: [${Array.from({ length: 40 }, (_, i) => `'site${i}'`).join(', ')}] }]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: 'prober:9115' }
`;
  const seen = new Map<string, number>();
  for (const index of [0, 1, 2]) {
    const one = new World();
    one.apply(yaml, { shard: { index, of: 3 } });
    const { active, droppedByJob } = one.manager.targets();
    // What others scrape is not hidden: it is among the dropped ones.
    expect(active.length + droppedByJob['j'] + droppedByJob['probes']).toBe(100);
    expect(active.filter(({ job }) => job === 'probes').length).toBeGreaterThan(3);
    for (const { labels, job } of active) {
      const key = `${job} ${getLabel(labels, 'instance')}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  expect(seen.size).toBe(100);
  expect([...seen.values()].every((count) => count === 1)).toBe(true);
});
