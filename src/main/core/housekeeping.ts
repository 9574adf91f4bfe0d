import type { Millis } from '#shared/model/index.ts';
import type { Storage } from '#main/storage/index.ts';
import type { Log } from '#main/telemetry/index.ts';
import { breathe, schedule } from './timers.ts';

/** From start to start; a little less than the second that may be missing after a crash, for a commit takes time too. */
const COMMIT_EVERY: Millis = 900;
/** As often it is looked whether that much waits that a commit costs little beside it: less is missing then. */
const LOOK_EVERY: Millis = 300;
const MUCH = 64 << 10;
/** Seconds: a disk that takes longer is asked no more often than it must be. */
const QUICK = 0.02;
/** Rarely: what several blocks wrote together shares the pages that list them. */
const HOUSEKEEP_EVERY: Millis = 10_000;
/** After so long without a query what was read for queries is forgotten. */
const CACHE_IDLE: Millis = 60_000;

/** Commits what was appended each second, and does the store's upkeep in small steps. @returns stops both */
export function startHousekeeping(storage: Storage, log: Log): () => Promise<void> {
  const state = { stopped: false };
  let failing = false;
  let committing = false;
  let told: string | null = null;
  let cancelCommit = (): void => {};
  let cancelUpkeep = (): void => {};
  let cancelCache = (): void => {};
  let upkeep: Promise<void> = Promise.resolve();

  let looks = 0;
  const commit = async (): Promise<void> => {
    cancelCommit = schedule(LOOK_EVERY, () => void commit());
    // A slow disk makes commits rarer and larger, not more of them.
    if (committing) return;
    const waiting = storage.waiting();
    if (++looks < COMMIT_EVERY / LOOK_EVERY && (waiting.bytes < MUCH || waiting.lastCommitSeconds > QUICK)) return;
    looks = 0;
    committing = true;
    try {
      await storage.commit();
      if (failing) log.info('samples are written again');
      failing = false;
    } catch (error) {
      // Said once: the samples stay in memory and the next commit tries again.
      if (!failing) log.error('samples cannot be written', { error: String(error) });
      failing = true;
    }
    committing = false;
  };

  const keep = async (): Promise<void> => {
    try {
      while (!state.stopped && (await storage.housekeep())) await breathe();
      const { damage } = storage.health();
      if (damage !== null && damage !== told) log.error('the store is damaged', { error: damage });
      told = damage;
    } catch (error) {
      log.error('upkeep of the store failed', { error: String(error) });
    }
    if (!state.stopped) cancelUpkeep = schedule(HOUSEKEEP_EVERY, next);
  };
  const next = (): void => {
    upkeep = keep();
  };

  const dropCache = (): void => {
    storage.dropUnusedCache();
    cancelCache = schedule(CACHE_IDLE, dropCache);
  };

  cancelCommit = schedule(LOOK_EVERY, () => void commit());
  cancelCache = schedule(CACHE_IDLE, dropCache);
  cancelUpkeep = schedule(HOUSEKEEP_EVERY, next);
  return async () => {
    state.stopped = true;
    cancelCommit();
    cancelUpkeep();
    cancelCache();
    await upkeep;
  };
}
