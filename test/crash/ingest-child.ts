import { writeSync } from 'node:fs';
import { labelsFromRecord, METRIC_NAME } from '#shared/model/index.ts';
import { openSqliteStorage } from '#main/storage/index.ts';
import { SERIES, timeOf, valueOf } from './plan.ts';

/*
 * Appends row after row until it is killed, and says so on standard output once a row is durable. Small journals, so
 * that kills meet sealing as often as committing.
 */
const store = openSqliteStorage({ path: process.argv[2], unsealedBytes: 20_000 });
const writer = store.writer('crash');
const refs = Uint32Array.from({ length: SERIES }, (_, series) =>
  writer.resolve(labelsFromRecord({ [METRIC_NAME]: `crash_${series % 10}`, series: String(series) })),
);
const newest = store.stats().maxTime;
let row = newest === null ? 0 : Math.round((newest - timeOf(0)) / (timeOf(1) - timeOf(0))) + 1;
const rest = { times: null, startTimes: null, histograms: null, exemplars: null };
for (;;) {
  const rows = 1 + (row % 5);
  for (let i = 0; i < rows; i++, row++) {
    const values = Float64Array.from({ length: SERIES }, (_, series) => valueOf(series, row));
    writer.append({ time: timeOf(row), length: SERIES, refs, values, ...rest });
  }
  await store.commit();
  // Straight to the pipe: what is said must not wait in a buffer when the kill comes.
  writeSync(1, `${row - 1}\n`);
  for (let steps = 0; steps < 3; steps++) if (!(await store.housekeep())) break;
}
