import type { BodyPool } from '../body-pool.ts';
import { HttpError } from '../errors.ts';
import { parseHead, type Headers, type ResponseHead } from './response-head.ts';

/** Bytes of a status line with all headers, and of a chunked body's trailers, at most. */
const MAX_HEAD = 256 * 1024;
/** Bytes of the line before a chunk at most: the size and what extensions say. */
const MAX_CHUNK_LINE = 4096;
/** First size of a body whose length is not announced, and the most that an announced length is believed at once. */
const FIRST_SIZE = 64 * 1024;
const BELIEVED_SIZE = 8 << 20;

const LF = 0x0a;
const CR = 0x0d;

type State = 'head' | 'length' | 'close' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'done';

/** Reads one answer (RFC 9112) from pieces as they come over a connection. It keeps no piece. */
export class ResponseReader {
  readonly #pool: BodyPool;
  /** Bytes of the body from which on it is refused. */
  readonly #limit: number;
  #state: State = 'head';
  #head: ResponseHead | null = null;
  /** The head, or a line of the chunked coding, as far as it has come when it comes in several pieces. */
  #pending: Buffer | null = null;
  #body: Buffer | null = null;
  #size = 0;
  /** Bytes that are still to come of the body or the chunk. */
  #rest = 0;
  #trailerBytes = 0;
  #persistent = false;

  constructor(pool: BodyPool, limit: number) {
    this.#pool = pool;
    this.#limit = limit;
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  /** Status of the answer, null before its head is complete. */
  get status(): number | null {
    return this.#head?.status ?? null;
  }

  get headers(): Headers {
    return this.#head?.headers ?? {};
  }

  /** Whether the connection may be used for another request, once the answer is complete. */
  get persistent(): boolean {
    return this.#persistent;
  }

  /** The bytes of the body, in a buffer of the pool. */
  get body(): Buffer {
    return this.#body === null ? EMPTY : this.#body.subarray(0, this.#size);
  }

  /** Gives the body's buffer back to the pool; it must not be used afterwards. */
  release(): void {
    if (this.#body !== null) this.#pool.release(this.#body);
    this.#body = null;
  }

  /**
   * Takes the bytes [0, end) of a piece.
   * @returns how many were the answer's: less than `end` when it was complete before
   * @throws HttpError when it is no answer, or over a limit
   */
  take(piece: Buffer, end: number): number {
    let at = 0;
    while (at < end && this.#state !== 'done') at = this.#step(piece, at, end);
    return at;
  }

  /** The connection has ended. @throws HttpError when the answer is not complete */
  end(): void {
    if (this.#state === 'close') this.#state = 'done';
    if (this.#state !== 'done')
      throw new HttpError('closed', 'the connection was closed before the answer was complete', this.status);
  }

  #step(piece: Buffer, at: number, end: number): number {
    switch (this.#state) {
      case 'head':
        return this.#readHead(piece, at, end);
      case 'length':
        return this.#copy(piece, at, end, 'done');
      case 'chunk':
        return this.#copy(piece, at, end, 'chunk-end');
      case 'close':
        this.#append(piece, at, end);
        return end;
      case 'chunk-size':
      case 'chunk-end':
      case 'trailer':
        return this.#readLine(piece, at, end);
      case 'done':
        return at;
    }
  }

  #readHead(piece: Buffer, at: number, end: number): number {
    const before = this.#pending?.length ?? 0;
    const bytes =
      before === 0 ? piece.subarray(at, end) : Buffer.concat([this.#pending ?? EMPTY, piece.subarray(at, end)]);
    const length = headLength(bytes, Math.max(0, before - 3));
    if ((length === -1 ? bytes.length : length) > MAX_HEAD) throw this.#malformed('headers are too long');
    if (length === -1) {
      // What cannot become a status line is told at once, and not when the time is over.
      if (!maybeHttp(bytes)) throw this.#malformed('no HTTP answer');
      this.#pending = before === 0 ? Buffer.from(bytes) : bytes;
      return end;
    }
    this.#pending = null;
    const head = parseHead(bytes.toString('latin1', 0, length));
    if (head.status >= 200) this.#begin(head);
    // 100 and 103 come before the answer; nobody asked to change the protocol.
    else if (head.status === 101) throw this.#malformed('the server changes the protocol');
    return at + length - before;
  }

  #begin(head: ResponseHead): void {
    this.#head = head;
    const { framing } = head;
    this.#persistent = head.persistent;
    if (head.status === 204 || head.status === 304) {
      this.#state = 'done';
      return;
    }
    switch (framing.kind) {
      case 'length':
        if (framing.bytes >= this.#limit) throw this.#tooLarge();
        this.#rest = framing.bytes;
        if (framing.bytes > 0) this.#body = this.#pool.acquire(Math.min(framing.bytes, BELIEVED_SIZE));
        this.#state = framing.bytes === 0 ? 'done' : 'length';
        return;
      case 'chunked':
        this.#state = 'chunk-size';
        return;
      case 'close':
        this.#persistent = false;
        this.#state = 'close';
        return;
    }
  }

  #copy(piece: Buffer, at: number, end: number, next: State): number {
    const stop = Math.min(end, at + this.#rest);
    this.#append(piece, at, stop);
    this.#rest -= stop - at;
    if (this.#rest === 0) this.#state = next;
    return stop;
  }

  #append(piece: Buffer, at: number, end: number): void {
    const size = this.#size + end - at;
    if (size >= this.#limit) throw this.#tooLarge();
    if (this.#body === null) this.#body = this.#pool.acquire(Math.max(FIRST_SIZE, size));
    else if (size > this.#body.length) {
      const larger = this.#pool.acquire(Math.max(size, this.#body.length * 2));
      this.#body.copy(larger, 0, 0, this.#size);
      this.#pool.release(this.#body);
      this.#body = larger;
    }
    piece.copy(this.#body, this.#size, at, end);
    this.#size = size;
  }

  #readLine(piece: Buffer, at: number, end: number): number {
    const lineFeed = piece.indexOf(LF, at);
    const stop = lineFeed === -1 || lineFeed >= end ? end : lineFeed + 1;
    const line =
      this.#pending === null ? piece.subarray(at, stop) : Buffer.concat([this.#pending, piece.subarray(at, stop)]);
    if (line.length > MAX_CHUNK_LINE) throw this.#malformed('a line of the chunked body is too long');
    if (line.at(-1) !== LF) {
      this.#pending = Buffer.from(line);
      return stop;
    }
    this.#pending = null;
    const text = line.toString('latin1', 0, line.length - (line.at(-2) === CR ? 2 : 1));
    this.#lineOf(text);
    return stop;
  }

  #lineOf(text: string): void {
    if (this.#state === 'chunk-end') {
      if (text !== '') throw this.#malformed('a chunk of the body is longer than announced');
      this.#state = 'chunk-size';
      return;
    }
    if (this.#state === 'trailer') {
      this.#trailerBytes += text.length;
      if (this.#trailerBytes > MAX_HEAD) throw this.#malformed('trailers are too long');
      if (text === '') this.#state = 'done';
      return;
    }
    const size = /^([0-9a-f]{1,15})[ \t]*(?:;.*)?$/i.exec(text);
    if (size === null) throw this.#malformed('a chunk of the body has no size');
    this.#rest = Number.parseInt(size[1], 16);
    if (this.#size + this.#rest >= this.#limit) throw this.#tooLarge();
    this.#state = this.#rest === 0 ? 'trailer' : 'chunk';
  }

  #malformed(message: string): HttpError {
    return new HttpError('other', `malformed HTTP response: ${message}`, this.status);
  }

  #tooLarge(): HttpError {
    return new HttpError('body-size', `body size limit exceeded (${this.#limit} bytes)`, this.status);
  }
}

const EMPTY = Buffer.alloc(0);

/** Length of the head with the empty line that ends it, -1 when that has not come; lines may end without CR. */
function headLength(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

const HTTP = Buffer.from('HTTP/1.');

function maybeHttp(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, HTTP.length);
  return bytes.compare(HTTP, 0, length, 0, length) === 0;
}
