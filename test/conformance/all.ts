/**
 * `npm run conformance:all`: every kind of conformance material that is beside the project, against what has to pass.
 * A kind that is not whole yet has the number that passes today: fewer is a failure, and more asks for the number to be
 * raised, so that it only ever grows.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const material = resolve(import.meta.dirname, '../../../shared/conformance');

interface Entry {
  readonly name: string;
  readonly command: readonly [script: string, ...args: string[]];
  /** `'all'`, or how many pass while the rest waits for what is not built. */
  readonly passes: 'all' | number;
}

const ENTRIES: readonly Entry[] = [
  { name: 'promqltest', command: ['promqltest-cli.ts', join(material, 'promql')], passes: 'all' },
  ...['promql-parse', 'promql-print', 'promql-series', 'relabel'].map((kind): Entry => ({
    name: kind,
    command: ['conformance-cli.ts', kind, join(material, `${kind}.json`)],
    passes: 'all',
  })),
  { name: 'config', command: ['conformance-cli.ts', 'config', join(material, 'config')], passes: 'all' },
  // The file checks; `test rules` comes with rule evaluation.
  { name: 'rules', command: ['conformance-cli.ts', 'rules', join(material, 'rules')], passes: 20 },
];

if (!existsSync(material)) {
  console.warn(`skipped: no conformance material at ${material}`);
} else {
  for (const { name, command, passes } of ENTRIES) {
    const [script, ...args] = command;
    const run = spawnSync(process.execPath, [join(import.meta.dirname, script), ...args], { encoding: 'utf8' });
    const closing = /^(\d+) passed, (\d+) failed$/m.exec(run.stdout);
    const passed = Number(closing?.[1] ?? 0);
    const failed = Number(closing?.[2] ?? NaN);
    const good = passes === 'all' ? failed === 0 && passed > 0 : passed === passes;
    console.log(`${good ? 'ok  ' : 'FAIL'} ${name}: ${passed} passed, ${failed} failed`);
    if (good) continue;
    process.exitCode = 1;
    console.log(run.stdout, run.stderr);
  }
}
