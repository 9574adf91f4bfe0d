import { formatLoadError, loadPrometheusConfig, readRuleFile } from '#main/config/index.ts';
import { ALL_PARSER_OPTIONS } from '#shared/promql/index.ts';
import { FAILED, OK, USAGE, type CommandIo } from './io.ts';

function read(io: CommandIo, path: string): string | null {
  try {
    return io.readFile(path);
  } catch (error) {
    io.err(`  FAILED: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

function checkRuleFile(io: CommandIo, path: string): boolean {
  io.out(`Checking ${path}`);
  const text = read(io, path);
  if (text === null) return false;
  const result = readRuleFile(text, { validation: 'utf8', parser: ALL_PARSER_OPTIONS });
  if (!result.ok) {
    io.err('  FAILED:');
    for (const problem of result.problems) io.err(`${path}:${problem.line}:${problem.column}: ${problem.message}`);
    return false;
  }
  for (const warning of result.warnings) io.err(`  WARNING: ${warning}`);
  const rules = result.groups.reduce((sum, group) => sum + group.rules.length, 0);
  io.out(`  SUCCESS: ${rules} rules found`);
  return true;
}

/** `check rules FILE...` */
export function checkRules(io: CommandIo, files: readonly string[]): number {
  if (files.length === 0) {
    io.err('hearth check rules: name at least one rule file');
    return USAGE;
  }
  return files.map((file) => checkRuleFile(io, file)).every(Boolean) ? OK : FAILED;
}

function checkConfigFile(io: CommandIo, path: string): boolean {
  io.out(`Checking ${path}`);
  const text = read(io, path);
  if (text === null) return false;
  const options = {
    file: path,
    readFile: (file: string) => io.readFile(file),
    glob: (pattern: string) => io.glob(pattern),
    env: io.env,
  };
  const result = loadPrometheusConfig(text, options);
  if (!result.ok) {
    io.err(`  FAILED: ${formatLoadError(path, result.problems)}`);
    for (const problem of result.problems) io.err(`    ${path}:${problem.line}:${problem.column}: ${problem.message}`);
    return false;
  }
  for (const warning of result.warnings) io.err(`  WARNING: ${warning}`);
  const rules = result.config.ruleFiles.flatMap((pattern) => io.glob(pattern));
  if (rules.length > 0) io.out(`  SUCCESS: ${rules.length} rule files found`);
  io.out(` SUCCESS: ${path} is valid prometheus config file syntax`);
  return rules.map((file) => checkRuleFile(io, file)).every(Boolean);
}

/** `check config FILE...`: the files, and the rule files they name. */
export function checkConfig(io: CommandIo, files: readonly string[]): number {
  if (files.length === 0) {
    io.err('hearth check config: name at least one configuration file');
    return USAGE;
  }
  return files.map((file) => checkConfigFile(io, file)).every(Boolean) ? OK : FAILED;
}
