/** Where the units of a number that tells a time part: each holds for times from 1973 to 5138. */
const UNITS: readonly (readonly [below: number, perMilli: number])[] = [
  [1e11, 1e-3],
  [1e14, 1],
  [1e17, 1e3],
  [Infinity, 1e6],
];

/** Milliseconds of a Unix time in seconds, ms, µs or ns: which of them, its size tells. NaN for what is no time. */
export function unixMillis(time: number): number {
  if (!Number.isFinite(time)) return NaN;
  const size = Math.abs(time);
  const [, perMilli] = UNITS.find(([below]) => size < below) ?? UNITS[0];
  return Math.round(time / perMilli);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** Milliseconds of a time as JSON writes it: a Unix time in any unit, or ISO 8601 (UTC where it names no zone). NaN for what is no time. */
export function parseTime(value: unknown): number {
  if (typeof value === 'number') return unixMillis(value);
  if (typeof value !== 'string') return NaN;
  const text = value.trim();
  if (NUMBER.test(text)) return unixMillis(Number(text));
  const iso = ISO.exec(text);
  if (iso === null) return NaN;
  const plain = text.replace(',', '.').replace(/(\d) (?=\d)/, '$1T');
  return Date.parse(iso[1] === undefined && plain.length > 10 ? `${plain}Z` : plain.replace(/\s+/g, ''));
}
