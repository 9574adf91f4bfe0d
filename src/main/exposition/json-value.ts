import { LineError } from './error.ts';
import { parseFloatText } from './number.ts';
import { parseTime } from './value-time.ts';

/** What stands at a place of a JSON document, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** A sample's value: a number, a text that writes one (`NaN`, `+Inf` too), or true (1) and false (0). Null: none. @throws LineError */
export function jsonNumber(value: unknown, place: () => string): number | null {
  if (value === null) return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    try {
      return parseFloatText(value.trim());
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
    }
  }
  throw new LineError(`${place()} must be a number, and is ${kindOf(value)}`);
}

/** A name or label value; '' for null. @throws LineError */
export function jsonText(value: unknown, place: () => string): string {
  if (value === null) return '';
  if (typeof value === 'string') {
    // A lone surrogate (from an escape) has no UTF-8 form.
    if (!value.isWellFormed()) throw new LineError(`${place()} is not valid Unicode`);
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new LineError(`${place()} must be a text, and is ${kindOf(value)}`);
}

/** Milliseconds; NaN for null. @throws LineError */
export function jsonTime(value: unknown, place: () => string): number {
  if (value === null) return NaN;
  const time = parseTime(value);
  if (Number.isNaN(time)) throw new LineError(`${place()} must be a time (Unix or ISO 8601), and is ${kindOf(value)}`);
  return time;
}

/** The metric's name. @throws LineError when there is none */
export function metricName(name: string, place: () => string): string {
  if (name === '') throw new LineError(`${place()} must name the metric, and is empty`);
  return name;
}
