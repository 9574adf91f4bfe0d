import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRuleFile } from '#main/config/index.ts';
import { ALL_PARSER_OPTIONS, DEFAULT_PARSER_OPTIONS } from '#shared/promql/index.ts';
import { failed, runCase, type CaseOutcome } from './outcome.ts';

interface RulesCase {
  readonly file: string;
  readonly command: string;
  readonly exit: number;
  readonly errorSubstring?: string;
}

/** Checks every rule file that `expectations.json` in the folder names, and compares whether it is accepted, and with what error. */
export function runRules(path: string): readonly CaseOutcome[] {
  const folder = path.endsWith('.json') ? dirname(path) : path;
  const { cases } = JSON.parse(readFileSync(join(folder, 'expectations.json'), 'utf8')) as {
    cases: readonly RulesCase[];
  };
  return cases.map((expected) => {
    const name = `${expected.command}: ${expected.file}`;
    if (!expected.command.startsWith('check rules')) return failed(name, 'unit tests of rules are not supported yet');
    return runCase(name, () => check(folder, expected));
  });
}

function check(folder: string, { file, command, exit, errorSubstring }: RulesCase): string | null {
  const path = join(folder, file);
  if (!existsSync(path)) return 'the file is missing';
  const result = readRuleFile(readFileSync(path, 'utf8'), {
    validation: command.includes('legacy') ? 'legacy' : 'utf8',
    parser: command.includes('experimental') ? ALL_PARSER_OPTIONS : DEFAULT_PARSER_OPTIONS,
    ignoreUnknownFields: command.includes('--ignore-unknown-fields'),
  });
  if (result.ok) return exit === 0 ? null : `accepted, should be refused with ${JSON.stringify(errorSubstring)}`;
  const text = result.problems.map((problem) => problem.message).join('\n');
  if (exit === 0) return `refused: ${text}`;
  if (errorSubstring !== undefined && !text.includes(errorSubstring))
    return `refused with ${JSON.stringify(text)}, should say ${JSON.stringify(errorSubstring)}`;
  return null;
}
