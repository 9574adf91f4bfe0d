/**
 * Measures import: text to samples, and samples to frames, in CPU time a sample; and what they take on disk.
 * Usage: node bench/import.ts [FILE.om]   (without it: 24 h x 15 s x 1,000 generated series, series by series and by time)
 */
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineStream } from '../src/main/exposition/index.ts';
import { openSqliteStorage } from '../src/main/storage/index.ts';
import { importColumns, importStream } from '../src/main/transfer/index.ts';
import { formatSeries } from '../src/shared/model/index.ts';
import { synthetic } from './store-data.ts';

const PIECE = 1 << 16;

function cpu(from?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return user + system;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

async function measure(
  name: string,
  source: () => AsyncIterable<Uint8Array>,
  format: 'text' | 'openmetrics',
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-import-'));
  try {
    const lines = new LineStream(format);
    let from = process.cpuUsage();
    let samples = 0;
    for await (const piece of source()) {
      lines.push(piece);
      samples += lines.count;
      lines.clear();
    }
    const parse = cpu(from);
    const path = join(folder, 'store.db');
    const store = openSqliteStorage({ path });
    from = process.cpuUsage();
    const wall = performance.now();
    let batches = 0;
    await importStream(source(), format, 0, async ({ columns }) => {
      batches++;
      return store.importSamples(importColumns(columns));
    });
    const used = cpu(from);
    const seconds = (performance.now() - wall) / 1000;
    const early = store.stats().fileBytes;
    from = process.cpuUsage();
    while (await store.housekeep());
    const keep = cpu(from);
    await store.close();
    console.table({
      data: name,
      samples,
      batches,
      'reading ns/sample': ((parse * 1000) / samples).toFixed(0),
      'import ns/sample': ((used * 1000) / samples).toFixed(0),
      'M samples/s/core': (samples / used).toFixed(2),
      'M samples/s wall': (samples / 1e6 / seconds).toFixed(2),
      'B/sample at once': (early / samples).toFixed(3),
      'upkeep ns/sample': ((keep * 1000) / samples).toFixed(0),
      'B/sample': (statSync(path).size / samples).toFixed(3),
      'rss MiB': (process.memoryUsage.rss() / 2 ** 20).toFixed(0),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const file = process.argv[2];
if (file === undefined) {
  const recordings = await synthetic(10, 1, 5760, 15_000);
  if (recordings === null) console.warn('skipped: no series generator');
  else {
    const texts = recordings.map(({ series }) => series.map(formatSeries));
    const bySeries: Uint8Array[] = [];
    for (const [k, { series, rows }] of recordings.entries())
      for (let s = 0; s < series.length; s++)
        bySeries.push(Buffer.from(rows.map(({ time, values }) => `${texts[k][s]} ${values[s]} ${time}\n`).join('')));
    const whole = Buffer.concat(bySeries);
    await measure('series by series', () => pieces(whole), 'text');
    const byTime: Uint8Array[] = [];
    for (let row = 0; row < 5760; row++)
      byTime.push(
        Buffer.from(
          recordings
            .map(({ rows }, k) =>
              texts[k].map((text, s) => `${text} ${rows[row].values[s]} ${rows[row].time}\n`).join(''),
            )
            .join(''),
        ),
      );
    const timed = Buffer.concat(byTime);
    await measure('by time', () => pieces(timed), 'text');
  }
} else await measure(file, () => createReadStream(file, { highWaterMark: PIECE }), 'openmetrics');
