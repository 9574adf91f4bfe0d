import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startHousekeeping } from '#main/core/housekeeping.ts';
import { openMemoryStorage, type Storage } from '#main/storage/index.ts';
import { createLog } from '#main/telemetry/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How often is committed in nine seconds, by what waits and how long commits take. */
async function commits(bytes: number, lastCommitSeconds: number): Promise<number> {
  let count = 0;
  const storage: Storage = Object.assign(openMemoryStorage(), {
    waiting: () => ({ bytes, lastCommitSeconds }),
    commit: () => {
      count++;
      return Promise.resolve();
    },
  });
  const log = createLog({ level: 'error', format: 'logfmt', now: () => 0, write: () => undefined });
  const stop = startHousekeeping(storage, log);
  await vi.advanceTimersByTimeAsync(9050);
  await stop();
  return count;
}

test('what is appended waits at most 0.9 s; where much waits and commits are quick, a third of that', async () => {
  expect(await commits(100, 0.001)).toBe(10);
  expect(await commits(1 << 20, 0.001)).toBe(30);
  expect(await commits(1 << 20, 0.2)).toBe(10);
});
