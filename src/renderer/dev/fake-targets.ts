import type { TargetView } from '#shared/contract/index.ts';
import { labelsFromRecord } from '#shared/model/index.ts';
import { ALERTMANAGER, MANY, NODE, SHOP, type FakeMetric } from './fake-metrics.ts';
import { signalAt } from './fake-signals.ts';

export interface FakeTarget {
  readonly job: string;
  readonly instance: string;
  readonly metrics: readonly FakeMetric[];
  readonly interval: number;
  /** Milliseconds before the core's start at which it went down; null while it is up. */
  readonly downFor: number | null;
  readonly builtin: boolean;
}

const target = (
  job: string,
  instance: string,
  metrics: readonly FakeMetric[],
  downFor: number | null = null,
): FakeTarget => ({
  job,
  instance,
  metrics,
  interval: 5000,
  downFor,
  builtin: job === 'this-computer',
});

const COMPUTER: FakeTarget = { ...target('this-computer', 'localhost', NODE), interval: 2000 };

export const SCENARIOS: Readonly<Record<string, readonly FakeTarget[]>> = {
  '': [
    COMPUTER,
    target('shop-api', 'localhost:3905', SHOP),
    target('prometheus', 'localhost:19090', ALERTMANAGER),
    target('alertmanager', 'localhost:19093', ALERTMANAGER, 370_000),
    target('redis', 'localhost:9121', [], 372_000),
  ],
  'first-run': [COMPUTER],
  empty: [],
  many: [COMPUTER, ...Array.from({ length: 60 }, (_, i) => target(`service-${i + 1}`, `10.0.4.${i}:9100`, MANY))],
};

/** Samples that a scrape of it brings. */
export function samplesOf(fake: FakeTarget): number {
  return fake.metrics.reduce((sum, metric) => sum + Object.keys(metric.values).length, 0) * 8 + 5;
}

/** How long there are samples (null: for ever; below 0: not yet), and for how long nothing was scraped. */
export interface FakeScrapes {
  readonly since: number | null;
  readonly silentFor: number;
}

export function viewOf(
  fake: FakeTarget,
  now: number,
  startedAt: number,
  { since, silentFor }: FakeScrapes = { since: null, silentFor: 0 },
): TargetView {
  const lastTick = Math.floor((now - silentFor) / fake.interval) * fake.interval;
  const labels = labelsFromRecord({ job: fake.job, instance: fake.instance });
  const downSince = fake.downFor === null ? null : startedAt - fake.downFor;
  const pulse = Float32Array.from({ length: 60 }, (_, i) => {
    const time = lastTick - (59 - i) * fake.interval;
    const took = signalAt(`${fake.job} took`, { base: 4, swing: 0.6, jitter: 0.5 }, time);
    return downSince !== null && time >= downSince ? -took : took;
  });
  const samples = samplesOf(fake);
  const firstIn = since !== null && since < 0 ? 2000 : null;
  const fresh = since !== null && downSince === null;
  const view: TargetView = {
    id: fake.job,
    job: fake.job,
    name: fake.job,
    url: fake.builtin ? '' : `http://${fake.instance}/metrics`,
    labels,
    discoveredLabels: labelsFromRecord({ __address__: fake.instance, job: fake.job }),
    health: downSince === null ? 'up' : 'down',
    since: downSince ?? startedAt - 18 * 60_000,
    lastScrape: lastTick,
    lastAnswer: downSince === null ? lastTick : downSince - fake.interval,
    lastDuration: Math.abs(pulse[59]),
    lastSamples: samples,
    lastBodyBytes: samples * 62,
    refused: { duplicates: 0, outOfOrder: 0, outOfBounds: 0, last: null },
    lastError:
      downSince === null
        ? null
        : { kind: 'refused', message: `connect ECONNREFUSED ${fake.instance}`, status: null, line: null },
    nextScrape: lastTick + fake.interval,
    stretch: 1,
    interval: fake.interval,
    timeout: fake.interval - 1000,
    pulse,
    builtin: fake.builtin,
  };
  if (firstIn !== null)
    return {
      ...view,
      health: 'unknown',
      since: null,
      lastScrape: null,
      lastAnswer: null,
      lastDuration: null,
      lastSamples: null,
      lastBodyBytes: null,
      nextScrape: now + firstIn,
      pulse: new Float32Array(0),
    };
  return fresh ? { ...view, since: startedAt - since, pulse: pulse.slice(-Math.ceil(since / fake.interval)) } : view;
}
