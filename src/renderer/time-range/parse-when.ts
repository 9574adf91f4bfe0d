import { parseDuration, type Millis } from '#shared/model/index.ts';
import type { TimeZoneChoice } from '#renderer/ui/index.ts';

const CLOCK = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d\d)(?::(\d\d))?)?$/;
/** Seconds since the epoch from this on: below it a number is more likely a mistake. */
const LEAST_EPOCH_SECONDS = 1e8;

/**
 * A time as a person types it: `14:05` (the last time it was that), `2026-11-25 14:05`, `-2h`, seconds or milliseconds since
 * the epoch, or ISO 8601. Null when it is none.
 */
export function parseWhen(text: string, now: Millis, zone: TimeZoneChoice): Millis | null {
  const typed = text.trim();
  const ago = /^(?:now\s*)?-\s*(\S+)$/.exec(typed);
  if (ago !== null) {
    const by = parseDuration(ago[1]);
    return by === null ? null : now - by;
  }
  if (/^now$/i.test(typed)) return now;
  if (/^\d{9,}(?:\.\d+)?$/.test(typed)) {
    const number = Number(typed);
    if (number < LEAST_EPOCH_SECONDS) return null;
    return Math.round(number >= 1e11 ? number : number * 1000);
  }
  const clock = CLOCK.exec(typed);
  if (clock !== null) {
    const day = partsOf(now, zone);
    const at = timeOf([day[0], day[1], day[2], clock[1], clock[2], clock[3]].map(toNumber), zone);
    if (at === null) return null;
    return at <= now ? at : at - 86_400_000;
  }
  const date = DATE.exec(typed);
  if (date !== null) return timeOf(date.slice(1).map(toNumber), zone);
  const parsed = /^\d{4}-\d\d-\d\dT/.test(typed) ? Date.parse(typed) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

function toNumber(part: string | number | undefined): number {
  return part === undefined ? 0 : Number(part);
}

function partsOf(time: Millis, zone: TimeZoneChoice): readonly [year: number, month: number, day: number] {
  const date = new Date(time);
  return zone === 'utc'
    ? [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
    : [date.getFullYear(), date.getMonth() + 1, date.getDate()];
}

/** Null where there is no such day or hour. */
function timeOf(parts: readonly number[], zone: TimeZoneChoice): Millis | null {
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return zone === 'utc'
    ? Date.UTC(year, month - 1, day, hour, minute, second)
    : new Date(year, month - 1, day, hour, minute, second).getTime();
}
