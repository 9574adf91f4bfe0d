import { words, type Collector } from './collector.ts';

/** Clock ticks a second in /proc/stat: the same on every Linux that Node runs on. */
const HERTZ = 100;
/** Columns of a `cpu` line after its name. */
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'];
const COUNTERS: readonly (readonly [key: string, name: string, type: 'counter' | 'gauge', help: string])[] = [
  ['btime', 'node_boot_time_seconds', 'gauge', 'Time the machine was started, in Unix seconds.'],
  ['ctxt', 'node_context_switches_total', 'counter', 'Context switches.'],
  ['processes', 'node_forks_total', 'counter', 'Processes and threads started.'],
  ['intr', 'node_intr_total', 'counter', 'Interrupts served.'],
  ['procs_blocked', 'node_procs_blocked', 'gauge', 'Processes that wait for input or output.'],
  ['procs_running', 'node_procs_running', 'gauge', 'Processes that run or could run.'],
];

/** CPU time by mode, and what else /proc/stat counts. */
export const cpu: Collector = (files, out) => {
  const rows = words(files.proc('stat'));
  const cpus = rows.filter(([name]) => /^cpu\d+$/.test(name));
  if (cpus.length > 0) {
    out.family('node_cpu_seconds_total', 'counter', 'Seconds that each CPU spent in each mode.');
    for (const [name, ...ticks] of cpus)
      for (const [i, mode] of MODES.entries())
        if (ticks[i] !== undefined)
          out.sample('node_cpu_seconds_total', Number(ticks[i]) / HERTZ, { cpu: name.slice(3), mode });
    out.family('node_cpu_guest_seconds_total', 'counter', 'Seconds that each CPU spent on guests (virtual machines).');
    for (const [name, ...ticks] of cpus)
      for (const [i, mode] of [
        [9, 'nice'],
        [8, 'user'],
      ] as const)
        if (ticks[i] !== undefined)
          out.sample('node_cpu_guest_seconds_total', Number(ticks[i]) / HERTZ, { cpu: name.slice(3), mode });
  }
  const byKey = new Map(rows.map(([key, value]) => [key, value]));
  for (const [key, name, type, help] of COUNTERS) {
    const value = byKey.get(key);
    if (value === undefined) continue;
    out.family(name, type, help);
    out.sample(name, Number(value));
  }
};

/** Load averages, and how many threads there are. */
export const load: Collector = (files, out) => {
  const [row] = words(files.proc('loadavg'));
  if (row === undefined) return;
  for (const [i, minutes] of [1, 5, 15].entries()) {
    out.family(`node_load${minutes}`, 'gauge', `Load average over ${minutes} min.`);
    out.sample(`node_load${minutes}`, Number(row[i]));
  }
  const threads = Number(row[3]?.split('/')[1]);
  if (!Number.isNaN(threads)) {
    out.family('node_processes_threads', 'gauge', 'Threads of all processes.');
    out.sample('node_processes_threads', threads);
  }
  out.family('node_processes_pids', 'gauge', 'Processes.');
  out.sample('node_processes_pids', files.listProc('.').filter((name) => /^\d+$/.test(name)).length);
};

/** How long work waited for CPU, memory and disks (pressure stall information). */
export const pressure: Collector = (files, out) => {
  const read = (resource: string, kind: 'some' | 'full'): number => {
    const line = files
      .proc(`pressure/${resource}`)
      .split('\n')
      .find((row) => row.startsWith(kind));
    return Number(/total=(\d+)/.exec(line ?? '')?.[1] ?? NaN) / 1e6;
  };
  const entries: readonly (readonly [name: string, value: number, help: string])[] = [
    ['node_pressure_cpu_waiting_seconds_total', read('cpu', 'some'), 'Seconds that work waited for CPU time.'],
    ['node_pressure_io_waiting_seconds_total', read('io', 'some'), 'Seconds that work waited for input or output.'],
    ['node_pressure_io_stalled_seconds_total', read('io', 'full'), 'Seconds that all work waited for input or output.'],
    ['node_pressure_memory_waiting_seconds_total', read('memory', 'some'), 'Seconds that work waited for memory.'],
    ['node_pressure_memory_stalled_seconds_total', read('memory', 'full'), 'Seconds that all work waited for memory.'],
  ];
  for (const [name, value, help] of entries) {
    if (Number.isNaN(value)) continue;
    out.family(name, 'counter', help);
    out.sample(name, value);
  }
};
