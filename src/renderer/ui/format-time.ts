import type { Millis } from '#shared/model/index.ts';

export type TimeZoneChoice = 'local' | 'utc';

const formats = new Map<string, Intl.DateTimeFormat>();

export type TimeStyle = 'clock' | 'clock-seconds' | 'date' | 'date-time';

const STYLES: Readonly<Record<TimeStyle, Intl.DateTimeFormatOptions>> = {
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  'clock-seconds': { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  date: { month: 'short', day: 'numeric' },
  'date-time': { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' },
};

/** A time in the person's zone: `20:34`, `20:34:10`, `22 Nov`, or both. */
export function formatTime(time: Millis, style: TimeStyle, locale: string, zone: TimeZoneChoice): string {
  const key = `${locale} ${zone} ${style}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { ...STYLES[style], timeZone: zone === 'utc' ? 'UTC' : undefined });
    formats.set(key, format);
  }
  return format.format(time);
}

const AGE_UNITS: readonly (readonly [unit: 'd' | 'h' | 'm' | 's', millis: Millis])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** Ages stand in so many places that they follow the language of the page instead of being told it. */
function ageUnit(value: number, unit: (typeof AGE_UNITS)[number][0]): string {
  const language = document.documentElement.lang;
  if (language === '' || language.startsWith('en')) return `${value} ${unit}`;
  const key = `${language} ${unit}`;
  let format = ageFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, { style: 'unit', unit: UNIT_NAMES[unit], unitDisplay: 'short' });
    ageFormats.set(key, format);
  }
  return format.format(value);
}

const UNIT_NAMES = { d: 'day', h: 'hour', m: 'minute', s: 'second' } as const;
const ageFormats = new Map<string, Intl.NumberFormat>();

/** An age in its two largest units, or one: `1.6 s`, `42 s`, `6 m 10 s`, `18 m`, `3 d 4 h`. */
export function formatAge(millis: Millis, parts: 1 | 2 = 2): string {
  const age = Math.max(0, millis);
  if (age < 10_000) return ageUnit(age % 1000 === 0 ? age / 1000 : Math.floor(age / 100) / 10, 's');
  const first = AGE_UNITS.findIndex(([, size]) => age >= size);
  const [unit, size] = AGE_UNITS[first];
  const whole = ageUnit(Math.floor(age / size), unit);
  if (parts === 1 || first === AGE_UNITS.length - 1) return whole;
  const [nextUnit, nextSize] = AGE_UNITS[first + 1];
  const rest = Math.floor((age % size) / nextSize);
  return rest === 0 ? whole : `${whole} ${ageUnit(rest, nextUnit)}`;
}
