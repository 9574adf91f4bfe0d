import { expect, test } from 'vitest';
import { storageTrouble } from '#main/core/status-view.ts';

test.each([
  [{ lastError: null, lastErrorKind: null, damage: null }, null],
  [
    { lastError: null, lastErrorKind: null, damage: '2 frames' },
    { kind: 'damaged', message: '2 frames' },
  ],
  [
    { lastError: 'x: the disk is full', lastErrorKind: 'full', damage: null },
    { kind: 'full', message: 'x: the disk is full' },
  ],
  // What keeps the store from writing now is told before what is past.
  [
    { lastError: 'x: locked', lastErrorKind: 'locked', damage: '2 frames' },
    { kind: 'locked', message: 'x: locked' },
  ],
  [
    { lastError: 'x: not writable', lastErrorKind: 'readonly', damage: null },
    { kind: 'readonly', message: 'x: not writable' },
  ],
  [
    { lastError: 'x: damaged', lastErrorKind: 'corrupt', damage: null },
    { kind: 'io', message: 'x: damaged' },
  ],
] as const)('%o', (stats, trouble) => {
  expect(storageTrouble(stats)).toEqual(trouble);
});
