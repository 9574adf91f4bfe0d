import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestEngine, runScript } from './promqltest/run-script.ts';

const folder = join(import.meta.dirname, 'scripts');
const scripts = globSync('*.test', { cwd: folder }).sort();
const engine = createTestEngine();

test('there are scripts', () => {
  expect(scripts.length).toBeGreaterThan(5);
});

test.each(scripts)('%s', async (script) => {
  const outcomes = await runScript(readFileSync(join(folder, script), 'utf8'), engine);
  expect(outcomes.length).toBeGreaterThan(5);
  const failed = outcomes.filter(({ failure }) => failure !== null);
  expect(failed.map(({ line, expr, failure }) => `${script}:${line}: ${expr}: ${failure}`)).toEqual([]);
});
