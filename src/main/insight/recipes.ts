import type { ChartKind, ChartQuery, Unit } from '#shared/contract/index.ts';

/** What a recipe's expressions are made with. */
export interface RecipeTools {
  /** The metric of this target, with further conditions (`mode!="idle"`). */
  readonly series: (metric: string, more?: string) => string;
  /** `rate` of it over the page's window. */
  readonly rate: (metric: string, more?: string) => string;
  readonly has: (metric: string) => boolean;
}

/** A chart that says more than its metrics do one by one. The generic rules leave the metrics that it covers alone. */
export interface Recipe {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** The metric that the chart is filed under. */
  readonly metric: string;
  readonly kind: ChartKind;
  readonly unit: Unit;
  /** All of these have to be there. */
  readonly needs: readonly string[];
  /** Families that need no chart of their own then. */
  readonly covers: readonly string[];
  queries(tools: RecipeTools): ChartQuery[];
}

const line = (expr: string, legend: string): ChartQuery => ({ expr, legendLabel: '', legend });
const byLabel = (expr: string, legendLabel: string): ChartQuery => ({ expr, legendLabel, legend: '' });

/** What is no disk: memory, and views of other filesystems. */
const NO_DISK =
  'fstype!~"tmpfs|ramfs|devtmpfs|overlay|squashfs|rootfs|iso9660|nsfs|proc|sysfs|cgroup2?|autofs|fuse.lxcfs"';
const NO_LOOPBACK = 'device!~"lo|lo0|veth.*"';
const NO_VIRTUAL = 'device!~"loop\\\\d+|ram\\\\d+|sr\\\\d+|fd\\\\d+"';

/**
 * The conventions of node_exporter (this computer speaks them too) and of the process collectors that all client
 * libraries share. In the order they are shown within their groups.
 */
export const RECIPES: readonly Recipe[] = [
  {
    id: 'cpu-usage',
    group: 'CPU',
    title: 'CPU usage',
    metric: 'node_cpu_seconds_total',
    kind: 'stacked',
    unit: 'ratio',
    needs: ['node_cpu_seconds_total'],
    covers: ['node_cpu_seconds_total', 'node_cpu_guest_seconds_total'],
    queries: ({ rate }) => [byLabel(`avg by (mode) (${rate('node_cpu_seconds_total', 'mode!="idle"')})`, 'mode')],
  },
  {
    id: 'cpu-cores',
    group: 'CPU',
    title: 'CPU usage by core',
    metric: 'node_cpu_seconds_total',
    kind: 'lines',
    unit: 'ratio',
    needs: ['node_cpu_seconds_total'],
    covers: [],
    queries: ({ rate }) => [byLabel(`1 - avg by (cpu) (${rate('node_cpu_seconds_total', 'mode="idle"')})`, 'cpu')],
  },
  {
    id: 'load',
    group: 'CPU',
    title: 'Load average',
    metric: 'node_load1',
    kind: 'lines',
    unit: '',
    needs: ['node_load1', 'node_load5', 'node_load15'],
    covers: ['node_load1', 'node_load5', 'node_load15'],
    queries: ({ series }) => [
      line(series('node_load1'), '1 min'),
      line(series('node_load5'), '5 min'),
      line(series('node_load15'), '15 min'),
    ],
  },
  {
    id: 'memory',
    group: 'Memory',
    title: 'Memory',
    metric: 'node_memory_MemTotal_bytes',
    kind: 'stacked',
    unit: 'bytes',
    needs: [
      'node_memory_MemTotal_bytes',
      'node_memory_MemFree_bytes',
      'node_memory_Buffers_bytes',
      'node_memory_Cached_bytes',
    ],
    covers: [
      'node_memory_MemTotal_bytes',
      'node_memory_MemFree_bytes',
      'node_memory_Buffers_bytes',
      'node_memory_Cached_bytes',
      'node_memory_SReclaimable_bytes',
    ],
    queries: ({ series, has }) => {
      const free = series('node_memory_MemFree_bytes');
      const buffers = series('node_memory_Buffers_bytes');
      const cached = has('node_memory_SReclaimable_bytes')
        ? `${series('node_memory_Cached_bytes')} + ${series('node_memory_SReclaimable_bytes')}`
        : series('node_memory_Cached_bytes');
      return [
        line(`${series('node_memory_MemTotal_bytes')} - ${free} - ${buffers} - (${cached})`, 'used'),
        line(cached, 'cached'),
        line(buffers, 'buffers'),
        line(free, 'free'),
      ];
    },
  },
  {
    id: 'memory-plain',
    group: 'Memory',
    title: 'Memory',
    metric: 'node_memory_total_bytes',
    kind: 'stacked',
    unit: 'bytes',
    needs: ['node_memory_total_bytes', 'node_memory_free_bytes'],
    covers: ['node_memory_total_bytes', 'node_memory_free_bytes'],
    queries: ({ series }) => [
      line(`${series('node_memory_total_bytes')} - ${series('node_memory_free_bytes')}`, 'used'),
      line(series('node_memory_free_bytes'), 'free'),
    ],
  },
  {
    id: 'memory-available',
    group: 'Memory',
    title: 'Memory in use',
    metric: 'node_memory_MemAvailable_bytes',
    kind: 'lines',
    unit: 'ratio',
    needs: ['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'],
    covers: ['node_memory_MemAvailable_bytes'],
    queries: ({ series }) => [
      line(`1 - ${series('node_memory_MemAvailable_bytes')} / ${series('node_memory_MemTotal_bytes')}`, 'in use'),
    ],
  },
  {
    id: 'swap',
    group: 'Memory',
    title: 'Swap',
    metric: 'node_memory_SwapTotal_bytes',
    kind: 'stacked',
    unit: 'bytes',
    needs: ['node_memory_SwapTotal_bytes', 'node_memory_SwapFree_bytes'],
    covers: ['node_memory_SwapTotal_bytes', 'node_memory_SwapFree_bytes'],
    queries: ({ series }) => [
      line(`${series('node_memory_SwapTotal_bytes')} - ${series('node_memory_SwapFree_bytes')}`, 'used'),
      line(series('node_memory_SwapFree_bytes'), 'free'),
    ],
  },
  {
    id: 'disk-read',
    group: 'Disk',
    title: 'Disk reads',
    metric: 'node_disk_read_bytes_total',
    kind: 'lines',
    unit: 'bytes/s',
    needs: ['node_disk_read_bytes_total'],
    covers: ['node_disk_read_bytes_total'],
    queries: ({ rate }) => [byLabel(rate('node_disk_read_bytes_total', NO_VIRTUAL), 'device')],
  },
  {
    id: 'disk-written',
    group: 'Disk',
    title: 'Disk writes',
    metric: 'node_disk_written_bytes_total',
    kind: 'lines',
    unit: 'bytes/s',
    needs: ['node_disk_written_bytes_total'],
    covers: ['node_disk_written_bytes_total'],
    queries: ({ rate }) => [byLabel(rate('node_disk_written_bytes_total', NO_VIRTUAL), 'device')],
  },
  {
    id: 'disk-busy',
    group: 'Disk',
    title: 'Disk busy',
    metric: 'node_disk_io_time_seconds_total',
    kind: 'lines',
    unit: 'ratio',
    needs: ['node_disk_io_time_seconds_total'],
    covers: ['node_disk_io_time_seconds_total'],
    queries: ({ rate }) => [byLabel(rate('node_disk_io_time_seconds_total', NO_VIRTUAL), 'device')],
  },
  {
    id: 'filesystem-used',
    group: 'Filesystem',
    title: 'Filesystem in use',
    metric: 'node_filesystem_avail_bytes',
    kind: 'lines',
    unit: 'ratio',
    needs: ['node_filesystem_avail_bytes', 'node_filesystem_size_bytes'],
    covers: ['node_filesystem_size_bytes', 'node_filesystem_free_bytes'],
    queries: ({ series }) => [
      byLabel(
        `max by (mountpoint) (1 - ${series('node_filesystem_avail_bytes', NO_DISK)} / ${series('node_filesystem_size_bytes', NO_DISK)})`,
        'mountpoint',
      ),
    ],
  },
  {
    id: 'filesystem-avail',
    group: 'Filesystem',
    title: 'Filesystem space left',
    metric: 'node_filesystem_avail_bytes',
    kind: 'lines',
    unit: 'bytes',
    needs: ['node_filesystem_avail_bytes'],
    covers: ['node_filesystem_avail_bytes'],
    queries: ({ series }) => [
      byLabel(`min by (mountpoint) (${series('node_filesystem_avail_bytes', NO_DISK)})`, 'mountpoint'),
    ],
  },
  {
    id: 'network-in',
    group: 'Network',
    title: 'Network received',
    metric: 'node_network_receive_bytes_total',
    kind: 'lines',
    unit: 'bytes/s',
    needs: ['node_network_receive_bytes_total'],
    covers: ['node_network_receive_bytes_total'],
    queries: ({ rate }) => [byLabel(rate('node_network_receive_bytes_total', NO_LOOPBACK), 'device')],
  },
  {
    id: 'network-out',
    group: 'Network',
    title: 'Network sent',
    metric: 'node_network_transmit_bytes_total',
    kind: 'lines',
    unit: 'bytes/s',
    needs: ['node_network_transmit_bytes_total'],
    covers: ['node_network_transmit_bytes_total'],
    queries: ({ rate }) => [byLabel(rate('node_network_transmit_bytes_total', NO_LOOPBACK), 'device')],
  },
  {
    id: 'processes',
    group: 'System',
    title: 'Processes',
    metric: 'node_procs_running',
    kind: 'lines',
    unit: '',
    needs: ['node_procs_running', 'node_procs_blocked'],
    covers: ['node_procs_running', 'node_procs_blocked'],
    queries: ({ series }) => [
      line(series('node_procs_running'), 'running'),
      line(series('node_procs_blocked'), 'blocked'),
    ],
  },
  {
    id: 'uptime',
    group: 'System',
    title: 'Uptime',
    metric: 'node_boot_time_seconds',
    kind: 'lines',
    unit: 'seconds',
    needs: ['node_boot_time_seconds', 'node_time_seconds'],
    covers: ['node_time_seconds'],
    queries: ({ series }) => [line(`${series('node_time_seconds')} - ${series('node_boot_time_seconds')}`, 'uptime')],
  },
  {
    id: 'process-cpu',
    group: 'Runtime',
    title: 'Process CPU',
    metric: 'process_cpu_seconds_total',
    kind: 'lines',
    unit: 'ratio',
    needs: ['process_cpu_seconds_total'],
    covers: ['process_cpu_seconds_total', 'process_cpu_user_seconds_total', 'process_cpu_system_seconds_total'],
    queries: ({ rate }) => [line(rate('process_cpu_seconds_total'), 'CPU')],
  },
  {
    id: 'process-memory',
    group: 'Runtime',
    title: 'Process memory',
    metric: 'process_resident_memory_bytes',
    kind: 'lines',
    unit: 'bytes',
    needs: ['process_resident_memory_bytes'],
    covers: ['process_resident_memory_bytes'],
    queries: ({ series }) => [line(series('process_resident_memory_bytes'), 'resident')],
  },
];
