import type { TargetView } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';

/** Host and port of a target, or the whole URL when it cannot be taken apart. */
export function addressOf(target: Pick<TargetView, 'url'>): string {
  try {
    return new URL(target.url).host;
  } catch {
    return target.url;
  }
}

/** Whether the last scrape is older than two intervals: values on screen are not of now. */
export function isStale(target: TargetView, now: Millis): boolean {
  return (
    target.health === 'up' &&
    target.lastScrape !== null &&
    now - target.lastScrape > 2 * target.interval * target.stretch + 1000
  );
}

/** How many of the last scrapes failed in a row. */
export function failedInARow(pulse: Float32Array): number {
  let count = 0;
  for (let i = pulse.length - 1; i >= 0 && pulse[i] < 0; i--) count++;
  return count;
}
