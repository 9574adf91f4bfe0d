import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { formatLoadError, loadPrometheusConfig } from '#main/config/index.ts';
import { runCase, type CaseOutcome } from './outcome.ts';

interface ConfigCase {
  readonly file: string;
  readonly mode?: string;
  readonly valid: boolean;
  readonly errorSubstring?: string;
}

/** Loads every file that `expectations.json` in the folder names and compares whether it is accepted, and with what error. */
export function runConfig(path: string): readonly CaseOutcome[] {
  const folder = path.endsWith('.json') ? dirname(path) : path;
  const { cases } = JSON.parse(readFileSync(join(folder, 'expectations.json'), 'utf8')) as {
    cases: readonly ConfigCase[];
  };
  return cases.map((expected) => runCase(expected.file, () => compare(folder, expected)));
}

function compare(folder: string, { file, mode, valid, errorSubstring }: ConfigCase): string | null {
  const path = join(folder, file);
  if (!existsSync(path)) return 'the file is missing';
  const result = loadPrometheusConfig(readFileSync(path, 'utf8'), {
    file: path,
    readFile: (name) => readFileSync(name, 'utf8'),
    glob: (pattern) => globSync(pattern).sort(),
    env: process.env,
    agent: mode === 'agent mode',
  });
  if (result.ok) return valid ? null : `accepted, should be refused with ${JSON.stringify(errorSubstring)}`;
  // The expectations name files as the reference's own tests saw them.
  const text = formatLoadError(`testdata/${basename(file)}`, result.problems);
  if (valid) return `refused: ${text}`;
  if (errorSubstring !== undefined && !text.includes(errorSubstring))
    return `refused with ${JSON.stringify(text)}, should say ${JSON.stringify(errorSubstring)}`;
  return null;
}
