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

/** Days from 0000-03-01 to 1970-01-01 in the Gregorian calendar. */
const EPOCH_DAYS = 719_468;
const DAYS_OF_400_YEARS = 146_097;
const SECONDS_OF_DAY = 86_400;

/** Where the calendar of the original begins, in Unix seconds; earlier times come round to its end. */
const FIRST_SECOND = -9_223_372_028_715_321_600n;

/** Full days since 1970 and seconds of the day. What is no 64-bit number of seconds is the lowest one, as in the original. */
function daysAndSeconds(value: number): readonly [days: number, seconds: number] {
  const whole = Math.trunc(value);
  if (Math.abs(whole) <= Number.MAX_SAFE_INTEGER) {
    const days = Math.floor(whole / SECONDS_OF_DAY);
    return [days, whole - days * SECONDS_OF_DAY];
  }
  let seconds = whole >= -(2 ** 63) && whole < 2 ** 63 ? BigInt(whole) : -(2n ** 63n);
  if (seconds < FIRST_SECOND) seconds += 2n ** 64n;
  const ofDay = ((seconds % 86_400n) + 86_400n) % 86_400n;
  return [Number((seconds - ofDay) / 86_400n), Number(ofDay)];
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Date in the Gregorian calendar; months from 1. */
function civil(seconds: number): { year: number; month: number; day: number } {
  // Years are taken to begin in March, so that a leap day is their last.
  const shifted = daysAndSeconds(seconds)[0] + EPOCH_DAYS;
  const era = Math.floor(shifted / DAYS_OF_400_YEARS);
  const ofEra = shifted - era * DAYS_OF_400_YEARS;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

const MONTH_LENGTHS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const lengthOf = (month: number, year: number): number =>
  MONTH_LENGTHS[month - 1] + Number(month === 2 && isLeap(year));

/** Calendar functions of a Unix time in seconds, UTC. */
export const DATE_FUNCTIONS: ReadonlyMap<string, (seconds: number) => number> = new Map([
  [
    'days_in_month',
    (s: number) => {
      const { year, month } = civil(s);
      return lengthOf(month, year);
    },
  ],
  ['day_of_month', (s: number) => civil(s).day],
  // 1970 began with a Thursday.
  ['day_of_week', (s: number) => (((daysAndSeconds(s)[0] + 4) % 7) + 7) % 7],
  [
    'day_of_year',
    (s: number) => {
      const { year, month, day } = civil(s);
      let before = 0;
      for (let m = 1; m < month; m++) before += lengthOf(m, year);
      return before + day;
    },
  ],
  ['hour', (s: number) => Math.floor(daysAndSeconds(s)[1] / 3600)],
  ['minute', (s: number) => Math.floor((daysAndSeconds(s)[1] % 3600) / 60)],
  ['month', (s: number) => civil(s).month],
  ['year', (s: number) => civil(s).year],
]);
