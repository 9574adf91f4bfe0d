import { expect, test, vi } from 'vitest';
import { csvOfChart } from '#renderer/pages/explore/csv.ts';
import { exploreKeyAction, type ExploreKeyActions } from '#renderer/pages/explore/explore-keys.ts';
import type { ExploreChart, LegendEntry } from '#renderer/pages/explore/line-chart.ts';
import { tooltipRows } from '#renderer/pages/explore/tooltip-rows.ts';
import { isLarge } from '#renderer/pages/explore/use-runs.ts';
import { labelsFromRecord } from '#shared/model/index.ts';

// uPlot asks for the screen's pixel ratio as soon as it is loaded, which jsdom cannot tell.
vi.hoisted(() => {
  globalThis.matchMedia ??= () => new EventTarget() as MediaQueryList;
});

function entry(name: string, values: readonly (number | null)[]): LegendEntry {
  return {
    key: name,
    query: '',
    labels: labelsFromRecord({ a: name }),
    ownLabels: labelsFromRecord({ a: name }),
    name: null,
    text: `{a="${name}"}`,
    color: 0,
    unit: '',
    values,
    min: 0,
    avg: 0,
    max: 0,
    last: 0,
    beforeAvg: null,
  };
}

function chart(...legend: readonly LegendEntry[]): ExploreChart {
  const times = legend[0].values.map((_, i) => i * 10);
  return { model: { kind: 'lines', unit: '', times, series: [], gaps: [] }, legend, hidden: 0, hasBuckets: false };
}

test('the tooltip has the values of the step, largest first, the nearest line marked', () => {
  const { rows, more } = tooltipRows(chart(entry('x', [1]), entry('y', [5]), entry('z', [null])), new Set(), 0, 1.4);
  expect(rows.map(({ entry: { key }, value, nearest }) => [key, value, nearest])).toEqual([
    ['y', 5, false],
    ['x', 1, true],
  ]);
  expect(more).toBe(0);
});

test('of many series those around the pointer are shown, the others counted', () => {
  const many = Array.from({ length: 40 }, (_, i) => entry(String(i), [i]));
  const { rows, more } = tooltipRows(chart(...many), new Set(), 0, 20.2);
  expect(rows.length).toBe(12);
  expect(more).toBe(28);
  expect(rows.find(({ nearest }) => nearest)?.value).toBe(20);
  expect(tooltipRows(chart(...many), new Set(['3']), 0, 20).rows.map(({ value }) => value)).toEqual([3]);
});

test('values go into a table with a line a step, quoted as it must be', () => {
  expect(csvOfChart(chart(entry('x', [1.5, null]), entry('y', [2, 3])))).toBe(
    'time,"{a=""x""}","{a=""y""}"\r\n1970-01-01T00:00:00.000Z,1.5,2\r\n1970-01-01T00:00:10.000Z,,3\r\n',
  );
});

test('a query is large by its samples, by its series, and by what may be held', () => {
  const cost = { series: 10, samples: 1000, steps: 10, maxSamples: 50_000_000 };
  expect(isLarge(cost)).toBe(false);
  expect(isLarge({ ...cost, samples: 20_000_000 })).toBe(true);
  expect(isLarge({ ...cost, series: 50_000 })).toBe(true);
  expect(isLarge({ ...cost, maxSamples: 1000 })).toBe(true);
});

test('each key does what the map of keys says', () => {
  const done: string[] = [];
  const note = (name: string) => (by?: number) => void done.push(by === undefined ? name : `${name} ${by}`);
  const actions: ExploreKeyActions = {
    step: note('step'),
    range: note('range'),
    togglePause: note('pause'),
    filter: note('filter'),
    edit: note('edit'),
    fullWindow: note('full'),
    goTo: note('goTo'),
    copyQuery: note('copy'),
    table: note('table'),
    escape: note('escape'),
  };
  for (const [key, shift] of [
    ['[', false],
    ['}', true],
    ['-', false],
    ['=', false],
    ['f', false],
    ['g', false],
    ['e', false],
    ['t', false],
    ['Escape', false],
  ] as const)
    exploreKeyAction(key, shift, actions)?.();
  expect(done).toEqual(['step -1', 'step 10', 'range 1', 'range -1', 'full', 'goTo', 'edit', 'table', 'escape']);
  expect(exploreKeyAction('x', false, actions)).toBeNull();
});
