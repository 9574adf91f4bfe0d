import { Buffer } from 'node:buffer';

const CHUNK = 64 * 1024;

/** A number as the API writes sample values: shortest exact form, `NaN`, `+Inf`, exponent of two digits at least. */
export function formatValue(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const text = String(value);
  // JavaScript changes to the exponent form at the same limits (below 1e-6, from 1e21), but writes 1e-7 for 1e-07.
  const dash = text.length - 3;
  return text[dash] === 'e' ? `${text.slice(0, dash + 2)}0${text.slice(dash + 2)}` : text;
}

/** A time in milliseconds as seconds: `1435781430.781`, without decimals where they are zero. */
export function formatTimestamp(millis: number): string {
  const negative = millis < 0;
  const absolute = Math.abs(millis);
  const fraction = absolute % 1000;
  const seconds = `${negative ? '-' : ''}${(absolute - fraction) / 1000}`;
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(3, '0')}`;
}

/** Collects JSON as bytes, in pieces: big answers never exist as one string. */
export class JsonWriter {
  private readonly full: Buffer[] = [];
  private buffer = Buffer.allocUnsafe(CHUNK);
  private used = 0;

  /** Text of one-byte characters that needs no escaping. */
  ascii(text: string): void {
    if (this.used + text.length > this.buffer.length) this.grow(text.length);
    this.used += this.buffer.write(text, this.used, 'latin1');
  }

  /** Any value as JSON. */
  value(value: unknown): void {
    const text = JSON.stringify(value);
    const most = text.length * 3;
    if (this.used + most > this.buffer.length) this.grow(most);
    this.used += this.buffer.write(text, this.used, 'utf8');
  }

  /** Everything written so far; the writer starts anew. */
  take(): Buffer[] {
    const pieces = [...this.full, this.buffer.subarray(0, this.used)];
    this.full.length = 0;
    this.buffer = Buffer.allocUnsafe(CHUNK);
    this.used = 0;
    return pieces;
  }

  private grow(needed: number): void {
    if (this.used > 0) this.full.push(this.buffer.subarray(0, this.used));
    this.buffer = Buffer.allocUnsafe(Math.max(CHUNK, needed));
    this.used = 0;
  }
}
