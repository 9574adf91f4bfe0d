/**
 * A request that came whole, in one piece and in the plainest form of HTTP/1.1: what nearly all questions of programs
 * and boards are. Everything else is left to Node's parser, which reads the same bytes from their beginning.
 */
export interface ShortRequest {
  readonly method: string;
  readonly path: string;
  /** What stands behind the question mark, as it came. */
  readonly query: string;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Bytes up to the end of the headers at most, as Node has it. */
const MAX_HEAD = 16 * 1024;
const END_OF_HEAD = '\r\n\r\n';

/**
 * A request line and headers as RFC 9112 has them, nothing else: one space, no folded lines, no line ends but CR LF, no
 * bytes that another reader could take for something else. Each part ends at a character that it cannot contain.
 */
const REQUEST_LINE = /^(GET|HEAD|POST) (\/[!-~]*) HTTP\/1\.1$/;
const HEADERS = /^(?:[!#$%&'*+\-.^_`|~\w]+:[\t -~\x80-\xff]*\r\n)+$/;
/** A path that is its own normal form: no dot segments, none that are empty, nothing that would be encoded. */
const NORMAL_PATH = /^(?:\/(?![./]|%2e)[\w~!$&'()*+,;=:@%.-]*)+$/i;
const LENGTH = /^(?:0|[1-9]\d{0,7})$/;

/** Headers that change how the message or the connection is read. */
const NOT_SHORT: ReadonlySet<string> = new Set(['transfer-encoding', 'upgrade', 'expect', 'te', 'trailer']);

/** Path and query of a request's target. */
function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** @returns null where the lines say something that a short request does not, or one thing twice */
function readHeaders(text: string): ReadonlyMap<string, string> | null {
  if (!HEADERS.test(text)) return null;
  const headers = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\r\n', at);
    const colon = text.indexOf(':', at);
    const name = text.slice(at, colon).toLowerCase();
    if (headers.has(name) || NOT_SHORT.has(name)) return null;
    headers.set(name, text.slice(colon + 1, end).trim());
    at = end + 2;
  }
  return headers;
}

/** @returns null where the piece is anything but one whole, plain request */
export function readShortRequest(piece: Buffer): ShortRequest | null {
  const headEnd = piece.indexOf(END_OF_HEAD);
  if (headEnd < 0 || headEnd > MAX_HEAD) return null;
  const head = piece.toString('latin1', 0, headEnd + 2);
  const lineEnd = head.indexOf('\r\n');
  const match = REQUEST_LINE.exec(head.slice(0, lineEnd));
  if (match === null) return null;
  const [, method, target] = match;
  const { path, query } = splitTarget(target);
  if (!NORMAL_PATH.test(path) || query.includes('#')) return null;
  const headers = readHeaders(head.slice(lineEnd + 2));
  if (headers === null || !headers.has('host')) return null;
  if ((headers.get('connection') ?? 'keep-alive').toLowerCase() !== 'keep-alive') return null;
  const length = headers.get('content-length') ?? '0';
  if (!LENGTH.test(length) || (method !== 'POST' && length !== '0')) return null;
  const bodyStart = headEnd + END_OF_HEAD.length;
  if (piece.length !== bodyStart + Number(length)) return null;
  return { method, path, query, headers, body: piece.subarray(bodyStart) };
}
