import { LineError } from './error.ts';

/** What one point of Influx's line protocol says. */
export interface InfluxPoint {
  /** The text of measurement and tags as it stands: names the series of its fields. */
  readonly series: string;
  readonly fields: readonly (readonly [key: string, value: number | null])[];
  /** The time as written, its unit unknown; NaN for none. */
  readonly time: number;
}

export interface InfluxSeries {
  readonly measurement: string;
  readonly tags: readonly (readonly [name: string, value: string])[];
}

/** Where the point that starts at `at` ends: the next line feed that no quoted value holds. */
export function pointEnd(text: string, at: number): number {
  let end = text.indexOf('\n', at);
  if (end < 0) end = text.length;
  if (!text.slice(at, end).includes('"')) return end;
  // A quote opens a value only behind `=`; elsewhere it is part of a name.
  let inside = false;
  for (let i = at; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === '"' && (inside || text[i - 1] === '=')) inside = !inside;
    else if (c === '\n' && !inside) return i;
  }
  return text.length;
}

const SERIES = /(?:[^\\ \t\n\r]|\\.|\\(?!.))+/y;
const FIELD = /((?:[^\\,= \t\n\r"]|\\.|\\(?!.))+)=("(?:[^"\\]|\\[^])*"|[^," \t\n\r]+)/y;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^(?:[+-]?\d+i|\d+u)$/;
const TRUTH: Readonly<Record<string, number>> = Object.fromEntries([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((word) => [word, 1]),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((word) => [word, 0]),
]);
const TIME = /^-?\d{1,19}$/;

/** Reads a point: `measurement,tag=value field=1,other=2i 1700000000000000000`. Texts are fields without a value. @throws LineError */
export function parsePoint(text: string): InfluxPoint {
  const series = take(SERIES, text, 0)?.[0];
  if (series === undefined) throw new LineError('expected a measurement');
  let at = skipBlanks(text, series.length, 'a blank and fields after measurement and tags');
  const fields: (readonly [string, number | null])[] = [];
  const seen = new Set<string>();
  for (;;) {
    const field = take(FIELD, text, at);
    if (field === undefined) throw new LineError(`expected field=value at ${excerpt(text, at)}`);
    at += field[0].length;
    const key = unescape(field[1]);
    if (seen.has(key)) throw new LineError(`field "${key}" stands twice`);
    seen.add(key);
    fields.push([key, fieldValue(field[2])]);
    if (text[at] !== ',') break;
    at++;
  }
  if (at === text.length) return { series, fields, time: NaN };
  const rest = text.slice(skipBlanks(text, at, 'a comma or a blank after the field')).trimEnd();
  if (rest !== '' && !TIME.test(rest)) throw new LineError(`invalid timestamp ${excerpt(rest, 0)}`);
  return { series, fields, time: rest === '' ? NaN : Number(rest) };
}

function fieldValue(text: string): number | null {
  if (text.startsWith('"')) return null;
  if (Object.hasOwn(TRUTH, text)) return TRUTH[text];
  if (INTEGER.test(text)) return Number(text.slice(0, -1));
  const value = FLOAT.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw new LineError(`invalid field value ${excerpt(text, 0)}`);
  return value;
}

const TAG = /,((?:[^\\,= ]|\\.|\\(?!.))+)=((?:[^\\,= ]|\\.|\\(?!.))+)/y;
const MEASUREMENT = /(?:[^\\, ]|\\.|\\(?!.))+/y;

/** Reads measurement and tags of a point's series text. @throws LineError */
export function parseSeries(text: string): InfluxSeries {
  const measurement = take(MEASUREMENT, text, 0)?.[0];
  if (measurement === undefined) throw new LineError('expected a measurement');
  const tags = new Map<string, string>();
  for (let at = measurement.length; at < text.length;) {
    const tag = take(TAG, text, at);
    if (tag === undefined) throw new LineError(`expected ,tag=value at ${excerpt(text, at)}`);
    const name = unescape(tag[1]);
    if (tags.has(name)) throw new LineError(`tag "${name}" stands twice`);
    if (name === '__name__') throw new LineError('a tag must not be called __name__');
    tags.set(name, unescape(tag[2]));
    at += tag[0].length;
  }
  return { measurement: unescape(measurement), tags: [...tags] };
}

function take(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function skipBlanks(text: string, at: number, expected: string): number {
  let i = at;
  while (text[i] === ' ') i++;
  if (i === at) throw new LineError(`expected ${expected} at ${excerpt(text, at)}`);
  return i;
}

function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\([,= \\])/g, '$1') : text;
}

function excerpt(text: string, at: number): string {
  const rest = text.slice(at, at + 60);
  return rest === '' ? 'the end of the line' : JSON.stringify(rest);
}
