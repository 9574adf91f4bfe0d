import { expect, onTestFinished, test } from 'vitest';
import { createLog, registerProcessMetrics, Registry } from '#main/telemetry/index.ts';
import { createReader } from '#main/exposition/index.ts';
import { formatSeries } from '#shared/model/index.ts';

function samples(registry: Registry): Record<string, number> {
  const reader = createReader('text');
  const parsed = reader.read(Buffer.from(registry.render()));
  return Object.fromEntries(
    Array.from({ length: parsed.count }, (_, i) => [formatSeries(reader.labelsOf(i)), parsed.values[i]]),
  );
}

test('counters, gauges and histograms render as text that reads back', () => {
  const registry = new Registry();
  const counter = registry.counter('a_total', 'help with \\ and\nline');
  const gauge = registry.gauge('g', 'x');
  const histogram = registry.histogram('h', 'x', [0.1, 1]);
  registry.counter('never_total', 'x');
  counter.inc(2, { path: 'C:\\x "y"\n' });
  counter.inc(1, { path: 'C:\\x "y"\n' });
  gauge.set(-Infinity);
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value);
  registry.read('r', 'gauge', 'x', () => 5);
  expect(samples(registry)).toEqual({
    'a_total{path="C:\\\\x \\"y\\"\\n"}': 3,
    g: -Infinity,
    'h_bucket{le="0.1"}': 2,
    'h_bucket{le="1.0"}': 3,
    'h_bucket{le="+Inf"}': 4,
    h_sum: 7.65,
    h_count: 4,
    never_total: 0,
    r: 5,
  });
  expect(() => registry.counter('g', 'again')).toThrow('registered twice');
});

test('the process tells of itself', () => {
  const registry = new Registry();
  onTestFinished(registerProcessMetrics(registry, 1_700_000_000_000));
  const found = samples(registry);
  expect(found['process_start_time_seconds']).toBe(1_700_000_000);
  expect(found['process_resident_memory_bytes']).toBeGreaterThan(1e6);
  expect(found['process_cpu_seconds_total']).toBeGreaterThan(0);
  expect(found['nodejs_eventloop_lag_p99_seconds']).toBeGreaterThanOrEqual(0);
  expect(Object.keys(found).some((name) => name.startsWith('nodejs_version_info{major='))).toBe(true);
});

test('log lines, by level and format', () => {
  const lines: string[] = [];
  const options = { level: 'info' as const, now: () => 0, write: (line: string) => void lines.push(line) };
  const log = createLog({ ...options, format: 'logfmt' });
  log.debug('not shown');
  log.warn('a b', { key: 'c=d', n: 1 });
  createLog({ ...options, format: 'json' }).error('x', { y: true });
  expect(lines).toEqual([
    'time=1970-01-01T00:00:00.000Z level=WARN msg="a b" key="c=d" n=1',
    '{"time":"1970-01-01T00:00:00.000Z","level":"ERROR","msg":"x","y":true}',
  ]);
});
