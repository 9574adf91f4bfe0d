import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, createGzip } from 'node:zlib';
import type { ApiError } from './errors.ts';
import { successBody, type JsonWriter, type Notes } from '#main/json/index.ts';

/** Bodies from this size on are compressed for clients that take gzip. */
const COMPRESS_FROM = 1400;

/** Bodies up to this many bytes are sent as text, whose characters are the bytes. */
const SHORT = 16_384;

/** Whether the client takes gzip. */
export function takesGzip(request: IncomingMessage): boolean {
  const accept = request.headers['accept-encoding'] ?? '';
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(accept);
}

/** Sends a body; HEAD gets the headers only. Resolves when it is handed over or the client is gone. */
export async function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string,
  pieces: readonly Uint8Array[],
): Promise<void> {
  if (response.destroyed) return;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const gzip = length >= COMPRESS_FROM && takesGzip(request);
  const how = gzip ? { 'Content-Encoding': 'gzip' } : { 'Content-Length': length };
  response.writeHead(status, { 'Content-Type': contentType, Vary: 'Accept-Encoding', ...how });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  if (!gzip && pieces.length === 1) {
    // Headers and body leave in one write, a short body as a part of the same text: two pieces cost as much again.
    const [piece] = pieces;
    if (length > SHORT) response.end(piece);
    else response.end(Buffer.from(piece.buffer, piece.byteOffset, length).toString('latin1'), 'latin1');
    return;
  }
  const sink = gzip ? createGzip({ level: constants.Z_BEST_SPEED }) : response;
  if (gzip) (sink as ReturnType<typeof createGzip>).pipe(response);
  const gone = new Promise<void>((resolve) => response.once('close', resolve));
  for (const piece of pieces) {
    if (response.destroyed) break;
    if (!sink.write(piece)) await Promise.race([gone, new Promise((resolve) => sink.once('drain', resolve))]);
  }
  sink.end();
}

export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'text/plain; charset=utf-8',
): Promise<void> {
  return sendBody(request, response, status, contentType, [Buffer.from(text)]);
}

/** `{"status":"success","data":...}`, the data written by `write`. */
export function sendData(
  request: IncomingMessage,
  response: ServerResponse,
  write: (out: JsonWriter) => void,
  notes: Notes = {},
): Promise<void> {
  return sendBody(request, response, 200, 'application/json', successBody(write, notes));
}

export function sendError(request: IncomingMessage, response: ServerResponse, error: ApiError): Promise<void> {
  const body = JSON.stringify({ status: 'error', errorType: error.type, error: error.message });
  return sendBody(request, response, error.status, 'application/json', [Buffer.from(body)]);
}
