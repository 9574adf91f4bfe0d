import type { InstrumentType } from '#main/telemetry/index.ts';
import { words, type Collector } from './collector.ts';

const SECTOR = 512;
const IGNORED = /^(?:z?ram|loop|fd|(?:h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;

/** Columns of /proc/diskstats after the device name, in their order. */
const COLUMNS: readonly (readonly [name: string, type: InstrumentType, factor: number, help: string])[] = [
  ['reads_completed_total', 'counter', 1, 'Reads completed.'],
  ['reads_merged_total', 'counter', 1, 'Reads merged with others.'],
  ['read_bytes_total', 'counter', SECTOR, 'Bytes read.'],
  ['read_time_seconds_total', 'counter', 1e-3, 'Seconds that all reads took.'],
  ['writes_completed_total', 'counter', 1, 'Writes completed.'],
  ['writes_merged_total', 'counter', 1, 'Writes merged with others.'],
  ['written_bytes_total', 'counter', SECTOR, 'Bytes written.'],
  ['write_time_seconds_total', 'counter', 1e-3, 'Seconds that all writes took.'],
  ['io_now', 'gauge', 1, 'Reads and writes under way.'],
  ['io_time_seconds_total', 'counter', 1e-3, 'Seconds in which reads or writes were under way.'],
  ['io_time_weighted_seconds_total', 'counter', 1e-3, 'Seconds of reads and writes under way, each counted.'],
  ['discards_completed_total', 'counter', 1, 'Discards completed.'],
  ['discards_merged_total', 'counter', 1, 'Discards merged with others.'],
  ['discarded_sectors_total', 'counter', 1, 'Sectors discarded.'],
  ['discard_time_seconds_total', 'counter', 1e-3, 'Seconds that all discards took.'],
  ['flush_requests_total', 'counter', 1, 'Flushes completed.'],
  ['flush_requests_time_seconds_total', 'counter', 1e-3, 'Seconds that all flushes took.'],
];

/** Disks: what was read and written, and how long it took. */
export const disks: Collector = (files, out) => {
  const rows = words(files.proc('diskstats')).filter((row) => row.length >= 14 && !IGNORED.test(row[2]));
  for (const [i, [suffix, type, factor, help]] of COLUMNS.entries()) {
    const having = rows.filter((row) => row[i + 3] !== undefined);
    if (having.length === 0) continue;
    const name = `node_disk_${suffix}`;
    out.family(name, type, help);
    for (const row of having) {
      const value = Number(row[i + 3]);
      // Dividing thousandths gives the nearest double to what is meant; multiplying by 0.001 does not.
      out.sample(name, factor === 1e-3 ? value / 1000 : value * factor, { device: row[2] });
    }
  }
};
