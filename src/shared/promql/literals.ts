import { parseDuration, quoteGo } from '#shared/model/index.ts';

/** A value, or why there is none. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const INTEGER =
  /^(?:0[xX]_?[0-9a-fA-F](?:_?[0-9a-fA-F])*|0[bB]_?[01](?:_?[01])*|0[oO]?_?[0-7](?:_?[0-7])*|0|[1-9](?:_?[0-9])*)$/;
const DECIMAL = /^(?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const MAX_INT64 = 2n ** 63n - 1n;

/** Whole numbers with Go's prefixes (`0x1F`, `0755`, `1_000`), else decimal numbers, `Inf` and `NaN` in any case. */
export function parseNumber(text: string): Parsed<number> {
  if (INTEGER.test(text)) {
    const digits = text.replaceAll('_', '');
    const octal = /^0[0-7]+$/.test(digits);
    const value = BigInt(octal ? `0o${digits}` : digits);
    if (value <= MAX_INT64) return { ok: true, value: Number(value) };
  }
  const lower = text.toLowerCase();
  if (lower === 'nan') return { ok: true, value: NaN };
  if (lower === 'inf' || lower === 'infinity') return { ok: true, value: Infinity };
  const failure = (why: string): Parsed<number> => ({
    ok: false,
    message: `error parsing number: strconv.ParseFloat: parsing ${quoteGo(text)}: ${why}`,
  });
  if (!DECIMAL.test(text)) return failure('invalid syntax');
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? { ok: true, value } : failure('value out of range');
}

const UNIT_ORDER: readonly string[] = ['y', 'w', 'd', 'h', 'm', 's', 'ms'];
const MAX_UINT64 = 2n ** 64n - 1n;

/** A duration as seconds. */
export function parseDurationSeconds(text: string): Parsed<number> {
  const millis = parseDuration(text);
  if (millis !== null) return { ok: true, value: millis / 1000 };
  return { ok: false, message: whyNoDuration(text) };
}

function whyNoDuration(text: string): string {
  if (text === '') return 'empty duration string';
  const invalid = `not a valid duration string: ${quoteGo(text)}`;
  let last = -1;
  let rest = text;
  while (rest !== '') {
    const part = /^([0-9]+)([^0-9]+)/.exec(rest);
    if (part === null || BigInt(part[1]) > MAX_UINT64) return invalid;
    const unit = UNIT_ORDER.indexOf(part[2]);
    if (unit < 0) return `unknown unit ${quoteGo(part[2])} in duration ${quoteGo(text)}`;
    if (unit <= last) return invalid;
    last = unit;
    rest = rest.slice(part[0].length);
  }
  return 'duration out of range';
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

/**
 * The text that a quoted string stands for, or null when it is not well formed. `\x` and octal escapes are bytes;
 * one that is no UTF-8 becomes a lone surrogate (0xDC00 plus the byte), so that the text is not well formed.
 */
export function unquote(literal: string): string | null {
  const quote = literal.charAt(0);
  const body = literal.slice(1, -1);
  if (literal.length < 2 || literal.at(-1) !== quote) return null;
  if (quote === '`') return body.includes('`') ? null : body;
  if ((quote !== '"' && quote !== "'") || body.includes('\n')) return null;
  if (!body.includes('\\')) return body.includes(quote) ? null : body;
  return unescape(body, quote);
}

function unescape(body: string, quote: string): string | null {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const hex: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
  let i = 0;
  while (i < body.length) {
    const char = String.fromCodePoint(body.codePointAt(i) as number);
    i += char.length;
    if (char === quote) return null;
    if (char !== '\\') {
      bytes.push(...encoder.encode(char));
      continue;
    }
    const kind = body.charAt(i++);
    if (kind in SIMPLE_ESCAPES) bytes.push(SIMPLE_ESCAPES[kind]);
    else if (kind === quote) bytes.push(kind.charCodeAt(0));
    else if (kind in hex) {
      const digits = body.slice(i, i + hex[kind]);
      i += hex[kind];
      if (digits.length < hex[kind] || !/^[0-9a-fA-F]+$/.test(digits)) return null;
      const code = parseInt(digits, 16);
      if (kind === 'x') bytes.push(code);
      else if (code > 0x10ffff) return null;
      else bytes.push(...encoder.encode(String.fromCodePoint(code)));
    } else {
      const digits = body.slice(i - 1, i + 2);
      i += 2;
      if (!/^[0-7]{3}$/.test(digits) || parseInt(digits, 8) > 255) return null;
      bytes.push(parseInt(digits, 8));
    }
  }
  return decodeBytes(Uint8Array.from(bytes));
}

/** Bytes of a UTF-8 character that starts with this one; 0 when none does. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function decodeBytes(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    // Some of them are no UTF-8: one character at a time.
  }
  let text = '';
  let i = 0;
  while (i < bytes.length) {
    const length = sequenceLength(bytes[i]);
    let char: string | null = null;
    try {
      if (length > 0 && i + length <= bytes.length) char = decoder.decode(bytes.subarray(i, i + length));
    } catch {
      char = null;
    }
    text += char ?? String.fromCharCode(0xdc00 + bytes[i]);
    i += char === null ? 1 : length;
  }
  return text;
}
