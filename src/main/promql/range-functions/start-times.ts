import type { Millis } from '#shared/model/index.ts';

/**
 * Whether a sample's start timestamp says that the counter was reset before it: it began after the previous sample,
 * or exactly with it where that one has a start time of its own (then it is a delta).
 */
export function startsAnew(previousStart: Millis, previousTime: Millis, start: Millis, time: Millis): boolean {
  if (start === 0 || start >= time || start < previousTime) return false;
  if (start > previousTime) return true;
  return previousStart !== 0 && previousStart < previousTime;
}

/** Whether a sample claims to have begun within the life of the one before it. */
export function startOverlaps(previousStart: Millis, previousTime: Millis, start: Millis): boolean {
  return start !== 0 && start < previousTime && start !== previousStart;
}
