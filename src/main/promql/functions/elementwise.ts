import { log10, log2, maxOf, minOf } from '../go-math.ts';

/*
 * Functions of single floats. Histograms have no result.
 */

/** Functions of the value alone. */
export const FLOAT_FUNCTIONS: ReadonlyMap<string, (value: number) => number> = new Map([
  ['abs', Math.abs],
  ['acos', Math.acos],
  ['acosh', Math.acosh],
  ['asin', Math.asin],
  ['asinh', Math.asinh],
  ['atan', Math.atan],
  ['atanh', Math.atanh],
  ['ceil', Math.ceil],
  ['cos', Math.cos],
  ['cosh', Math.cosh],
  ['deg', (value: number) => (value * 180) / Math.PI],
  ['exp', Math.exp],
  ['floor', Math.floor],
  ['ln', Math.log],
  ['log10', log10],
  ['log2', log2],
  ['rad', (value: number) => (value * Math.PI) / 180],
  ['sgn', Math.sign],
  ['sin', Math.sin],
  ['sinh', Math.sinh],
  ['sqrt', Math.sqrt],
  ['tan', Math.tan],
  ['tanh', Math.tanh],
]);

/** Keeps the value between bounds as the original does: a NaN stays one unless an infinite bound decides. */
export function clampTo(value: number, min: number, max: number): number {
  return maxOf(min, minOf(max, value));
}

/** Rounds to a multiple, ties up. Multiplying by the inverse loses less than dividing. */
export function roundTo(value: number, nearest: number): number {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

const utc = (seconds: number): Date => new Date(Math.trunc(seconds) * 1000);

const DAY = 86_400_000;

/** Calendar functions of a Unix time in seconds, UTC. */
export const DATE_FUNCTIONS: ReadonlyMap<string, (seconds: number) => number> = new Map([
  [
    'days_in_month',
    (s: number) => new Date(Date.UTC(utc(s).getUTCFullYear(), utc(s).getUTCMonth() + 1, 0)).getUTCDate(),
  ],
  ['day_of_month', (s: number) => utc(s).getUTCDate()],
  ['day_of_week', (s: number) => utc(s).getUTCDay()],
  [
    'day_of_year',
    (s: number) => {
      const date = utc(s);
      const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
      return (midnight - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY + 1;
    },
  ],
  ['hour', (s: number) => utc(s).getUTCHours()],
  ['minute', (s: number) => utc(s).getUTCMinutes()],
  ['month', (s: number) => utc(s).getUTCMonth() + 1],
  ['year', (s: number) => utc(s).getUTCFullYear()],
]);
