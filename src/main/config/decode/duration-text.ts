import { parseDuration, quoteGo, type Millis } from '#shared/model/index.ts';

const UNITS: ReadonlySet<string> = new Set(['ms', 's', 'm', 'h', 'd', 'w', 'y']);

/** A Prometheus duration in milliseconds, or why it is none. */
export function readDuration(text: string): Millis | string {
  if (text === '') return 'empty duration string';
  const millis = parseDuration(text);
  if (millis !== null) return millis;
  const parts = [...text.matchAll(/(\d+)(\D+)/gy)];
  const length = parts.reduce((sum, [part]) => sum + part.length, 0);
  // The first part that is wrong decides what is said.
  for (const [, , unit] of parts)
    if (!UNITS.has(unit)) return `unknown unit ${quoteGo(unit)} in duration ${quoteGo(text)}`;
  if (length === text.length && /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/.test(text))
    return 'duration out of range';
  return `not a valid duration string: ${quoteGo(text)}`;
}
