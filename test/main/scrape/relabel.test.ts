import { expect, test } from 'vitest';
import { explainRelabel, relabel } from '#main/scrape/index.ts';
import { labelsFromRecord, labelsToRecord, type Labels } from '#shared/model/index.ts';
import { rule } from './rules.ts';

const record = (labels: Labels | null) => (labels === null ? null : { ...labelsToRecord(labels) });
const run = (input: Record<string, string>, ...rules: Parameters<typeof rule>[0][]) =>
  record(relabel(labelsFromRecord(input), rules.map(rule)));

test('replace joins the sources, matches the whole and expands groups', () => {
  expect(
    run(
      { __address__: 'h:80', __meta_port: '9102' },
      {
        sourceLabels: ['__address__', '__meta_port'],
        regex: '([^:]+)(?::\\d+)?;(\\d+)',
        replacement: '$1:$2',
        targetLabel: '__address__',
      },
    ),
  ).toMatchObject({ __address__: 'h:9102' });
  expect(run({ a: 'xfoo' }, { sourceLabels: ['a'], regex: 'foo', targetLabel: 'b', replacement: 'hit' })).toEqual({
    a: 'xfoo',
  });
});

test('replace with a plain text sets it, an empty result removes the label', () => {
  expect(run({ a: '1' }, { targetLabel: 'b', replacement: 'x' })).toEqual({ a: '1', b: 'x' });
  expect(run({ a: '1', b: '2' }, { targetLabel: 'b', replacement: '' })).toEqual({ a: '1' });
  expect(run({ a: '1' }, { sourceLabels: ['zz'], targetLabel: 'a' })).toEqual({});
});

test('keep and drop', () => {
  expect(run({ a: '1' }, { action: 'keep', sourceLabels: ['a'], regex: '1|2' })).toEqual({ a: '1' });
  expect(run({ a: '3' }, { action: 'keep', sourceLabels: ['a'], regex: '1|2' })).toBeNull();
  expect(run({ a: '1' }, { action: 'drop', sourceLabels: ['a'], regex: '1|2' })).toBeNull();
  expect(run({ a: '3' }, { action: 'drop', sourceLabels: ['a'], regex: '1|2' })).toEqual({ a: '3' });
});

test('keepequal and dropequal compare the joined sources with the target label', () => {
  const equal = { sourceLabels: ['a', 'b'], targetLabel: 'c' };
  expect(run({ a: '1', b: '2', c: '1;2' }, { action: 'keepequal', ...equal })).not.toBeNull();
  expect(run({ a: '1', b: '2', c: '12' }, { action: 'keepequal', ...equal })).toBeNull();
  expect(run({ a: '1', b: '2', c: '1;2' }, { action: 'dropequal', ...equal })).toBeNull();
  expect(run({ a: '1', b: '2' }, { action: 'dropequal', ...equal })).not.toBeNull();
});

test('hashmod takes the last eight bytes of MD5', () => {
  // md5('abc') ends in d6963f7d28e17f72
  expect(run({ a: 'abc' }, { action: 'hashmod', sourceLabels: ['a'], modulus: 1_000_000n, targetLabel: 'h' })).toEqual({
    a: 'abc',
    h: String(0xd6963f7d28e17f72n % 1_000_000n),
  });
});

test('labelmap, labeldrop and labelkeep work on names', () => {
  const input = { __meta_l_app: 'web', job: 'j', tmp: 't' };
  expect(run(input, { action: 'labelmap', regex: '__meta_l_(.+)' })).toEqual({ ...input, app: 'web' });
  expect(run(input, { action: 'labeldrop', regex: '__.*|tmp' })).toEqual({ job: 'j' });
  expect(run(input, { action: 'labelkeep', regex: 'job' })).toEqual({ job: 'j' });
});

test('lowercase and uppercase', () => {
  expect(run({ a: 'xY' }, { action: 'uppercase', sourceLabels: ['a'], targetLabel: 'a' })).toEqual({ a: 'XY' });
  expect(run({ a: 'xY' }, { action: 'lowercase', sourceLabels: ['a'], targetLabel: 'b' })).toEqual({
    a: 'xY',
    b: 'xy',
  });
});

test('a target label that the naming scheme forbids is left out', () => {
  const rules = [rule({ sourceLabels: ['a'], targetLabel: '${1}', replacement: 'v' })];
  expect(record(relabel(labelsFromRecord({ a: '9x' }), rules, 'legacy'))).toEqual({ a: '9x' });
  expect(record(relabel(labelsFromRecord({ a: '9x' }), rules, 'utf8'))).toEqual({ a: '9x', '9x': 'v' });
});

test('the explanation shows each rule until one drops', () => {
  const rules = [
    rule({ targetLabel: 'b', replacement: 'x' }),
    rule({ action: 'drop', sourceLabels: ['b'], regex: 'x' }),
    rule({ targetLabel: 'c', replacement: 'y' }),
  ];
  const steps = explainRelabel(labelsFromRecord({ a: '1' }), rules);
  expect(steps.map((step) => [record(step.before), record(step.after)])).toEqual([
    [{ a: '1' }, { a: '1', b: 'x' }],
    [{ a: '1', b: 'x' }, null],
  ]);
});
