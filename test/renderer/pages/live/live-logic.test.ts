import { expect, test, vi } from 'vitest';
import { columnsFor, filterCharts, gridRows, type GridRow } from '#renderer/pages/live/chart-filter.ts';
import { liveKeyAction, type LiveKeyActions } from '#renderer/pages/live/live-keys.ts';
import { liveStep } from '#renderer/pages/live/live-step.ts';
import { failedInARow } from '#renderer/pages/live/target-words.ts';
import type { NamedChart } from '#renderer/pages/live/named-chart.ts';

const spec = (id: string, group: string): NamedChart => ({
  id,
  group,
  groupName: group,
  wordOf: (word) => word,
  title: `Title of ${id}`,
  metric: `${id}_total`,
  type: 'counter',
  kind: 'lines',
  unit: '',
  queries: [],
  hidden: 0,
  buckets: null,
});

test('each scrape is a step where that fits, longer windows have round steps', () => {
  expect(liveStep(900_000, 5000)).toBe(5000);
  expect(liveStep(900_000, 2000)).toBe(2000);
  expect(liveStep(3_600_000, 5000)).toBe(10_000);
  expect(liveStep(86_400_000, 5000)).toBe(180_000);
  expect(liveStep(300_000, 60_000)).toBe(60_000);
  expect(liveStep(900_000, 100)).toBe(2000);
});

test('a window never has more steps than a chart has use for', () => {
  for (const window of [300_000, 900_000, 3_600_000, 21_600_000, 86_400_000, 2_592_000_000, 31_536_000_000]) {
    for (const interval of [100, 1000, 2000, 5000, 15_000, 60_000])
      expect(window / liveStep(window, interval)).toBeLessThanOrEqual(480);
  }
});

test('charts are found by title, metric or group', () => {
  const charts = [spec('reads', 'Disk'), spec('writes', 'Disk'), spec('load', 'CPU')];
  expect(filterCharts(charts, 'disk writes').map(({ id }) => id)).toEqual(['writes']);
  expect(filterCharts(charts, ' LOAD_total ').map(({ id }) => id)).toEqual(['load']);
  expect(filterCharts(charts, '')).toBe(charts);
  expect(filterCharts(charts, 'foo')).toEqual([]);
});

/** Ids and groups of each line; heads by their section. */
const shape = (rows: readonly GridRow[]) =>
  rows.map((row) => (row.kind === 'head' ? row.section : row.cells.map(({ spec: chart, group }) => [chart.id, group])));

test('groups follow each other without holes, each named once', () => {
  const charts = [spec('a', 'X'), spec('b', 'Y'), spec('c', 'X'), spec('d', 'Y')];
  expect(shape(gridRows(charts, [], 3))).toEqual([
    'rest',
    [
      ['a', 'X'],
      ['c', null],
      ['b', 'Y'],
    ],
    [['d', null]],
  ]);
});

test('what is unusual stands first, in its own order, and not again below', () => {
  const charts = [spec('a', 'X'), spec('b', 'Y'), spec('c', 'X')];
  expect(shape(gridRows(charts, ['c', 'gone', 'a'], 2))).toEqual([
    'unusual',
    [
      ['c', null],
      ['a', null],
    ],
    'rest',
    [['b', 'Y']],
  ]);
  expect(shape(gridRows(charts, ['c'], 2, true)).slice(0, 2)).toEqual(['unusual', 'rest']);
});

test('an unusual histogram takes two columns, and what fits beside it moves up', () => {
  const wide = { ...spec('wide', 'X'), kind: 'heatmap' as const };
  const charts = [spec('a', 'X'), spec('b', 'X'), wide, spec('c', 'X')];
  const rows = gridRows(charts, ['a', 'b', 'wide', 'c'], 3);
  expect(shape(rows).slice(1, 3)).toEqual([
    [
      ['a', null],
      ['b', null],
      ['c', null],
    ],
    [['wide', null]],
  ]);
  const narrow = gridRows(charts, ['wide'], 1).find((row) => row.kind === 'charts');
  expect(narrow).toMatchObject({ cells: [{ span: 1 }] });
});

test('columns by width', () => {
  expect([500, 600, 896, 1300].map(columnsFor)).toEqual([1, 2, 3, 4]);
});

test('failures in a row are counted from the newest scrape', () => {
  expect(failedInARow(Float32Array.of(-1, 3, -1, -2))).toBe(2);
  expect(failedInARow(Float32Array.of(3))).toBe(0);
});

test('keys do what the map says, with shift for ten steps', () => {
  const actions = {
    nextChart: vi.fn<LiveKeyActions['nextChart']>(),
    nextTarget: vi.fn<LiveKeyActions['nextTarget']>(),
    step: vi.fn<LiveKeyActions['step']>(),
    range: vi.fn<LiveKeyActions['range']>(),
    togglePause: vi.fn<() => void>(),
    filter: vi.fn<() => void>(),
    explore: vi.fn<() => void>(),
    copyQuery: vi.fn<() => void>(),
    table: vi.fn<() => void>(),
    fullWindow: vi.fn<() => void>(),
    goTo: vi.fn<() => void>(),
    scrapeNow: vi.fn<() => void>(),
    pauseTarget: vi.fn<() => void>(),
    escape: vi.fn<() => void>(),
  };
  liveKeyAction('k', false, actions)?.();
  expect(actions.nextChart).toHaveBeenCalledWith(-1);
  liveKeyAction('l', false, actions)?.();
  expect(actions.nextTarget).toHaveBeenCalledWith(1);
  liveKeyAction(']', false, actions)?.();
  liveKeyAction('{', true, actions)?.();
  expect(actions.step.mock.calls).toEqual([[1], [-10]]);
  liveKeyAction('-', false, actions)?.();
  expect(actions.range).toHaveBeenCalledWith(1);
  liveKeyAction(' ', false, actions)?.();
  expect(actions.togglePause).toHaveBeenCalledOnce();
  liveKeyAction('f', false, actions)?.();
  expect(actions.fullWindow).toHaveBeenCalledOnce();
  liveKeyAction('g', false, actions)?.();
  expect(actions.goTo).toHaveBeenCalledOnce();
  expect(liveKeyAction('q', false, actions)).toBeNull();
});
