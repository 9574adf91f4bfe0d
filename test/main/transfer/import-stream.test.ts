import { describe, expect, test } from 'vitest';
import { formatSeries } from '#shared/model/index.ts';
import { importStream, ImportError, type ImportBatch } from '#main/transfer/index.ts';

// eslint-disable-next-line @typescript-eslint/require-await
async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** Batches as plain data: by series its times and values. */
function plain({ columns: { labels, counts, times, values } }: ImportBatch): Record<string, [number, number][]> {
  let at = 0;
  const result: Record<string, [number, number][]> = {};
  labels.forEach((series, k) => {
    result[formatSeries(series)] = Array.from({ length: counts[k] }, () => [times[at], values[at++]]);
  });
  return result;
}

async function run(texts: readonly string[], format: 'text' | 'openmetrics' = 'text') {
  const batches: ImportBatch[] = [];
  const summary = await importStream(pieces(...texts), format, 99, (batch) => {
    batches.push(batch);
    return Promise.resolve({ stored: batch.columns.times.length, tooOld: 0 });
  });
  return { batches, summary };
}

describe('an imported stream', () => {
  test('becomes columns by series, sorted by time; of equal times the last line counts', async () => {
    const { batches, summary } = await run(['b 1 10\na 2 20\nb 3 ', '5\na 4 30\na 5 20\nb 6\n']);
    expect(batches.map(plain)).toEqual([
      {
        b: [
          [5, 3],
          [10, 1],
          [99, 6],
        ],
        a: [
          [20, 5],
          [30, 4],
        ],
      },
    ]);
    expect(summary).toEqual({ stored: 5, tooOld: 0, lines: 6, series: 2, ended: false });
  });

  test('is handed on in batches that say how far they go', async () => {
    const line = 'some_metric{with="a label"} 1 ';
    const texts = Array.from({ length: 50 }, (_, p) =>
      Array.from({ length: 10_000 }, (_ignored, i) => `${line}${p * 10_000 + i}\n`).join(''),
    );
    const whole = texts.join('');
    const { batches, summary } = await run(texts);
    expect(batches.length).toBeGreaterThan(1);
    expect(summary.stored).toBe(500_000);
    expect(batches.at(-1)?.offset).toBe(whole.length);
    let samples = 0;
    for (const { columns, offset } of batches) {
      samples += columns.times.length;
      expect(whole.slice(0, offset).split('\n').length - 1).toBe(samples);
    }
  });

  test('that goes wrong has stored what came before', async () => {
    const stored: number[] = [];
    const failing = importStream(pieces('a 1 1\na 2 2\nwhat is this\na 3 3\n'), 'text', 0, ({ columns }) => {
      stored.push(...columns.values);
      return Promise.resolve({ stored: columns.values.length, tooOld: 0 });
    });
    const error = await failing.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ImportError);
    expect(error).toMatchObject({ line: 3, stored: 2 });
    expect((error as ImportError).message).toContain('line 3: ');
    expect(stored).toEqual([1, 2]);
  });

  test('of OpenMetrics has times in seconds and an end', async () => {
    const { batches, summary } = await run(['# TYPE a counter\na_total 1 1.5\n# EOF\n'], 'openmetrics');
    expect(batches.map(plain)).toEqual([{ a_total: [[1500, 1]] }]);
    expect(batches[0].metadata).toEqual([{ family: 'a', type: 'counter', help: '', unit: '' }]);
    expect(summary.ended).toBe(true);
  });
});
