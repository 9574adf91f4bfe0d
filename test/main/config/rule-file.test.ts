import { describe, expect, test } from 'vitest';
import { DEFAULT_PARSER_OPTIONS } from '#shared/promql/index.ts';
import { duplicateRules, readRuleFile, type RuleFileOptions, type RuleGroup } from '#main/config/index.ts';
import { conformancePath } from '../../conformance/material.ts';
import { runRules } from '../../conformance/rules.ts';

const options: RuleFileOptions = { validation: 'utf8', parser: DEFAULT_PARSER_OPTIONS };

function read(text: string, change: Partial<RuleFileOptions> = {}): readonly RuleGroup[] {
  const result = readRuleFile(text, { ...options, ...change });
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join('\n'));
  return result.groups;
}

function problems(text: string, change: Partial<RuleFileOptions> = {}): readonly string[] {
  const result = readRuleFile(text, { ...options, ...change });
  return result.ok ? [] : result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const rule = (text: string): string => `groups:\n- name: g\n  rules:\n  - ${text.replaceAll('\n', '\n    ')}\n`;

const folder = conformancePath('rules');

test.skipIf(folder === null)('rule files are accepted and refused as Prometheus does', () => {
  const checks = runRules(folder as string).filter((outcome) => outcome.name.startsWith('check rules'));
  expect(checks.filter((outcome) => outcome.failure !== null)).toEqual([]);
  expect(checks.length).toBeGreaterThan(15);
});

describe('groups and rules', () => {
  test('are read with their expressions', () => {
    const [group] = read(
      'groups:\n- name: g\n  interval: 30s\n  query_offset: 1m\n  limit: 5\n  labels: {team: a}\n  rules:\n  - record: x:y\n    expr: sum(up)\n  - alert: Down\n    expr: up == 0\n    for: 5m\n    keep_firing_for: 1m\n    labels: {severity: page}\n    annotations: {summary: "{{ $labels.job }}"}\n',
    );
    expect(group).toMatchObject({ name: 'g', interval: 30_000, queryOffset: 60_000, limit: 5 });
    expect([...group.labels]).toEqual([['team', 'a']]);
    expect(group.rules[0]).toMatchObject({ kind: 'record', record: 'x:y', text: 'sum(up)', line: 8 });
    expect(group.rules[0].expr.kind).toBe('aggregate');
    expect(group.rules[1]).toMatchObject({
      kind: 'alert',
      alert: 'Down',
      for: 300_000,
      keepFiringFor: 60_000,
      line: 10,
    });
  });

  test('an empty file has none, and a second document is passed over with a warning', () => {
    expect(read('')).toEqual([]);
    const result = readRuleFile('groups: []\n---\nnope: 1\n', options);
    expect(result.ok && result.warnings).toHaveLength(1);
  });

  test('the same series made twice is found', () => {
    const groups = read(
      'groups:\n- name: a\n  rules:\n  - {record: r, expr: 1, labels: {x: y, z: w}}\n  - {record: r, expr: 2}\n- name: b\n  labels: {z: w}\n  rules:\n  - {record: r, expr: 3, labels: {x: y}}\n',
    );
    expect(duplicateRules(groups).map(({ name, labels }) => [name, [...labels]])).toEqual([
      [
        'r',
        [
          ['z', 'w'],
          ['x', 'y'],
        ],
      ],
    ]);
  });
});

describe('problems', () => {
  test.each([
    ['no group name', 'groups:\n- rules: []\n', '2:3 2:3: Groupname must not be empty'],
    [
      'an expression that does not parse',
      rule('record: r\nexpr: sum('),
      '5:11 5:11: group "g", rule 1, "r": could not parse expression: 1:5: parse error: ',
    ],
    ['no expression', rule('alert: a'), `4:5 group "g", rule 1, "a": field 'expr' must be set in rule`],
    [
      'both kinds at once',
      rule('record: r\nalert: a\nexpr: 1'),
      `4:13 4:13: 5:12: group "g", rule 1, "a": only one of 'record' and 'alert' must be set`,
    ],
    ['no kind', rule('expr: 1'), `4:5 group "g", rule 1, "": one of 'record' or 'alert' must be set`],
    [
      'a recording rule that fires',
      rule('record: r\nexpr: 1\nkeep_firing_for: 1m'),
      `4:13 4:13: group "g", rule 1, "r": invalid field 'keep_firing_for' in recording rule`,
    ],
    [
      'a bad label',
      rule('alert: a\nexpr: 1\nlabels: {__name__: x}'),
      '4:5 group "g", rule 1, "a": invalid label name: __name__',
    ],
    ['an unknown key', rule('alert: a\nexpr: 1\nfro: 1m'), '6:5 field fro not found in type rulefmt.Rule'],
    ['a bad duration', rule('alert: a\nexpr: 1\nfor: soon'), '6:10 not a valid duration string: "soon"'],
  ])('%s', (_, text, expected) => {
    const [problem] = problems(text);
    expect(problem.slice(0, expected.length)).toBe(expected);
  });

  test('names are checked by the scheme in force', () => {
    const text = rule('alert: a\nexpr: 1\nlabels: {a.b: x}\nannotations: {c-d: y}');
    expect(problems(text)).toEqual([]);
    expect(problems(text, { validation: 'legacy' })).toHaveLength(2);
  });

  test('templates of alerts are checked where somebody can', () => {
    const text = rule('alert: a\nexpr: 1\nannotations: {s: "{{"}');
    expect(problems(text, { templateProblem: (template) => (template === '{{' ? 'unclosed action' : null) })).toEqual([
      '4:5 group "g", rule 1, "a": annotation "s": unclosed action',
    ]);
  });

  test('unknown keys are passed over when asked to', () => {
    expect(read(rule('alert: a\nexpr: 1\nowner: x'), { ignoreUnknownFields: true })).toHaveLength(1);
  });
});
