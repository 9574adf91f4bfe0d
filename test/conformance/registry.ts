import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { failed, type CaseOutcome, type Runner } from './outcome.ts';

/**
 * Which module of this folder runs each kind of material, and the function it exports for that. A kind whose module
 * is not there yet counts every case as failed.
 */
const RUNNERS: Readonly<Record<string, { readonly module: string; readonly name: string }>> = {
  'promql-parse': { module: 'promql-parse.ts', name: 'promqlParse' },
  'promql-print': { module: 'promql-print.ts', name: 'promqlPrint' },
  'promql-series': { module: 'promql-series.ts', name: 'promqlSeries' },
  relabel: { module: 'relabel.ts', name: 'runRelabel' },
  config: { module: 'config.ts', name: 'runConfig' },
  rules: { module: 'rules.ts', name: 'runRules' },
  nab: { module: 'nab.ts', name: 'runNab' },
  openapi: { module: 'openapi.ts', name: 'runOpenApi' },
};

export const KINDS: readonly string[] = Object.keys(RUNNERS);

/** Runs a kind of material; the arguments are what stands after the kind on the command line. */
export async function runKind(kind: string, args: readonly string[]): Promise<readonly CaseOutcome[]> {
  const { module, name } = RUNNERS[kind];
  const path = resolve(import.meta.dirname, module);
  if (!existsSync(path)) return unsupported(kind, args[0]);
  const exported = (await import(path)) as Readonly<Record<string, unknown>>;
  const runner = exported[name];
  if (typeof runner !== 'function') throw new Error(`${module} has no function ${name}`);
  return (runner as Runner)(args[0], args.slice(1));
}

/** Every case of a file, or of a folder's expectations, as failed. */
function unsupported(kind: string, path: string): readonly CaseOutcome[] {
  const file = statSync(path).isDirectory() ? join(path, 'expectations.json') : path;
  const count = existsSync(file) ? casesIn(JSON.parse(readFileSync(file, 'utf8'))) : 1;
  return Array.from({ length: count }, (_, i) => failed(`case ${i + 1}`, `${kind} is not supported`));
}

function casesIn(material: unknown): number {
  if (typeof material !== 'object' || material === null) return 1;
  const lists = Object.entries(material).filter(([key]) => key === 'cases' || key === 'validation');
  const count = lists.reduce((sum, [, list]) => sum + (Array.isArray(list) ? list.length : 0), 0);
  return Math.max(1, count);
}
