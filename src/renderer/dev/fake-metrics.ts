import type { ChartKind, Unit } from '#shared/contract/index.ts';
import type { MetricType } from '#shared/model/index.ts';
import type { Signal } from './fake-signals.ts';

/** One family of a made-up target: how it is called, how it moves, how its chart looks. */
export interface FakeMetric {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly title: string;
  readonly group: string;
  readonly unit: Unit;
  readonly kind: ChartKind;
  /** Label whose values are the series, with the base of each; '' for a single series. */
  readonly label: string;
  readonly values: Readonly<Record<string, Signal>>;
}

const s = (base: number, swing = 0.5, jitter = 0.08, whole = false): Signal => ({ base, swing, jitter, whole });

function metric(
  name: string,
  type: MetricType,
  unit: Unit,
  group: string,
  title: string,
  help: string,
  values: Signal | Readonly<Record<string, Signal>>,
  label = '',
  kind: ChartKind = 'lines',
): FakeMetric {
  const single = typeof values['base'] === 'number';
  return {
    name,
    type,
    unit,
    group,
    title,
    help,
    label,
    kind,
    values: single ? { '': values as Signal } : (values as Readonly<Record<string, Signal>>),
  };
}

const runtime = (): FakeMetric[] => [
  metric('process_cpu_seconds_total', 'counter', '', 'Runtime', 'CPU', 'CPU time spent.', s(0.034, 0.9, 0.3)),
  metric(
    'process_resident_memory_bytes',
    'gauge',
    'bytes',
    'Runtime',
    'Resident memory',
    'Memory.',
    s(89e6, 0.1, 0.01),
  ),
  metric('process_open_fds', 'gauge', '', 'Runtime', 'Open descriptors', 'File descriptors.', s(12, 0.1, 0.1, true)),
];

export const SHOP: readonly FakeMetric[] = [
  metric(
    'http_requests_total',
    'counter',
    'per-second',
    'Traffic',
    'Request rate',
    'Requests by route.',
    { '/search': s(12.3), '/product/:id': s(9.5), '/cart': s(5.1), '/checkout': s(2.9), '/login': s(0.4) },
    'route',
    'stacked',
  ),
  metric(
    'http_requests_in_flight',
    'gauge',
    '',
    'Traffic',
    'In flight',
    'Requests being answered.',
    s(3, 1, 0.8, true),
  ),
  metric(
    'http_request_errors_ratio',
    'gauge',
    'ratio',
    'Errors',
    'Server error ratio',
    'Share of 5xx.',
    s(0.006, 1, 0.4),
  ),
  metric(
    'http_request_duration_seconds',
    'histogram',
    'seconds',
    'Latency',
    'Request duration',
    'Time to answer a request.',
    { p50: s(0.024, 0.6, 0.1), p90: s(0.077, 0.6, 0.1), p99: s(0.183, 1.2, 0.15) },
    'quantile',
  ),
  metric(
    'nodejs_eventloop_lag_seconds',
    'gauge',
    'seconds',
    'Latency',
    'Event loop lag',
    'Lag of the loop.',
    { p99: s(0.0125, 0.9, 0.5), mean: s(0.0102, 0.1, 0.1) },
    'statistic',
  ),
  metric('db_pool_in_use', 'gauge', '', 'Database', 'Pool in use', 'Connections in use.', s(3, 1, 0.9, true)),
  metric('db_pool_waiting', 'gauge', '', 'Database', 'Pool waiting', 'Requests that wait.', s(0.2, 3, 1.5, true)),
  metric(
    'cache_hit_ratio',
    'gauge',
    'ratio',
    'Database',
    'Cache hit ratio',
    'Hits of all reads.',
    s(0.737, 0.06, 0.02),
  ),
  metric(
    'nodejs_heap_size_bytes',
    'gauge',
    'bytes',
    'Runtime',
    'Heap',
    'Heap.',
    { used: s(7.3e6, 0.3, 0.1), total: s(10.2e6, 0.02, 0) },
    'kind',
  ),
  metric(
    'nodejs_gc_duration_seconds',
    'summary',
    'ratio',
    'Runtime',
    'GC time',
    'Time in collection.',
    s(0.002, 0.9, 0.4),
  ),
  ...runtime(),
];

export const NODE: readonly FakeMetric[] = [
  metric(
    'node_cpu_seconds_total',
    'counter',
    '',
    'CPU',
    'CPU by mode',
    'Seconds the CPUs spent in each mode.',
    {
      user: s(1.15, 0.9, 0.2),
      system: s(0.32, 0.6, 0.2),
      iowait: s(0.023, 1, 0.8),
      irq: s(0.01, 0.5, 0.2),
      nice: s(0, 0, 0),
    },
    'mode',
    'stacked',
  ),
  metric(
    'node_load',
    'gauge',
    '',
    'CPU',
    'Load',
    'Load average.',
    { '1 m': s(2.7, 0.8), '5 m': s(1.14, 0.4, 0.02), '15 m': s(0.71, 0.2, 0) },
    'window',
  ),
  metric(
    'node_pressure_cpu_waiting_seconds_total',
    'counter',
    'ratio',
    'CPU',
    'CPU pressure',
    'Waiting for CPU.',
    s(0.26, 1, 0.3),
  ),
  metric(
    'node_context_switches_total',
    'counter',
    'per-second',
    'System',
    'Context switches',
    'Switches.',
    s(5230, 0.9, 0.3),
  ),
  metric(
    'node_memory_bytes',
    'gauge',
    'bytes',
    'Memory',
    'Memory',
    'Memory by use.',
    { used: s(1.39 * 2 ** 30, 0.2, 0.02), cached: s(1.48 * 2 ** 30, 0.2, 0.02), buffers: s(9e7, 0.1, 0) },
    'use',
    'stacked',
  ),
  metric(
    'node_memory_Dirty_bytes',
    'gauge',
    'bytes',
    'Memory',
    'Dirty pages',
    'Waiting to be written.',
    { dirty: s(12.8e6, 2, 0.3), writeback: s(2e4, 3, 3) },
    'state',
  ),
  metric('node_vmstat_pgfault', 'counter', 'per-second', 'Memory', 'Page faults', 'Faults.', s(26_500, 0.8, 0.4)),
  metric(
    'node_disk_bytes_total',
    'counter',
    'bytes/s',
    'Disk',
    'Disk throughput',
    'Bytes read and written.',
    { write: s(3.5e6, 3, 0.4), read: s(3.3e5, 3, 0.5) },
    'direction',
  ),
  metric(
    'node_disk_latency',
    'counter',
    'seconds',
    'Disk',
    'Disk latency',
    'Time per request.',
    { write: s(0.00109, 1, 0.4), read: s(0.00062, 1, 0.6) },
    'direction',
  ),
  metric(
    'node_filesystem_avail_bytes',
    'gauge',
    'bytes',
    'Disk',
    'Space left',
    'Bytes available.',
    { '/': s(412e9, 0.001, 0), '/home': s(96e9, 0.001, 0) },
    'mountpoint',
  ),
  metric(
    'node_network_receive_bytes_total',
    'counter',
    'bytes/s',
    'Network',
    'Network received',
    'Bytes received.',
    { eth0: s(44_000, 4, 0.5), lo: s(9000, 1, 0.3) },
    'device',
  ),
  metric(
    'node_network_transmit_bytes_total',
    'counter',
    'bytes/s',
    'Network',
    'Network sent',
    'Bytes sent.',
    { eth0: s(7400, 4, 0.5), lo: s(9000, 1, 0.3) },
    'device',
  ),
  metric(
    'node_sockstat_TCP',
    'gauge',
    '',
    'Network',
    'TCP sockets',
    'Sockets.',
    { 'in use': s(334, 0.3, 0.05, true), 'time wait': s(70, 1, 0.2, true) },
    'state',
  ),
  metric(
    'node_procs_running',
    'gauge',
    '',
    'System',
    'Processes',
    'Processes by state.',
    { running: s(3, 0.9, 0.7, true), blocked: s(0.2, 3, 2, true) },
    'state',
  ),
  metric(
    'node_hwmon_temp_celsius',
    'gauge',
    'celsius',
    'System',
    'Temperature',
    'Sensors.',
    { core: s(52, 0.2, 0.02), nvme: s(41, 0.05, 0.01) },
    'chip',
  ),
];

export const ALERTMANAGER: readonly FakeMetric[] = [
  metric(
    'alertmanager_http_requests_total',
    'counter',
    'per-second',
    'Traffic',
    'Request rate',
    'Requests.',
    s(0.4, 0.1, 0.02),
  ),
  metric(
    'go_memstats_heap_inuse_bytes',
    'gauge',
    'bytes',
    'Runtime',
    'Heap in use',
    'Heap.',
    s(15.1 * 2 ** 20, 0.3, 0.05),
  ),
  metric('go_goroutines', 'gauge', '', 'Runtime', 'Goroutines', 'Goroutines.', s(31, 0.1, 0.1, true)),
  ...runtime(),
];

/** A page with more charts than fit anywhere: what scrolling is measured with. */
export const MANY: readonly FakeMetric[] = Array.from({ length: 120 }, (_, i) =>
  metric(
    `app_stage_${i}_items_total`,
    'counter',
    i % 3 === 0 ? 'bytes/s' : 'per-second',
    `Stage ${Math.floor(i / 12) + 1}`,
    `Items through stage ${i + 1}`,
    'Items.',
    Object.fromEntries(
      Array.from({ length: (i % 7) + 1 }, (_unused, k) => [`worker-${k + 1}`, s(20 * (k + 1), 0.8, 0.2)]),
    ),
    'worker',
    i % 4 === 0 ? 'stacked' : 'lines',
  ),
);
