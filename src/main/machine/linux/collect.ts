import { ExpositionWriter } from '#main/telemetry/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { Collector } from './collector.ts';
import { cpu, load, pressure } from './cpu.ts';
import { disks } from './disk.ts';
import { SystemFiles } from './files.ts';
import { Filesystems } from './filesystems.ts';
import { memory, vmstat } from './memory.ts';
import { interfaces, protocols, sockets, traffic } from './network.ts';
import { kernelState, sensors, system } from './system.ts';

const COLLECTORS: readonly Collector[] = [
  cpu,
  load,
  pressure,
  memory,
  vmstat,
  disks,
  traffic,
  interfaces,
  protocols,
  sockets,
  system,
  kernelState,
  sensors,
];

const FILESYSTEM_PATIENCE: Millis = 500;

/**
 * Reads a Linux machine under node_exporter's names.
 * @param root folder that holds `proc`, `sys` and `etc`: `/`
 */
export function linuxCollector(root: string, now: () => Millis): () => Promise<string> {
  const files = new SystemFiles(root);
  const filesystems = new Filesystems(files, FILESYSTEM_PATIENCE);
  return async () => {
    const out = new ExpositionWriter();
    for (const collector of COLLECTORS) collector(files, out);
    await filesystems.collect(out);
    out.family('node_time_seconds', 'gauge', 'Time of day of the machine, in Unix seconds.');
    out.sample('node_time_seconds', now() / 1000);
    return out.toString();
  };
}
