import { expect, test } from 'vitest';
import { loadPrometheusConfig, type PrometheusConfig } from '#main/config/index.ts';
import { sectionsWithoutEffect } from '../../../src/main/core/without-effect.ts';

function load(text: string): PrometheusConfig {
  const result = loadPrometheusConfig(text, {
    file: '/etc/hearth/prometheus.yml',
    readFile: () => {
      throw new Error('no files here');
    },
    glob: () => [],
    env: {},
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

test('sections that nothing acts on are named, each once', () => {
  const told = sectionsWithoutEffect(
    load(`
rule_files: [a.yml]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['localhost:9093'] }]
remote_write: [{ url: 'http://localhost/write' }]
remote_read: [{ url: 'http://localhost/read' }]
tracing: { endpoint: 'localhost:4317' }
`),
  );
  expect(told.map((sentence) => /: (\w+):/.exec(sentence)?.[1])).toEqual([
    'rule_files',
    'alerting',
    'remote_write',
    'remote_read',
    'tracing',
  ]);
});

test('a configuration of targets alone warns of nothing', () => {
  expect(
    sectionsWithoutEffect(load("scrape_configs: [{ job_name: a, static_configs: [{ targets: ['localhost:1'] }] }]")),
  ).toEqual([]);
});
