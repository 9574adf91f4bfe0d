import { expect, test } from 'vitest';
import { callAt, helpFor, signatureText } from '#renderer/editor/function-help.ts';
import { AGGREGATE_OPS, FUNCTIONS } from '#shared/promql/index.ts';

test('every function and aggregation can be explained', () => {
  for (const name of Object.keys(FUNCTIONS)) {
    const help = helpFor(name);
    expect(help?.doc).not.toBe('');
    expect(help?.args.every((argument) => argument.name !== '')).toBe(true);
  }
  for (const name of AGGREGATE_OPS) expect(helpFor(name)?.args.length).toBeGreaterThan(0);
  expect(helpFor('nope')).toBeNull();
});

test.each([
  ['rate', 'rate(range-vector)'],
  ['clamp', 'clamp(v, min, max)'],
  ['round', 'round(v, [to-nearest])'],
  ['label_join', 'label_join(v, target-label, separator, [source-label…])'],
  ['topk', 'topk(k, instant-vector)'],
  ['time', 'time()'],
])('%s is called as %s', (name, text) => {
  const help = helpFor(name);
  expect(help === null ? null : signatureText(help)).toBe(text);
});

test.each([
  ['rate(|', 'rate', 0],
  ['clamp(x, 1, |', 'clamp', 2],
  ['sum by (job) (|', 'sum', 0],
  ['sum(rate(x[1m])|', 'sum', 0],
  ['topk(3, (a + |', 'topk', 1],
  ['label_replace(x, "a,b(", "|', null, 0],
  ['label_replace(x, "a,b(", |', 'label_replace', 2],
  ['rate(x{a="b", |', null, 0],
  ['sum by (|', null, 0],
  ['sum(x) + |', null, 0],
  ['# rate(\n|', null, 0],
  ['rate( # half |', null, 0],
])('where %s is', (marked, name, argument) => {
  const at = marked.indexOf('|');
  const call = callAt(marked.replace('|', ''), at);
  expect(call?.name ?? null).toBe(name);
  expect(call?.argument ?? 0).toBe(argument);
  expect(call === null ? null : marked.slice(call.from, call.from + call.name.length)).toBe(name);
});
