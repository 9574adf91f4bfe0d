import { expect, test, vi } from 'vitest';
import { chartOfQueries } from '#renderer/pages/explore/chart-of-runs.ts';
import { MOST_SERIES, onlySeries, type DrawnQuery, type ExploreChart } from '#renderer/pages/explore/line-chart.ts';
import { addressOfRows, committed, newRow, removeRow, rowsOfAddress } from '#renderer/pages/explore/query-list.ts';
import { resultTable } from '#renderer/pages/explore/result-table.ts';
import type { QueryResult, SeriesColumn } from '#shared/contract/index.ts';
import { labelsFromRecord, newPresence, setPresent } from '#shared/model/index.ts';

// uPlot asks for the screen's pixel ratio as soon as it is loaded, which jsdom cannot tell.
vi.hoisted(() => {
  globalThis.matchMedia ??= () => new EventTarget() as MediaQueryList;
});

const notes = { warnings: [], infos: [], stats: { seriesRead: 1, samplesRead: 1, evalMillis: 1 } };
const steps = { start: 10_000, step: 1000, count: 3 };

function column(labels: Record<string, string>, values: readonly (number | null)[]): SeriesColumn {
  const present = newPresence(values.length);
  for (const [i, value] of values.entries()) if (value !== null) setPresent(present, i);
  const numbers = Float64Array.from(values, (value) => value ?? 0);
  return { labels: labelsFromRecord(labels), values: numbers, present, histograms: null };
}

function matrix(...series: readonly SeriesColumn[]): QueryResult {
  return { type: 'matrix', steps, series, ...notes };
}

function draw(...queries: readonly Omit<DrawnQuery, 'before'>[]): ExploreChart | null {
  return chartOfQueries(
    queries.map((query) => ({ ...query, before: null })),
    { kind: null, dots: [] },
  );
}

test('the legend has the largest series first, with what it was over the range', () => {
  const result = matrix(column({ a: 'x' }, [1, null, 3]), column({ a: 'y' }, [10, 20, null]));
  const chart = draw({ id: 'A', expr: 'up', result });
  expect(chart?.legend.map(({ text, min, avg, max, last }) => ({ text, min, avg, max, last }))).toEqual([
    { text: '{a="y"}', min: 10, avg: 15, max: 20, last: 20 },
    { text: '{a="x"}', min: 1, avg: 2, max: 3, last: 3 },
  ]);
  expect(chart?.model.series.map((series) => series.values)).toEqual([
    [10, 20, null],
    [1, null, 3],
  ]);
});

test('series of several queries stay apart even where their labels are equal', () => {
  const result = matrix(column({ a: 'x' }, [1, 2, 3]));
  const chart = draw({ id: 'A', expr: 'one_bytes', result }, { id: 'B', expr: 'two_bytes', result });
  expect(new Set(chart?.legend.map((entry) => entry.key)).size).toBe(2);
  expect(new Set(chart?.legend.map((entry) => entry.color)).size).toBe(2);
  expect(chart?.model.unit).toBe('bytes');
});

test('queries of different units share an axis that counts plainly', () => {
  const result = matrix(column({ a: 'x' }, [1, 2, 3]));
  const queries = [
    { id: 'A', expr: 'one_bytes', result },
    { id: 'B', expr: 'rate(two_total[1m])', result },
  ];
  expect(draw(...queries)?.model.unit).toBe('');
});

test('a scalar is a line too, a string is not', () => {
  const scalar: QueryResult = { type: 'scalar', steps, values: Float64Array.of(1, 2, 3), ...notes };
  expect(draw({ id: 'A', expr: '1', result: scalar })?.legend[0].last).toBe(3);
  const text: QueryResult = { type: 'string', time: 1, value: 'x', ...notes };
  expect(draw({ id: 'A', expr: '"x"', result: text })).toBeNull();
});

test('more series than can be told apart are counted, the largest are drawn', () => {
  const series = Array.from({ length: MOST_SERIES + 5 }, (_, i) => column({ i: String(i) }, [i, i, i]));
  const chart = draw({ id: 'A', expr: 'up', result: matrix(...series) });
  expect(chart?.hidden).toBe(5);
  expect(chart?.legend.at(-1)?.text).toBe('{i="5"}');
});

test('isolated series are drawn alone', () => {
  const result = matrix(column({ a: 'x' }, [1, 2, 3]), column({ a: 'y' }, [4, 5, 6]));
  const chart = draw({ id: 'A', expr: 'up', result });
  if (chart === null) throw new Error('no chart');
  expect(onlySeries(chart, new Set([chart.legend[1].key])).series.map((series) => series.label)).toEqual(['{a="x"}']);
  expect(onlySeries(chart, new Set()).series.length).toBe(2);
});

test('a table has columns for the labels that tell rows apart and says the others once', () => {
  const table = resultTable(
    matrix(
      column({ __name__: 'up', job: 'n', i: '1' }, [1, 2, 3]),
      column({ __name__: 'up', job: 'n', i: '2' }, [4, 5, null]),
    ),
  );
  expect(table.columns).toEqual(['i']);
  expect(table.common).toEqual(['__name__', 'up', 'job', 'n']);
  expect(table.rows.map((row) => row.value)).toEqual([
    { kind: 'number', value: 3 },
    { kind: 'number', value: 5 },
  ]);
});

test('one row shows all its labels', () => {
  const table = resultTable(matrix(column({ __name__: 'up', job: 'n' }, [1, 2, 3])));
  expect(table.columns).toEqual(['__name__', 'job']);
  expect(table.common).toEqual([]);
});

test('queries go into the address and come back', () => {
  const rows = rowsOfAddress(new URLSearchParams('expr=up&b=rate(x%5B1m%5D)'));
  expect(rows.map(({ id, ran }) => [id, ran])).toEqual([
    ['A', 'up'],
    ['B', 'rate(x[1m])'],
  ]);
  expect(addressOfRows(rows)).toEqual({ expr: 'up', b: 'rate(x[1m])' });
});

test('a new row takes the first free letter, the last row is only emptied', () => {
  const rows = rowsOfAddress(new URLSearchParams('expr=up&c=x'));
  expect(newRow(rows)?.id).toBe('B');
  expect(removeRow(rows, 'A').map((row) => row.id)).toEqual(['C']);
  expect(removeRow(removeRow(rows, 'A'), 'C')).toEqual([{ id: 'A', text: '', ran: '', shown: true }]);
  expect(committed([{ id: 'A', text: ' up ', ran: '', shown: true }])[0].ran).toBe('up');
});

test('buckets are drawn as a heatmap with its quantiles unless lines are asked for', () => {
  const result = matrix(column({ le: '0.1' }, [1, 1, 1]), column({ le: '+Inf' }, [2, 2, 2]));
  const query = { id: 'A', expr: 'rate(took_seconds_bucket[1m])', result, before: null };
  const chart = chartOfQueries([query], { kind: null, dots: [] });
  expect(chart?.model).toMatchObject({ kind: 'heatmap', unit: 'seconds' });
  expect(chart?.legend.map(({ name, last }) => [name, last])).toEqual([
    ['p99', 0.1],
    ['p90', 0.1],
    ['p50', 0.1],
  ]);
  const lines = chartOfQueries([query], { kind: 'lines', dots: [] });
  expect(lines).toMatchObject({ hasBuckets: true, model: { kind: 'lines' } });
  expect(lines?.legend.length).toBe(2);
});

test('what is compared is pale, in the same colours, and its average stands in the legend', () => {
  const result = matrix(column({ a: 'x' }, [1, 2, 3]), column({ a: 'new' }, [1, 1, 1]));
  const before = matrix(column({ a: 'x' }, [4, 4, 4]), column({ a: 'gone' }, [9, 9, 9]));
  const chart = chartOfQueries([{ id: 'A', expr: 'up', result, before }], { kind: null, dots: [] });
  if (chart === null) throw new Error('no chart');
  const pale = chart.model.series.filter(({ faint }) => faint);
  expect(pale.map(({ values }) => values)).toEqual([[4, 4, 4]]);
  expect(pale[0].color).toBe(chart.legend[0].color);
  expect(chart.legend.map(({ beforeAvg }) => beforeAvg)).toEqual([4, null]);
  expect(onlySeries(chart, new Set([chart.legend[0].key])).series.length).toBe(2);
  expect(onlySeries(chart, new Set([chart.legend[1].key])).series.length).toBe(1);
});
