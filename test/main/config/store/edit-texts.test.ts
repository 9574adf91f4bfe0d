import { describe, expect, test } from 'vitest';
import type { ConfigEdit } from '#shared/contract/index.ts';
import { loadPrometheusConfig } from '#main/config/index.ts';
import { applyEdits, type EditResult } from '../../../../src/main/config/store/edit-texts.ts';

const drop = (jobName: string, regex: string): ConfigEdit => ({ type: 'drop-metrics', jobName, regex });

function edit(config: string, ...edits: readonly ConfigEdit[]): EditResult {
  return applyEdits({ config, hearth: '' }, edits, () => {
    throw new Error('no secret is involved');
  });
}

function edited(config: string, ...edits: readonly ConfigEdit[]): string {
  const result = edit(config, ...edits);
  if (!result.ok) throw new Error(result.problem.message);
  return result.texts.config;
}

/** Rules on metrics of each job, as the whole file is read. */
function rulesOf(text: string): Record<string, readonly string[]> {
  const result = loadPrometheusConfig(text, { file: '/x', readFile: () => '', glob: () => [], env: {} });
  if (!result.ok) throw new Error(`${result.problems[0].message}\n${text}`);
  return Object.fromEntries(
    result.config.scrapeConfigs.map(({ jobName, metricRelabelConfigs }) => [
      jobName,
      metricRelabelConfigs.map((rule) => `${rule.action} ${rule.sourceLabels.join()} ${rule.regex.pattern}`),
    ]),
  );
}

const FILE = `# ours
scrape_configs:
  - job_name: shop   # sells
    static_configs:
      - targets: ['localhost:1'] # here
  - job_name: node
    metric_relabel_configs:
      # too wide
      - source_labels: [path]
        regex: /x.*
        action: drop   # for now
    static_configs: [{targets: ['localhost:2']}]
  - {job_name: small, static_configs: [{targets: ['localhost:3']}]}
# end
`;

describe('a rule that drops metrics', () => {
  test('is added to a job that has none, and every line of before stays', () => {
    const after = edited(FILE, drop('shop', 'flag|other'));
    expect(rulesOf(after)).toEqual({
      shop: ['drop __name__ flag|other'],
      node: ['drop path /x.*'],
      small: [],
    });
    let at = 0;
    for (const line of after.split('\n')) if (line === FILE.split('\n')[at]) at++;
    expect(at).toBe(FILE.split('\n').length);
  });

  test('comes after the rules that are there, whose comments stay', () => {
    const after = edited(FILE, drop('node', 'a'), drop('node', 'b'));
    expect(rulesOf(after)['node']).toEqual(['drop path /x.*', 'drop __name__ a', 'drop __name__ b']);
    expect(after).toContain('      # too wide\n');
    expect(after).toContain('action: drop   # for now');
  });

  test('is added to a job in flow style', () => {
    expect(rulesOf(edited(FILE, drop('small', 'a')))['small']).toEqual(['drop __name__ a']);
  });

  test('keeps names that YAML would read as something else, and escaped characters', () => {
    for (const regex of ['yes', 'null', '1e3', 'a:b', String.raw`job:x\.y`, '# no', "it's", '[a]', '{b}', '&c'])
      expect(rulesOf(edited(FILE, drop('shop', regex)))['shop']).toEqual([`drop __name__ ${regex}`]);
  });

  test('is refused, with the name, where there is no such job', () => {
    expect(edit(FILE, drop('gone', 'a'))).toEqual({
      ok: false,
      problem: { message: 'there is no job "gone" in the file', line: 1, column: 1 },
    });
  });
});
