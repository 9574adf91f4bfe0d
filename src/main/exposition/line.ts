import { isUtf8 } from 'node:buffer';
import { quoteGo, type Histogram } from '#shared/model/index.ts';
import { LineError } from './error.ts';

export const BLANK = 0;
export const COMMENT = 1;
export const HELP = 2;
export const TYPE = 3;
export const UNIT = 4;
export const SAMPLE = 5;
export const END = 6;

export interface LineExemplar {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
  /** Milliseconds; NaN where it has none. */
  readonly time: number;
}

/** What a line parser found; one is made and filled again for each line. Offsets are into the parsed buffer. */
export class Line {
  /** BLANK, COMMENT, HELP, TYPE, UNIT, SAMPLE or END. */
  kind = BLANK;
  /** Family and text of HELP, TYPE, UNIT. */
  family = '';
  text = '';
  /** End of the series text of a sample, which starts where the line's first non-blank is. */
  seriesEnd = 0;
  nameStart = -1;
  nameEnd = -1;
  /** Four offsets a label: name from, to, value from, to (quotes left out). */
  readonly pairs: number[] = [];
  value = 0;
  /** Milliseconds; NaN where the sample has none. */
  time = NaN;
  exemplar: LineExemplar | null = null;
  /** What stands in place of the value, in a grammar that knows such; null otherwise. */
  histogram: Histogram | null = null;
}

/** One text format's grammar. Lines are given without their line feed. */
export interface LineGrammar {
  /** Reads the line in [start, end). @throws LineError */
  parseLine(buf: Uint8Array, start: number, end: number, line: Line): void;
  /** Reads what follows a sample's series text: value, time, exemplar. @throws LineError */
  parseTail(buf: Uint8Array, start: number, from: number, end: number, line: Line): void;
}

export const LF = 0x0a;
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;

export function isBlank(c: number): boolean {
  return c === 0x20 || c === 0x09;
}

const NAME_START = new Uint8Array(256);
const NAME_REST = new Uint8Array(256);
for (const c of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_')) NAME_START[c] = NAME_REST[c] = 1;
for (const c of Buffer.from('0123456789')) NAME_REST[c] = 1;

/** End of the metric name that starts at `at`; `at` when there is none. */
export function scanMetricName(buf: Uint8Array, at: number, end: number): number {
  let i = at;
  if (i >= end || (NAME_START[buf[i]] === 0 && buf[i] !== 0x3a)) return at;
  while (i < end && (NAME_REST[buf[i]] === 1 || buf[i] === 0x3a)) i++;
  return i;
}

/** End of the label name that starts at `at`; `at` when there is none. */
export function scanLabelName(buf: Uint8Array, at: number, end: number): number {
  let i = at;
  if (i >= end || NAME_START[buf[i]] === 0) return at;
  while (i < end && NAME_REST[buf[i]] === 1) i++;
  return i;
}

/** Offset after the closing quote of the string that opens at `at`; -1 when it does not close before `end`. */
export function scanQuoted(buf: Uint8Array, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const c = buf[i];
    if (c === BACKSLASH) i++;
    else if (c === QUOTE) return i + 1;
  }
  return -1;
}

const ANY_ESCAPE = /\\(.)/gs;

/** Resolves `\\`, `\n` and `\"`; any other escape stays as written. */
export function unescapeLabel(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ANY_ESCAPE, (whole, c: string) => (c === 'n' ? '\n' : c === '\\' || c === '"' ? c : whole));
}

/** Resolves `\\` and `\n` only, as HELP of the classic format has it. */
export function unescapeClassicHelp(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ANY_ESCAPE, (whole, c: string) => (c === 'n' ? '\n' : c === '\\' ? c : whole));
}

export function view(buf: Uint8Array, from: number, to: number): Buffer {
  return Buffer.from(buf.buffer, buf.byteOffset + from, to - from);
}

/** Bytes as UTF-8 text. @throws LineError naming `what` when they are not UTF-8 */
export function utf8(buf: Uint8Array, from: number, to: number, what: string): string {
  const bytes = view(buf, from, to);
  if (!isUtf8(bytes)) throw new LineError(`invalid UTF-8 ${what}: ${quoteGo(bytes.toString('latin1'))}`);
  return bytes.toString('utf8');
}

/** The error of a line that goes wrong at `at`: says what was expected, what is there, and the line up to it. */
export function expected(what: string, buf: Uint8Array, start: number, at: number, end: number): LineError {
  const got = at >= end ? 'end of line' : quoteGo(view(buf, at, at + 1).toString('latin1'));
  const seen = view(buf, start, Math.min(at + 1, buf.length)).toString('utf8');
  return new LineError(`${what}, got ${got} while parsing: ${quoteGo(shorten(seen))}`);
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 100)}...${text.slice(-97)}`;
}
