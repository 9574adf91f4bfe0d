import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ApiError, type ApiRequest, type ApiResponse } from '#main/api/index.ts';
import { isGone, outgoingBody, writePieces } from './outgoing.ts';

/** @param name in lower case. @returns null where the header is missing */
export function headerOf({ headers }: IncomingMessage, name: string): string | null {
  const value = headers[name] ?? null;
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A request as Node's parser reads it. @returns null where its address cannot be read */
export function messageRequest(message: IncomingMessage, response: ServerResponse): ApiRequest | null {
  const url = URL.parse(message.url ?? '/', 'http://hearth.invalid');
  if (url === null) return null;
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.search.slice(1),
    header: (name) => headerOf(message, name),
    readBody: (maxBytes) => readBody(message, maxBytes),
    openBody: () => message,
    signal: gone.signal,
  };
}

function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    message.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length <= maxBytes) {
        pieces.push(piece);
        return;
      }
      message.pause();
      reject(new ApiError('bad_data', `request body larger than ${maxBytes} bytes`));
    });
    message.on('end', () => resolve(Buffer.concat(pieces, length)));
    message.on('error', reject);
    message.on('close', () => {
      if (!message.complete) reject(new ApiError('bad_data', 'the request broke off'));
    });
  });
}

/** Sends an answer through Node's server. Resolves when it is handed over or the client is gone. */
export async function sendMessage(
  message: IncomingMessage,
  response: ServerResponse,
  answer: ApiResponse,
): Promise<void> {
  if (response.destroyed) return;
  const { status, headers } = answer;
  const outgoing = outgoingBody(answer, headerOf(message, 'accept-encoding'));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (outgoing?.kind === 'bytes') response.setHeader('Content-Length', outgoing.length);
  if (outgoing?.kind === 'stream') {
    if (outgoing.gzip) response.setHeader('Content-Encoding', 'gzip');
    if (outgoing.trailerNames.length > 0) response.setHeader('Trailer', outgoing.trailerNames.join(', '));
  }
  response.writeHead(status);
  if (outgoing === null || message.method === 'HEAD') {
    response.end();
    return;
  }
  if (outgoing.kind === 'bytes') {
    await writePieces(response, outgoing.pieces);
    response.end();
    return;
  }
  const source = outgoing.open();
  source.on('end', () => response.addTrailers(Object.fromEntries(outgoing.trailers())));
  try {
    await pipeline(source, response);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
