import { Buffer } from 'node:buffer';
import { HearthError } from '#shared/contract/index.ts';
import { formatTimestamp, formatValue } from './format-number.ts';

const CHUNK = 256 * 1024;
/** Bytes of one answer at most: what is larger would be the end of others, too. */
const MOST_BYTES = 2 ** 30;

/** Buffers of `CHUNK` bytes that no writer uses now: an answer, and the texts it is made from, are written at once. */
const spares: Buffer[] = [];
const MOST_SPARES = 2;
const NOTHING = Buffer.alloc(0);

/** Longest text of a number: sign, 21 digits, or 17 digits with point and exponent. */
const NUMBER = 32;
const QUOTE = 0x22;
const POINT = 0x2e;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Powers of ten by which a value is tried to be a short decimal. */
const SCALES = [1, 10, 100, 1000] as const;
/** Decimals of up to so many digits are the shortest text of the double they are read as. */
const EXACT = 1e15;

/** The value that any writer wrote last, and its text: neighbours are often equal. */
let last = NaN;
let lastLength = 0;
const lastText = new Uint8Array(NUMBER);
/** Of the number that is being written, from the last one on. */
const digits = new Uint8Array(NUMBER);

/**
 * Collects JSON as bytes, in pieces: big answers never exist as one string. What fits into one piece is written into a
 * buffer that is kept for the next writer and handed out as a copy of its own length: neither thread's garbage collector
 * sees more than the answer.
 */
export class JsonWriter {
  private readonly most: number;
  private readonly full: Uint8Array[] = [];
  private fullLength = 0;
  private buffer: Buffer = NOTHING;
  private used = 0;

  /** @param most bytes; beyond that writing throws HearthError `query-execution` */
  constructor(most = MOST_BYTES) {
    this.most = most;
  }

  /** Text of one-byte characters that needs no escaping. */
  ascii(text: string): void {
    const { length } = text;
    if (this.used + length > this.buffer.length) this.grow(length);
    const { buffer } = this;
    let at = this.used;
    for (let i = 0; i < length; i++) buffer[at++] = text.charCodeAt(i);
    this.used = at;
  }

  /** Bytes that are kept as a text of one character each: the quickest way for those that are written often. */
  latin1(text: string): void {
    const { length } = text;
    if (this.used + length > this.buffer.length) this.grow(length);
    this.used += this.buffer.write(text, this.used, 'latin1');
  }

  /** Bytes as they are. */
  bytes(source: Uint8Array, from: number, to: number): void {
    if (this.used + to - from > this.buffer.length) this.grow(to - from);
    const { buffer } = this;
    let at = this.used;
    for (let i = from; i < to; i++) buffer[at++] = source[i];
    this.used = at;
  }

  /** A text as a JSON string. */
  string(text: string): void {
    const { length } = text;
    if (this.used + length + 2 > this.buffer.length) this.grow(length + 2);
    const { buffer } = this;
    let at = this.used;
    buffer[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === 0x5c) {
        this.value(text);
        return;
      }
      buffer[at++] = code;
    }
    buffer[at++] = QUOTE;
    this.used = at;
  }

  /** Any value as JSON. */
  value(value: unknown): void {
    const text = JSON.stringify(value);
    const most = text.length * 3;
    if (this.used + most > this.buffer.length) this.grow(most);
    this.used += this.buffer.write(text, this.used, 'utf8');
  }

  /** A sample's value as the API writes it, in quotes. */
  sample(value: number): void {
    if (this.used + NUMBER + 2 > this.buffer.length) this.grow(NUMBER + 2);
    this.buffer[this.used++] = QUOTE;
    this.number(value);
    this.buffer[this.used++] = QUOTE;
  }

  timestamp(millis: number): void {
    this.ascii(formatTimestamp(millis));
  }

  /** Bytes written so far. */
  get length(): number {
    return this.fullLength + this.used;
  }

  /** Everything written so far; the writer starts anew. Each piece is the only user of its memory. */
  take(): Uint8Array<ArrayBuffer>[] {
    const { buffer, used } = this;
    const newest: Uint8Array = Buffer.allocUnsafeSlow(used);
    newest.set(buffer.subarray(0, used));
    const pieces = [...this.full, newest];
    if (buffer.length === CHUNK && spares.length < MOST_SPARES) spares.push(buffer);
    this.full.length = 0;
    this.fullLength = 0;
    this.buffer = NOTHING;
    this.used = 0;
    return pieces as Uint8Array<ArrayBuffer>[];
  }

  /** There is room for a number. */
  private number(value: number): void {
    const { buffer } = this;
    if (value === last && value !== 0) {
      let at = this.used;
      for (let i = 0; i < lastLength; i++) buffer[at++] = lastText[i];
      this.used = at;
      return;
    }
    const start = this.used;
    if (!this.shortDecimal(value)) {
      const text = formatValue(value);
      let at = start;
      for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i);
      this.used = at;
    }
    last = value;
    lastLength = this.used - start;
    for (let i = 0; i < lastLength; i++) lastText[i] = buffer[start + i];
  }

  /** Writes integers and decimals of up to three places; @returns false, having written nothing, for others */
  private shortDecimal(value: number): boolean {
    const absolute = Math.abs(value);
    if (!(absolute < EXACT / 1000) || (absolute < 0.001 && !Object.is(value, 0))) return false;
    let places = 0;
    let whole = absolute;
    for (; places < SCALES.length; places++) {
      whole = Math.round(absolute * SCALES[places]);
      // Division rounds right, so this is the double that the decimal is read as.
      if (whole / SCALES[places] === absolute) break;
    }
    if (places === SCALES.length) return false;
    const { buffer } = this;
    let count = 0;
    let rest = whole;
    while (rest > 0x7fffffff) {
      const next = Math.floor(rest / 10);
      digits[count++] = ZERO + rest - next * 10;
      rest = next;
    }
    let small = rest | 0;
    while (small > 0) {
      const next = (small / 10) | 0;
      digits[count++] = ZERO + small - next * 10;
      small = next;
    }
    while (count <= places) digits[count++] = ZERO;
    let at = this.used;
    if (value < 0) buffer[at++] = MINUS;
    while (count > places) buffer[at++] = digits[--count];
    if (places > 0) {
      buffer[at++] = POINT;
      while (count > 0) buffer[at++] = digits[--count];
    }
    this.used = at;
    return true;
  }

  private grow(needed: number): void {
    if (this.used > 0) this.full.push(this.buffer.subarray(0, this.used));
    this.fullLength += this.used;
    this.used = 0;
    if (this.fullLength + needed > this.most) {
      this.full.length = 0;
      const message = `the answer is larger than ${this.most >> 20} MiB: ask for fewer series or a shorter range`;
      throw new HearthError({ kind: 'query-execution', message });
    }
    const spare = needed <= CHUNK ? spares.pop() : undefined;
    this.buffer = spare ?? Buffer.allocUnsafeSlow(Math.max(CHUNK, needed));
  }
}
