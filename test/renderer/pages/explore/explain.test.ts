import { expect, test } from 'vitest';
import { annotationsOf } from '#renderer/pages/explore/annotations.ts';
import { explainRows } from '#renderer/pages/explore/explain-tree.ts';
import { clausesOf } from '#renderer/pages/explore/explain-words.ts';
import { perSecondQuery } from '#renderer/pages/explore/per-second.ts';
import type { ExplainNode } from '#shared/contract/index.ts';

const stats = { seriesRead: 1, samplesRead: 1, evalMillis: 1 };

function node(some: Partial<ExplainNode>): ExplainNode {
  return {
    kind: 'call',
    from: 0,
    to: 0,
    steps: 3,
    series: 1,
    samples: 3,
    read: null,
    millis: 0,
    children: [],
    ...some,
  };
}

test('the tree says of each step its own part of the query and its own time', () => {
  const expr = 'topk(2, sum by (a) (rate(x_total[1m])))';
  const rate = node({
    kind: 'range-call',
    from: 20,
    to: 37,
    series: 6,
    samples: 18,
    read: { series: 6, samples: 120 },
    millis: 5,
  });
  const sum = node({ kind: 'aggregate', from: 8, to: 38, series: 3, samples: 9, millis: 6, children: [rate] });
  const two = node({ kind: 'number', from: 5, to: 6 });
  const repeat = node({ kind: 'repeat', from: 8, to: 38, series: 3, samples: 9, millis: 6.5, children: [sum] });
  const rows = explainRows(expr, node({ kind: 'aggregate', to: 39, series: 2, millis: 8, children: [two, repeat] }));
  expect(
    rows.map(({ depth, text, seriesIn, seriesOut, samples, slowest }) => [
      depth,
      text,
      seriesIn,
      seriesOut,
      samples,
      slowest,
    ]),
  ).toEqual([
    [0, 'topk(2, …)', 3, 2, 9, false],
    [1, 'sum by (a) (…)', 6, 3, 18, false],
    [2, 'rate(x_total[1m])', 6, 6, 120, true],
  ]);
  expect(rows.map(({ millis }) => millis)).toEqual([1.5, 1, 5]);
  expect(rows.reduce((sum_, { share }) => sum_ + share, 0)).toBeCloseTo(1);
});

test('a query in clauses, in the order in which they happen', () => {
  expect(clausesOf('histogram_quantile(0.95, sum by (le, route) (rate(x_bucket[30s])))')).toEqual([
    { key: 'reads', metric: 'x_bucket' },
    { key: 'rate', range: '30s', name: 'rate' },
    { key: 'sumBy', labels: 'le, route', name: 'sum' },
    { key: 'percentile', percent: 95 },
  ]);
  expect(clausesOf('sum(a) / count without (x) ({job="b"})').map(({ key }) => key)).toEqual([
    'reads',
    'sumAll',
    'reads',
    'aggregateWithout',
    'combines',
  ]);
  expect(clausesOf('1 + 1')).toEqual([{ key: 'combines', op: '+' }]);
  expect(clausesOf('rate(')).toEqual([]);
});

test('a remark lies on the part of the query that it speaks of, also behind wide letters', () => {
  const text = '{"größe"} or\nrate(gauge[1m])';
  const info =
    'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "gauge" (2:6)';
  const [found] = annotationsOf(text, { warnings: [], infos: [info], stats });
  expect(text.slice(found.from, found.to)).toBe('gauge');
  expect(found.severity).toBe('info');
  expect(found.message).toMatch(/^metric might not be a counter.*"gauge"$/);
  const [wide] = annotationsOf('{"größe"} + x', { warnings: ['PromQL warning: y (1:15)'], infos: [], stats });
  expect('{"größe"} + x'.slice(wide.from, wide.to)).toBe('x');
  expect(annotationsOf('x', { warnings: ['results truncated'], infos: [], stats })).toEqual([
    { from: 0, to: 0, message: 'results truncated', severity: 'warning' },
  ]);
});

test('a counter as it is can be shown per second', () => {
  expect(perSecondQuery(' x_total{a="b"} ', '1m')).toEqual({ metric: 'x_total', query: 'rate(x_total{a="b"}[1m])' });
  for (const other of ['x', 'rate(x_total[1m])', 'x_total offset 1h', 'x_total @ 5', 'x_total{'])
    expect(perSecondQuery(other, '1m')).toBeNull();
});
