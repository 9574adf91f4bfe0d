import { writeSync } from 'node:fs';
import { labelsFromRecord, METRIC_NAME } from '#shared/model/index.ts';
import { openSqliteStorage } from '#main/storage/index.ts';
import { DELETED_SERIES, KEPT_ROWS, rowOf, SERIES, timeOf, valueOf } from './plan.ts';
import { onWritePoints } from './write-points.ts';

/*
 * Appends row after row until it is killed, and says so on standard output once a row is durable. Small journals,
 * retention and deletions, so that kills meet sealing, removing, cleaning and giving back room as often as committing.
 *
 *   node ingest-child.ts PATH [kill at this write point, 0 for never] [end after so many commits]
 */
const [, , path, point = '0', commits = 'Infinity'] = process.argv;
const killAt = Number(point);
let points = 0;
if (killAt > 0)
  onWritePoints(() => {
    if (++points === killAt) process.kill(process.pid, 'SIGKILL');
  });

const retention = { time: KEPT_ROWS * 1000, bytes: null };
const store = openSqliteStorage({ path, unsealedBytes: 20_000, foldRows: 8, retention });
const writer = store.writer('crash');
const refs = Uint32Array.from({ length: SERIES }, (_, series) =>
  writer.resolve(labelsFromRecord({ [METRIC_NAME]: `crash_${series % 10}`, series: String(series) })),
);
const newest = store.stats().maxTime;
let row = newest === null ? 0 : rowOf(newest) + 1;
const rest = { times: null, startTimes: null, histograms: null, exemplars: null };
// Straight to the pipe: what is said must not wait in a buffer when the kill comes.
const say = (line: string): void => void writeSync(1, `${line}\n`);
for (let commit = 0; commit < Number(commits); commit++) {
  const rows = 1 + (row % 5);
  for (let i = 0; i < rows; i++, row++) {
    const values = Float64Array.from({ length: SERIES }, (_, series) => valueOf(series, row));
    writer.append({ time: timeOf(row), length: SERIES, refs, values, ...rest });
  }
  await store.commit();
  say(`row ${row - 1}`);
  if (commit % 17 === 16) {
    const [from, to] = [Math.max(0, row - 400), Math.max(0, row - 390)];
    await store.deleteSeries([{ name: 'series', type: '=', value: String(DELETED_SERIES) }], timeOf(from), timeOf(to));
    say(`deleted ${from} ${to}`);
  }
  for (let steps = 0; steps < 4; steps++) if (!(await store.housekeep())) break;
}
say('done');
