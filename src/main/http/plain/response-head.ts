import { HttpError } from '../errors.ts';

/** Headers by name in lower case; a name that comes several times has all its values, in their order. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How the end of a body is known (RFC 9112, section 6.3). */
export type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** It ends with the connection. */
  | { readonly kind: 'close' };

/** What stands before the body of an answer. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Headers;
  readonly framing: Framing;
  /** Whether the server leaves the connection open for another request. */
  readonly persistent: boolean;
}

const STATUS_LINE = /^HTTP\/1\.(\d) (\d{3})(?: .*)?$/;
/** 1 for each character that a header's name may have. */
const TOKEN = new Uint8Array(256);
for (const c of Buffer.from("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
  TOKEN[c] = 1;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;

/**
 * Reads the head of an answer, given with its line ends, one character a byte; character by character, for this is done
 * for every scrape.
 * @throws HttpError when it is none
 */
export function parseHead(text: string): ResponseHead {
  let next = text.indexOf('\n') + 1;
  const status = STATUS_LINE.exec(text.slice(0, lineEnd(text, next)));
  if (status === null) throw malformed('no HTTP answer');
  const code = Number(status[2]);
  if (code < 100) throw malformed(`status ${status[2]}`);
  const headers: Record<string, string | string[] | undefined> = Object.create(null) as Record<string, string>;
  let last = '';
  for (;;) {
    const start = next;
    let at = start;
    while (TOKEN[text.charCodeAt(at)] === 1) at++;
    const nameEnd = at;
    while (text.charCodeAt(at) !== LF) at++;
    next = at + 1;
    const end = lineEnd(text, next);
    // The empty line that ends the head.
    if (end === start) break;
    const first = text.charCodeAt(start);
    if (first === SPACE || first === TAB) {
      if (last === '') throw malformed('a header begins with a blank', code);
      append(headers, last, text.slice(start, end).trim());
      continue;
    }
    let from = nameEnd + 1;
    while (from < end && (text.charCodeAt(from) === SPACE || text.charCodeAt(from) === TAB)) from++;
    const value = text.slice(from, end);
    if (nameEnd === start || text.charCodeAt(nameEnd) !== COLON || value.includes('\r'))
      throw malformed(`header ${JSON.stringify(text.slice(start, Math.min(end, start + 100)))}`, code);
    last = text.slice(start, nameEnd).toLowerCase();
    add(headers, last, value.trimEnd());
  }
  return { status: code, headers, framing: framingOf(headers, code), persistent: persists(headers, status[1]) };
}

/** End of the line before `next`, its line end left out. */
function lineEnd(text: string, next: number): number {
  return text.charCodeAt(next - 2) === CR ? next - 2 : next - 1;
}

function add(headers: Record<string, string | string[] | undefined>, name: string, value: string): void {
  const before = headers[name];
  if (before === undefined) headers[name] = value;
  else if (typeof before === 'string') headers[name] = [before, value];
  else before.push(value);
}

/** A header that goes on in a further line (obsolete, but seen). */
function append(headers: Record<string, string | string[] | undefined>, name: string, more: string): void {
  const before = headers[name];
  if (typeof before === 'string') headers[name] = `${before} ${more}`;
  else if (before !== undefined) before[before.length - 1] += ` ${more}`;
}

function list(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return (typeof value === 'string' ? value : value.join(',')).split(',').map((item) => item.trim().toLowerCase());
}

const LENGTH = /^\d{1,15}$/;

function framingOf(headers: Headers, status: number): Framing {
  const length = headers['content-length'];
  if (headers['transfer-encoding'] === undefined && typeof length === 'string' && LENGTH.test(length))
    return { kind: 'length', bytes: Number(length) };
  const encodings = list(headers['transfer-encoding']);
  if (encodings.length > 0) {
    if (encodings.length > 1 || encodings[0] !== 'chunked')
      throw malformed(`transfer encoding ${JSON.stringify(encodings.join(', ').slice(0, 100))}`, status);
    return { kind: 'chunked' };
  }
  const lengths = [...new Set(list(length))];
  if (lengths.length === 0) return { kind: 'close' };
  // Two lengths that differ would be two opinions on where the next answer starts.
  if (lengths.length > 1 || !LENGTH.test(lengths[0]))
    throw malformed(`content length ${JSON.stringify(lengths.join(', ').slice(0, 100))}`, status);
  return { kind: 'length', bytes: Number(lengths[0]) };
}

function persists(headers: Headers, minor: string): boolean {
  const told = headers['connection'];
  if (told === undefined && headers['transfer-encoding'] === undefined) return minor !== '0';
  const connection = list(told);
  if (connection.includes('close')) return false;
  // Both of them is how answers are smuggled: the connection is not used again.
  if (headers['transfer-encoding'] !== undefined && headers['content-length'] !== undefined) return false;
  return minor !== '0' || connection.includes('keep-alive');
}

function malformed(message: string, status: number | null = null): HttpError {
  return new HttpError('other', `malformed HTTP response: ${message}`, status);
}
