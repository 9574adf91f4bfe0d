import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createTestEngine, runScript } from './promqltest/run-script.ts';

/** `npm run promqltest -- PATH...`: runs scripts (files, or all `.test` files of folders) against the engine. */
const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error('usage: npm run promqltest -- PATH...');
  process.exit(2);
}

const files = paths.flatMap((path) =>
  statSync(path).isDirectory()
    ? globSync('**/*.test', { cwd: path })
        .sort()
        .map((file) => join(path, file))
    : [path],
);

const engine = createTestEngine();
let passed = 0;
let failed = 0;
for (const file of files) {
  for (const { line, expr, failure } of await runScript(readFileSync(file, 'utf8'), engine)) {
    if (failure === null) passed++;
    else {
      failed++;
      console.log(`${file}:${line}: ${expr}\n  ${failure}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
