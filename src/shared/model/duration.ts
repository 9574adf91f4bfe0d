import type { Millis } from './brand.ts';

const UNITS: readonly (readonly [unit: string, millis: Millis])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Largest duration Prometheus accepts (int64 nanoseconds), in milliseconds. */
const MAX_MILLIS = 9_223_372_036_854;

/**
 * Reads a Prometheus duration (`1h30m`, `500ms`, `0`): whole numbers, units in falling order, each at most once.
 * @returns milliseconds, or null when the text is no duration or is out of range
 */
export function parseDuration(text: string): Millis | null {
  if (text === '0') return 0;
  if (text === '') return null;
  const match = DURATION.exec(text);
  if (match === null) return null;
  let millis = 0;
  for (const [i, [, unitMillis]] of UNITS.entries()) millis += Number(match[i + 1] ?? 0) * unitMillis;
  return millis <= MAX_MILLIS ? millis : null;
}

/** Writes a duration as Prometheus does: `1h30m`, `1m30s` for 90 s, `1d1h` for 25 h, `90d` for 90 days, `0s`. */
export function formatDuration(millis: Millis): string {
  if (millis === 0) return '0s';
  let rest = millis;
  let out = '';
  for (const [unit, unitMillis] of UNITS) {
    // Years and weeks are only used where they come out even: 90d reads better than 12w6d.
    const exact = unit === 'y' || unit === 'w';
    if (exact && rest % unitMillis !== 0) continue;
    const n = Math.floor(rest / unitMillis);
    if (n === 0) continue;
    out += `${n}${unit}`;
    rest -= n * unitMillis;
  }
  return out;
}
