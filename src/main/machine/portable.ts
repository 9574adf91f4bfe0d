import { cpus, hostname, loadavg, machine, release, type, uptime, version } from 'node:os';
import { ExpositionWriter } from '#main/telemetry/index.ts';
import type { Millis } from '#shared/model/index.ts';

/** The part of `systeminformation` that is used; loaded only where it is needed. */
export interface SystemInformation {
  mem(): Promise<{
    total: number;
    free: number;
    available: number;
    active: number;
    buffers: number;
    cached: number;
    swaptotal: number;
    swapfree: number;
  }>;
  fsSize(): Promise<
    { fs: string; type: string; size: number; available: number; mount: string; rw?: boolean | null }[]
  >;
  networkStats(interfaces: string): Promise<
    {
      iface: string;
      operstate: string;
      rx_bytes: number;
      rx_errors: number;
      rx_dropped: number;
      tx_bytes: number;
      tx_errors: number;
      tx_dropped: number;
    }[]
  >;
  disksIO(): Promise<{ rIO: number; wIO: number } | null>;
  fsStats(): Promise<{ rx: number; wx: number } | null>;
}

/** These answers come from other processes: they are asked for less often than the machine is read. */
const SLOW: Millis = 15_000;

/** Reads a machine that is not Linux, as far as it tells, under the same names. */
export function portableCollector(load: () => Promise<SystemInformation>, now: () => Millis): () => Promise<string> {
  let info: SystemInformation | null = null;
  const kept = new Map<string, { readonly time: Millis; readonly value: unknown }>();

  async function slow<T>(key: string, ask: () => Promise<T>): Promise<T | null> {
    const before = kept.get(key);
    if (before !== undefined && now() - before.time < SLOW) return before.value as T;
    try {
      const value = await ask();
      kept.set(key, { time: now(), value });
      return value;
    } catch {
      return null;
    }
  }

  return async () => {
    info ??= await load();
    const si = info;
    const out = new ExpositionWriter();
    writeCpu(out);
    const [memory, filesystems, network, disks, bytes] = await Promise.all([
      si.mem().catch(() => null),
      slow('filesystems', () => si.fsSize()),
      si.networkStats('*').catch(() => null),
      slow('disks', () => si.disksIO()),
      slow('bytes', () => si.fsStats()),
    ]);
    if (memory !== null) {
      const fields: readonly (readonly [string, number])[] = [
        ['MemTotal', memory.total],
        ['MemFree', memory.free],
        ['MemAvailable', memory.available],
        ['Active', memory.active],
        ['Buffers', memory.buffers],
        ['Cached', memory.cached],
        ['SwapTotal', memory.swaptotal],
        ['SwapFree', memory.swapfree],
      ];
      for (const [field, value] of fields) {
        out.family(`node_memory_${field}_bytes`, 'gauge', `Memory: ${field}, in bytes.`);
        out.sample(`node_memory_${field}_bytes`, value);
      }
    }
    writeFilesystems(out, filesystems ?? []);
    writeNetwork(out, network ?? []);
    if (disks !== null) {
      write(out, 'node_disk_reads_completed_total', 'counter', 'Reads completed.', disks.rIO, { device: 'all' });
      write(out, 'node_disk_writes_completed_total', 'counter', 'Writes completed.', disks.wIO, { device: 'all' });
    }
    if (bytes !== null) {
      write(out, 'node_disk_read_bytes_total', 'counter', 'Bytes read.', bytes.rx, { device: 'all' });
      write(out, 'node_disk_written_bytes_total', 'counter', 'Bytes written.', bytes.wx, { device: 'all' });
    }
    write(
      out,
      'node_boot_time_seconds',
      'gauge',
      'Time the machine was started, in Unix seconds.',
      Math.round(now() / 1000 - uptime()),
    );
    write(out, 'node_time_seconds', 'gauge', 'Time of day of the machine, in Unix seconds.', now() / 1000);
    write(out, 'node_uname_info', 'gauge', 'The running kernel; always 1.', 1, {
      machine: machine(),
      nodename: hostname(),
      release: release(),
      sysname: type(),
      version: version(),
    });
    return out.toString();
  };
}

function write(
  out: ExpositionWriter,
  name: string,
  kind: 'counter' | 'gauge',
  help: string,
  value: number,
  labels?: Record<string, string>,
): void {
  out.family(name, kind, help);
  out.sample(name, value, labels);
}

function writeCpu(out: ExpositionWriter): void {
  out.family('node_cpu_seconds_total', 'counter', 'Seconds that each CPU spent in each mode.');
  for (const [i, { times }] of cpus().entries()) {
    const cpu = String(i);
    out.sample('node_cpu_seconds_total', times.idle / 1000, { cpu, mode: 'idle' });
    out.sample('node_cpu_seconds_total', times.irq / 1000, { cpu, mode: 'irq' });
    out.sample('node_cpu_seconds_total', times.nice / 1000, { cpu, mode: 'nice' });
    out.sample('node_cpu_seconds_total', times.sys / 1000, { cpu, mode: 'system' });
    out.sample('node_cpu_seconds_total', times.user / 1000, { cpu, mode: 'user' });
  }
  for (const [i, minutes] of [1, 5, 15].entries())
    write(out, `node_load${minutes}`, 'gauge', `Load average over ${minutes} min.`, loadavg()[i]);
}

function writeFilesystems(out: ExpositionWriter, all: Awaited<ReturnType<SystemInformation['fsSize']>>): void {
  const fields = [
    ['size_bytes', 'Size of the file system in bytes.', 'size'],
    ['avail_bytes', 'Bytes of the file system that are free for users.', 'available'],
  ] as const;
  for (const [suffix, help, key] of fields) {
    if (all.length === 0) continue;
    out.family(`node_filesystem_${suffix}`, 'gauge', help);
    for (const entry of all)
      out.sample(`node_filesystem_${suffix}`, entry[key], {
        device: entry.fs,
        fstype: entry.type,
        mountpoint: entry.mount,
      });
  }
}

function writeNetwork(out: ExpositionWriter, all: Awaited<ReturnType<SystemInformation['networkStats']>>): void {
  const fields = [
    ['receive_bytes', 'bytes received', 'rx_bytes'],
    ['receive_errs', 'errors received', 'rx_errors'],
    ['receive_drop', 'packets dropped on receipt', 'rx_dropped'],
    ['transmit_bytes', 'bytes sent', 'tx_bytes'],
    ['transmit_errs', 'errors sent', 'tx_errors'],
    ['transmit_drop', 'packets dropped on sending', 'tx_dropped'],
  ] as const;
  for (const [name, help, key] of fields) {
    if (all.length === 0) continue;
    out.family(`node_network_${name}_total`, 'counter', `Network interface: ${help}.`);
    for (const entry of all) out.sample(`node_network_${name}_total`, entry[key], { device: entry.iface });
  }
}
