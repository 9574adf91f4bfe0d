import { expect, test } from 'vitest';
import { conformancePath } from '../../conformance/material.ts';
import { runRelabel } from '../../conformance/relabel.ts';

const path = conformancePath('relabel.json');

test.skipIf(path === null)('every relabelling case of the reference gives what it should', () => {
  const outcomes = runRelabel(path as string);
  expect(outcomes.length).toBeGreaterThan(0);
  expect(outcomes.filter(({ failure }) => failure !== null)).toEqual([]);
});
