import { expect, test } from 'vitest';
import { runConfig } from '../../conformance/config.ts';
import { conformancePath } from '../../conformance/material.ts';

const folder = conformancePath('config');

test.skipIf(folder === null)('configuration files are accepted and refused as Prometheus does', () => {
  const outcomes = runConfig(folder as string);
  expect(outcomes.filter((outcome) => outcome.failure !== null)).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(100);
});
