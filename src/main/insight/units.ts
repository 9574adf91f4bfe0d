import type { Unit } from '#shared/contract/index.ts';

const BY_SUFFIX: readonly (readonly [suffix: string, unit: Unit])[] = [
  ['bytes', 'bytes'],
  ['timestamp_seconds', 'timestamp'],
  ['time_seconds', 'seconds'],
  ['seconds', 'seconds'],
  ['ratio', 'ratio'],
  ['celsius', 'celsius'],
];

/** A gauge in seconds with values from here on is a point in time (2001 and later), not a duration. */
const TIMESTAMP_FROM = 1_000_000_000;

/** The family's name without the endings that a convention gives it. */
export function baseName(name: string): string {
  return name.replace(/_(?:total|info)$/, '');
}

/** The unit of raw values, by UNIT or the name's ending. */
export function rawUnit(name: string, unit: string, largest: number): Unit {
  const base = baseName(name);
  for (const [suffix, found] of BY_SUFFIX) {
    if (unit !== suffix && !base.endsWith(`_${suffix}`) && base !== suffix) continue;
    return found === 'seconds' && largest >= TIMESTAMP_FROM ? 'timestamp' : found;
  }
  return '';
}

/** The unit of a counter's rate. A rate of seconds is a share of time. */
export function rateUnit(raw: Unit): Unit {
  switch (raw) {
    case 'bytes':
      return 'bytes/s';
    case 'seconds':
      return 'ratio';
    default:
      return 'per-second';
  }
}
