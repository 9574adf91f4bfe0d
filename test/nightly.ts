import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/*
 * The long forms of the tests that `npm test` holds a share of: a thousand kills and power cuts, long histories against the model, a
 * million malformed pages. Counts that are set already in the environment stay.
 */
const LONG = {
  HEARTH_CRASH_KILLS: '1000',
  HEARTH_MODEL_RUNS: '1000',
  HEARTH_FUZZ_CASES: '1000000',
  HEARTH_QUERY_ROUNDS: '2000',
};
const TESTS = ['test/crash', 'test/fuzz', 'test/main/storage/model.test.ts'];

const root = join(import.meta.dirname, '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const result = spawnSync(process.execPath, [vitest, 'run', '--project', 'node', ...TESTS], {
  cwd: root,
  stdio: 'inherit',
  env: { ...LONG, ...process.env },
});
process.exitCode = result.status ?? 1;
