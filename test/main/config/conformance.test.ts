import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runConfigConformance } from '../../conformance/config.ts';

const folder = resolve(import.meta.dirname, '../../../../shared/conformance/config');

test('configuration files are accepted and refused as Prometheus does', async (context) => {
  if (!existsSync(folder)) {
    console.warn(`skipped: configuration conformance, ${folder} is missing`);
    context.skip();
  }
  const { passed, failures } = await runConfigConformance(folder);
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(100);
});
