import { readFileSync } from 'node:fs';
import { loadPrometheusConfig, type LoadResult } from '#main/config/index.ts';
import { relabel } from '#main/scrape/index.ts';
import { labelsFromRecord, labelsToRecord } from '#shared/model/index.ts';
import { runCase, type CaseOutcome } from './outcome.ts';

type Names = 'utf8' | 'legacy';

interface RelabelCase {
  readonly what: string;
  readonly input: Readonly<Record<string, string>>;
  readonly config: readonly unknown[];
  readonly nameValidation?: Names;
  readonly output?: Readonly<Record<string, string>>;
  readonly dropped?: boolean;
}

interface ValidationCase {
  readonly config: unknown;
  readonly nameValidation?: Names;
  readonly valid: boolean;
  readonly errorSubstring?: string;
}

/** Loads the rules as a configuration file would bring them, and runs them. */
export function runRelabel(path: string): readonly CaseOutcome[] {
  const { cases, validation } = JSON.parse(readFileSync(path, 'utf8')) as {
    cases?: readonly RelabelCase[];
    validation?: readonly ValidationCase[];
  };
  return [
    ...(cases ?? []).map((given) => runCase(given.what, () => compare(given))),
    ...(validation ?? []).map((given) => runCase(JSON.stringify(given.config), () => compareValidation(given))),
  ];
}

function load(rules: readonly unknown[], names: Names): LoadResult {
  const file = {
    global: { metric_name_validation_scheme: names },
    scrape_configs: [{ job_name: 'j', metric_relabel_configs: rules }],
  };
  const nothing = { file: '/prometheus.yml', readFile: () => '', glob: () => [], env: {} };
  return loadPrometheusConfig(JSON.stringify(file), nothing);
}

function compare({ input, config, nameValidation = 'utf8', output, dropped }: RelabelCase): string | null {
  const loaded = load(config, nameValidation);
  if (!loaded.ok) return `refused: ${loaded.problems.map(({ message }) => message).join('; ')}`;
  const rules = loaded.config.scrapeConfigs[0].metricRelabelConfigs;
  const labels = relabel(labelsFromRecord(input), rules, nameValidation);
  const got = labels === null ? null : sorted(labelsToRecord(labels));
  const wanted = dropped === true ? null : sorted(output ?? {});
  return got === wanted ? null : `gave ${got ?? 'dropped'}, should give ${wanted ?? 'dropped'}`;
}

function compareValidation(given: ValidationCase): string | null {
  const { config, nameValidation = 'utf8', valid, errorSubstring = '' } = given;
  const loaded = load([config], nameValidation);
  if (loaded.ok) return valid ? null : `accepted, should be refused with ${JSON.stringify(errorSubstring)}`;
  const text = loaded.problems.map(({ message }) => message).join('; ');
  if (valid) return `refused: ${text}`;
  return text.includes(errorSubstring) ? null : `refused with ${JSON.stringify(text)}, should say ${errorSubstring}`;
}

function sorted(record: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
