/**
 * `npm run bench [NAME...]`: runs the benchmarks of this folder one after the other, each in a process of its own, and
 * writes what they print to bench/results/. Figures of one run belong together; see docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

const BENCHMARKS: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: 'import', args: [] },
  { name: 'heat', args: [] },
  { name: 'promql-engine', args: [] },
  { name: 'promql-growth', args: [] },
  { name: 'scrape-cost', args: [] },
  { name: 'query-http', args: [] },
  { name: 'query-contention', args: [] },
  { name: 'store', args: ['recorded', 'synthetic'] },
  { name: 'store-recover', args: ['120'] },
  { name: 'store-read', args: [] },
  { name: 'store-compact', args: [] },
  { name: 'million-series', args: ['1000', '200000'] },
  { name: 'ui/live', args: [] },
  { name: 'ui/explore', args: [] },
];

const wanted = process.argv.slice(2);
const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
const report: { name: string; seconds: number; output: string }[] = [];
for (const { name, args } of BENCHMARKS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const started = performance.now();
  const run = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...args], { encoding: 'utf8' });
  process.stdout.write(run.stdout);
  process.stderr.write(run.stderr);
  if (run.status !== 0) process.exitCode = 1;
  report.push({ name, seconds: (performance.now() - started) / 1000, output: run.stdout });
}
const file = join(results, 'bench.json');
writeFileSync(
  file,
  `${JSON.stringify({ node: process.version, cpus: cpus().length, load: loadavg(), report }, null, 2)}\n`,
);
console.log(`\nwritten to ${file}`);
