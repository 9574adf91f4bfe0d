import { byLabel, line, present, type Recipe } from './recipe.ts';

/** Processors and memory of a computer, in the order they are shown within their groups. */
export const CPU_MEMORY_RECIPES: readonly Recipe[] = [
  {
    id: 'cpu-usage',
    group: 'CPU',
    title: 'cpu-usage',
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
    title: 'cpu-usage-by-core',
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
    title: 'load-average',
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
    id: 'pressure',
    group: 'CPU',
    title: 'pressure',
    metric: 'node_pressure_cpu_waiting_seconds_total',
    kind: 'lines',
    unit: 'ratio',
    needs: ['node_pressure_cpu_waiting_seconds_total'],
    covers: [
      'node_pressure_cpu_waiting_seconds_total',
      'node_pressure_io_waiting_seconds_total',
      'node_pressure_memory_waiting_seconds_total',
      'node_pressure_io_stalled_seconds_total',
      'node_pressure_memory_stalled_seconds_total',
    ],
    queries: (tools) =>
      present(
        tools,
        [
          ['node_pressure_cpu_waiting_seconds_total', 'waiting for CPU'],
          ['node_pressure_io_waiting_seconds_total', 'waiting for I/O'],
          ['node_pressure_memory_waiting_seconds_total', 'waiting for memory'],
          ['node_pressure_io_stalled_seconds_total', 'stalled by I/O'],
          ['node_pressure_memory_stalled_seconds_total', 'stalled by memory'],
        ],
        (metric) => tools.rate(metric),
      ),
  },
  {
    id: 'memory',
    group: 'Memory',
    title: 'memory',
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
    title: 'memory',
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
    title: 'memory-in-use',
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
    title: 'swap',
    metric: 'node_memory_SwapTotal_bytes',
    kind: 'stacked',
    unit: 'bytes',
    needs: ['node_memory_SwapTotal_bytes', 'node_memory_SwapFree_bytes'],
    covers: ['node_memory_SwapTotal_bytes', 'node_memory_SwapFree_bytes'],
    onlyInUse: true,
    queries: ({ series }) => [
      line(`${series('node_memory_SwapTotal_bytes')} - ${series('node_memory_SwapFree_bytes')}`, 'used'),
      line(series('node_memory_SwapFree_bytes'), 'free'),
    ],
  },
  {
    id: 'swapping',
    group: 'Memory',
    title: 'pages-swapped',
    metric: 'node_vmstat_pswpin',
    kind: 'lines',
    unit: 'per-second',
    needs: ['node_vmstat_pswpin', 'node_vmstat_pswpout'],
    covers: ['node_vmstat_pswpin', 'node_vmstat_pswpout'],
    onlyInUse: true,
    queries: (tools) =>
      present(
        tools,
        [
          ['node_vmstat_pswpin', 'in'],
          ['node_vmstat_pswpout', 'out'],
        ],
        (metric) => tools.rate(metric),
      ),
  },
  {
    id: 'page-faults',
    group: 'Memory',
    title: 'page-faults',
    metric: 'node_vmstat_pgfault',
    kind: 'lines',
    unit: 'per-second',
    needs: ['node_vmstat_pgfault'],
    covers: ['node_vmstat_pgfault', 'node_vmstat_pgmajfault'],
    queries: (tools) =>
      present(
        tools,
        [
          ['node_vmstat_pgfault', 'all'],
          ['node_vmstat_pgmajfault', 'major'],
        ],
        (metric) => tools.rate(metric),
      ),
  },
  {
    id: 'memory-committed',
    group: 'Memory',
    title: 'memory-committed',
    metric: 'node_memory_Committed_AS_bytes',
    kind: 'lines',
    unit: 'bytes',
    needs: ['node_memory_Committed_AS_bytes', 'node_memory_CommitLimit_bytes'],
    covers: ['node_memory_Committed_AS_bytes', 'node_memory_CommitLimit_bytes'],
    queries: (tools) =>
      present(
        tools,
        [
          ['node_memory_Committed_AS_bytes', 'committed'],
          ['node_memory_CommitLimit_bytes', 'limit'],
        ],
        (metric) => tools.series(metric),
      ),
  },
  {
    id: 'memory-dirty',
    group: 'Memory',
    title: 'memory-to-be-written-to-disk',
    metric: 'node_memory_Dirty_bytes',
    kind: 'lines',
    unit: 'bytes',
    needs: ['node_memory_Dirty_bytes'],
    covers: ['node_memory_Dirty_bytes', 'node_memory_Writeback_bytes'],
    queries: (tools) =>
      present(
        tools,
        [
          ['node_memory_Dirty_bytes', 'dirty'],
          ['node_memory_Writeback_bytes', 'being written'],
        ],
        (metric) => tools.series(metric),
      ),
  },
  {
    id: 'memory-kernel',
    group: 'Memory',
    title: 'memory-of-the-kernel',
    metric: 'node_memory_Slab_bytes',
    kind: 'stacked',
    unit: 'bytes',
    needs: ['node_memory_Slab_bytes'],
    covers: [
      'node_memory_Slab_bytes',
      'node_memory_PageTables_bytes',
      'node_memory_KernelStack_bytes',
      'node_memory_Percpu_bytes',
    ],
    queries: (tools) =>
      present(
        tools,
        [
          ['node_memory_Slab_bytes', 'slab'],
          ['node_memory_PageTables_bytes', 'page tables'],
          ['node_memory_KernelStack_bytes', 'kernel stacks'],
          ['node_memory_Percpu_bytes', 'per CPU'],
        ],
        (metric) => tools.series(metric),
      ),
  },
];
