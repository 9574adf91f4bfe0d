import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Millis } from '#shared/model/index.ts';
import { ApiError, type ApiRequest, type ApiResponse } from '#main/api/index.ts';
import { drained, isGone, outgoingBody, writePieces, type OutgoingStream } from './outgoing.ts';
import { readShortRequest, type ShortRequest } from './short-request.ts';

/** Bodies up to this many bytes leave as characters of the same text as their headers: two pieces cost as much again. */
const SHORT = 16_384;
/** Up to so many bytes leave with their headers in one write. */
const ONE_WRITE = 1 << 20;
const SECOND: Millis = 1000;

export interface ShortConnectionOptions {
  answer(request: ApiRequest): ApiResponse | Promise<ApiResponse>;
  /** Takes a connection over, with what came of its request put back into it. */
  handOver(socket: Socket): void;
  onBug(where: string, error: unknown): void;
  /** How long a connection may stand without a request. */
  readonly keepAlive: Millis;
  now(): Millis;
}

/** A connection while its requests are short. */
export interface ShortConnection {
  /** Closes it, after the answer that is being made. */
  close(): void;
  /** Closes it at once. */
  destroy(): void;
}

/** The time of an answer changes once a second. */
class DateHeader {
  #second = NaN;
  #text = '';
  at(time: Millis): string {
    const second = Math.floor(time / SECOND);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(time).toUTCString();
    }
    return this.#text;
  }
}

const date = new DateHeader();

function requestOf({ method, path, query, headers, body }: ShortRequest, signal: AbortSignal): ApiRequest {
  return {
    method,
    path,
    query,
    header: (name) => headers.get(name) ?? null,
    readBody: (maxBytes) => {
      if (body.length > maxBytes) throw new ApiError('bad_data', `request body larger than ${maxBytes} bytes`);
      return body;
    },
    openBody: () => Readable.from(body.length === 0 ? [] : [body], { objectMode: false }),
    signal,
  };
}

/**
 * Answers the short requests of a connection one after the other, without what Node's server does for all that a
 * request can be: that costs a small question as much as its evaluation. With the first request that is not short
 * the connection goes over to Node's server for good.
 */
export function serveShort(socket: Socket, options: ShortConnectionOptions): ShortConnection {
  const gone = new AbortController();
  const keepAlive = `\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(options.keepAlive / SECOND)}\r\n`;
  let busy = false;
  let closing = false;
  /** What came while an answer was being made: no more than one piece, since nothing is read then. */
  let held: Buffer | null = null;

  const headOf = ({ status, headers }: ApiResponse, more: string): string => {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    const how = closing ? '\r\nConnection: close\r\n' : keepAlive;
    return `${head}${more}Date: ${date.at(options.now())}${how}\r\n`;
  };

  /** Chunks, as RFC 9112 has them. */
  const sendStream = async ({ open, trailers }: OutgoingStream): Promise<void> => {
    const source = open();
    try {
      for await (const piece of source as AsyncIterable<Buffer | string>) {
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
        if (bytes.length === 0) continue;
        if (socket.destroyed) return;
        socket.cork();
        socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
        socket.write(bytes);
        const more = socket.write('\r\n', 'latin1');
        socket.uncork();
        if (!more) await drained(socket);
      }
      const after = trailers().map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`0\r\n${after.join('')}\r\n`, 'latin1');
    } finally {
      source.destroy();
    }
  };

  const send = async ({ method, headers }: ShortRequest, response: ApiResponse): Promise<void> => {
    const outgoing = outgoingBody(response, headers.get('accept-encoding') ?? null);
    const sendsBody = method !== 'HEAD';
    if (outgoing === null) socket.write(headOf(response, ''), 'latin1');
    else if (outgoing.kind === 'bytes') {
      const { length, pieces } = outgoing;
      const head = headOf(response, `Content-Length: ${length}\r\n`);
      if (!sendsBody) socket.write(head, 'latin1');
      else if (length <= SHORT && pieces.length === 1) {
        const [{ buffer, byteOffset }] = pieces;
        socket.write(head + Buffer.from(buffer, byteOffset, length).toString('latin1'), 'latin1');
      } else {
        socket.cork();
        socket.write(head, 'latin1');
        if (length <= ONE_WRITE) for (const piece of pieces) socket.write(piece);
        socket.uncork();
        if (length > ONE_WRITE) await writePieces(socket, pieces);
      }
    } else {
      const encoding = outgoing.gzip ? 'Content-Encoding: gzip\r\n' : '';
      const names = outgoing.trailerNames.length === 0 ? '' : `Trailer: ${outgoing.trailerNames.join(', ')}\r\n`;
      socket.write(headOf(response, `${encoding}${names}Transfer-Encoding: chunked\r\n`), 'latin1');
      if (sendsBody) await sendStream(outgoing);
    }
  };

  const answer = async (request: ShortRequest): Promise<void> => {
    try {
      const response = await options.answer(requestOf(request, gone.signal));
      if (!socket.destroyed) await send(request, response);
    } catch (error) {
      if (!isGone(error)) options.onBug(request.path, error);
      socket.destroy();
    }
    busy = false;
    if (closing) {
      socket.end();
      return;
    }
    if (held === null) return;
    const piece = held;
    held = null;
    socket.resume();
    take(piece);
  };

  const take = (piece: Buffer): void => {
    if (busy) {
      held = held === null ? piece : Buffer.concat([held, piece]);
      socket.pause();
      return;
    }
    const request = readShortRequest(piece);
    if (request === null) {
      leave(piece);
      return;
    }
    busy = true;
    void answer(request);
  };

  const end = (): void => void socket.end();
  const destroy = (): void => void socket.destroy();
  const abort = (): void => {
    if (busy) gone.abort();
  };
  const idle = (): void => {
    if (!busy) socket.destroy();
  };
  const leave = (piece: Buffer): void => {
    socket.off('data', take).off('end', end).off('error', destroy).off('close', abort).off('timeout', idle);
    socket.setTimeout(0);
    // Stopped, the piece waits in the socket until Node's server listens.
    socket.pause();
    socket.unshift(piece);
    options.handOver(socket);
    socket.resume();
  };
  socket.on('data', take).on('end', end).on('error', destroy).on('close', abort).on('timeout', idle);
  socket.setTimeout(options.keepAlive);
  return {
    close() {
      closing = true;
      if (!busy) socket.end();
    },
    destroy,
  };
}
