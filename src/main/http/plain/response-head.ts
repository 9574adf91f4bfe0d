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
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*)$/;

/** Reads the head of an answer, given with its line ends, one character a byte. @throws HttpError when it is none */
export function parseHead(text: string): ResponseHead {
  const lines = text.split('\n');
  const status = STATUS_LINE.exec(withoutCr(lines[0]));
  if (status === null) throw malformed('no HTTP answer');
  const code = Number(status[2]);
  if (code < 100) throw malformed(`status ${status[2]}`);
  const headers: Record<string, string | string[] | undefined> = Object.create(null) as Record<string, string>;
  let last = '';
  // Two lines at the end are empty: the one that ends the head, and what `split` finds after it.
  for (const line of lines.slice(1, -2).map(withoutCr)) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (last === '') throw malformed('a header begins with a blank', code);
      append(headers, last, line.trim());
      continue;
    }
    const field = FIELD.exec(line);
    if (field === null) throw malformed(`header ${JSON.stringify(line.slice(0, 100))}`, code);
    last = field[1].toLowerCase();
    add(headers, last, field[2].trimEnd());
  }
  return { status: code, headers, framing: framingOf(headers, code), persistent: persists(headers, status[1]) };
}

function withoutCr(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
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

function framingOf(headers: Headers, status: number): Framing {
  const encodings = list(headers['transfer-encoding']);
  if (encodings.length > 0) {
    if (encodings.length > 1 || encodings[0] !== 'chunked')
      throw malformed(`transfer encoding ${JSON.stringify(encodings.join(', ').slice(0, 100))}`, status);
    return { kind: 'chunked' };
  }
  const lengths = [...new Set(list(headers['content-length']))];
  if (lengths.length === 0) return { kind: 'close' };
  // Two lengths that differ would be two opinions on where the next answer starts.
  if (lengths.length > 1 || !/^\d{1,15}$/.test(lengths[0]))
    throw malformed(`content length ${JSON.stringify(lengths.join(', ').slice(0, 100))}`, status);
  return { kind: 'length', bytes: Number(lengths[0]) };
}

function persists(headers: Headers, minor: string): boolean {
  const connection = list(headers['connection']);
  if (connection.includes('close')) return false;
  // Both of them is how answers are smuggled: the connection is not used again.
  if (headers['transfer-encoding'] !== undefined && headers['content-length'] !== undefined) return false;
  return minor !== '0' || connection.includes('keep-alive');
}

function malformed(message: string, status: number | null = null): HttpError {
  return new HttpError('other', `malformed HTTP response: ${message}`, status);
}
