import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { conformancePath } from './material.ts';
import { createTestEngine, runScript } from './promqltest/run-script.ts';

const engine = createTestEngine();

/** Why each eval of a script fails; null where it passes. */
async function run(...lines: string[]): Promise<(string | null)[]> {
  const outcomes = await runScript(lines.join('\n'), engine);
  return outcomes.map(({ failure }) => failure);
}

const LOAD = ['load 1m', '  m{a="x"} 1 2 3', '  m{a="y"} 10+10x2', ''];

describe('a script is refused', () => {
  test('for a wrong value, series or count of series', async () => {
    const [value, absent, more, right] = await run(
      ...LOAD,
      'eval instant at 2m m',
      '  m{a="x"} 3',
      '  m{a="y"} 31',
      '',
      'eval instant at 2m m',
      '  m{a="x"} 3',
      '',
      'eval instant at 2m m',
      '  m{a="x"} 3',
      '  m{a="y"} 30',
      '  m{a="z"} 30',
      '',
      'eval instant at 2m m',
      '  m{a="y"} 30',
      '  m{a="x"} 3',
    );
    expect(value).toBe('expected 31 for m{a="y"}, got 30');
    expect(absent).toBe('unexpected m{a="y"} 30');
    expect(more).toBe('expected m{a="z"}, which is missing');
    expect(right).toBeNull();
  });

  test('for a wrong scalar, string or order', async () => {
    const [scalar, vector, text, order] = await run(
      ...LOAD,
      'eval instant at 1m 1 + 1',
      '  3',
      'eval instant at 1m m{a="x"}',
      '  2',
      'eval instant at 1m "a"',
      '  expect string "b"',
      '',
      'eval_ordered instant at 1m sort_desc(m)',
      '  m{a="x"} 2',
      '  m{a="y"} 20',
    );
    expect(scalar).toBe('expected 3, got 2');
    expect(vector).toBe('a scalar is expected, not a vector');
    expect(text).toBe('expected "b", got "a"');
    expect(order).toContain('at place');
  });

  test('for a wrong point of a range, and one too many', async () => {
    const [wrong, gap, long] = await run(
      ...LOAD,
      'eval range from 0 to 2m step 1m m{a="x"}',
      '  m{a="x"} 1 2 4',
      '',
      'eval range from 0 to 2m step 1m m{a="x"}',
      '  m{a="x"} 1 _ 3',
      '',
      'eval range from 0 to 2m step 1m m{a="x"}',
      '  m{a="x"} 1 2 3 _',
    );
    expect(wrong).toContain('expected 4 at 120 s, got 3');
    expect(gap).toContain('expected nothing at 60 s, got 2');
    expect(long).toContain('more values are expected');
  });

  test('for annotations that are missing, wrong or unwanted', async () => {
    const failures = await run(
      ...LOAD,
      'eval instant at 2m sum(m)',
      '  expect warn',
      '  {} 33',
      '',
      'eval instant at 2m quantile(2, m)',
      '  expect warn msg: something else',
      '  {} Inf',
      '',
      'eval instant at 2m quantile(2, m)',
      '  expect no_warn',
      '  {} Inf',
      '',
      'eval instant at 2m quantile(2, m)',
      '  expect warn regex: between 0 and 1, got 2',
      '  {} Inf',
    );
    expect(failures[0]).toBe('expected a warning');
    expect(failures[1]).toContain('no warning is "something else"');
    expect(failures[2]).toContain('unexpected warning');
    expect(failures[3]).toBeNull();
  });

  test('for a failure that does not come or comes with other words', async () => {
    const [none, other, right] = await run(
      ...LOAD,
      'eval instant at 2m m',
      '  expect fail',
      '',
      'eval instant at 2m m + on() m',
      '  expect fail msg: something else',
      '',
      'eval_fail instant at 2m m + on() m',
      '  expected_fail_regexp found duplicate series',
    );
    expect(none).toBe('should fail, but does not');
    expect(other).toContain('not with "something else"');
    expect(right).toBeNull();
  });

  test('for histograms that differ, hints only where they are written', async () => {
    const load = ['load 1m', '  h {{schema:0 count:3 sum:4 buckets:[1 2]}}x2', ''];
    const [same, buckets, hint] = await run(
      ...load,
      'eval instant at 1m h',
      '  h {{schema:0 count:3 sum:4 buckets:[1 2 0]}}',
      '',
      'eval instant at 1m h',
      '  h {{schema:0 count:3 sum:4 buckets:[2 1]}}',
      '',
      'eval instant at 1m h',
      '  h {{schema:0 count:3 sum:4 buckets:[1 2] counter_reset_hint:reset}}',
    );
    expect(same).toBeNull();
    expect(buckets).toContain('expected {');
    expect(hint).toContain('expected {');
  });

  test('for samples that the store does not take, and lines that are no script', async () => {
    expect(await run('load 1m', '  m 1 2', '', 'load 30s', '  m 3 4', '', 'eval instant at 1m m', '  m 2')).toEqual([
      expect.stringContaining('line 4 does not load'),
    ]);
    expect(await run('nonsense', '', 'eval instant at 1m 1', '  1')).toEqual([
      expect.stringContaining('unknown statement'),
    ]);
  });
});

test('start timestamps and classic histograms are loaded as the notation says', async () => {
  expect(
    await run(
      'load 1m',
      '  c@st _ -30s -1mx1 _',
      '  c    1 5 6 7 8',
      '',
      'eval instant at 3m start_timestamp(c)',
      '  {} 120',
      '',
      'load_with_nhcb 1m',
      '  t_bucket{le="1"} 1',
      '  t_bucket{le="+Inf"} 3',
      '  t_count 3',
      '  t_sum 7',
      '',
      'eval instant at 0 t',
      '  t {{schema:-53 count:3 sum:7 custom_values:[1] buckets:[1 2]}}',
    ),
  ).toEqual([null, null]);
});

test('acceptance: every script passes', { timeout: 120_000 }, async ({ skip }) => {
  const folder = conformancePath('promql');
  if (folder === null) return skip();
  const failures: string[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.test')))
    for (const { line, expr, failure } of await runScript(readFileSync(join(folder, file), 'utf8'), engine))
      if (failure !== null) failures.push(`${file}:${line}: ${expr}: ${failure}`);
  expect(failures).toEqual([]);
});
