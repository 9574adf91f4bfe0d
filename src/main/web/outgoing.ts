import { Readable, type Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { HearthError } from '#shared/contract/index.ts';
import type { ApiResponse } from '#main/api/index.ts';

/** Bodies from this size on are compressed for clients that take gzip. */
const COMPRESS_FROM = 1400;
/** Pieces of a text that are made ahead of its reader. */
const AHEAD = 2;

/** Whether the client takes gzip. @param accept its Accept-Encoding header, if there is one */
function takesGzip(accept: string | null): boolean {
  return accept !== null && /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(accept);
}

/** A body whose length is known at its end only. */
export interface OutgoingStream {
  readonly kind: 'stream';
  readonly gzip: boolean;
  readonly trailerNames: readonly string[];
  readonly open: () => Readable;
  /** Names and values, once all has been read. */
  readonly trailers: () => readonly (readonly [name: string, value: string])[];
}

/** A body on its way to the wire: as bytes that are there, or as a stream of them. */
export type OutgoingBody =
  { readonly kind: 'bytes'; readonly pieces: readonly Uint8Array[]; readonly length: number } | OutgoingStream;

/**
 * How a body is sent to this client.
 * @param accept the client's Accept-Encoding header, if there is one
 * @returns null where there is none
 */
export function outgoingBody({ body }: ApiResponse, accept: string | null): OutgoingBody | null {
  if (body === null) return null;
  const packed = (source: Readable): Readable => {
    const gzip = createGzip({ level: constants.Z_BEST_SPEED });
    source.on('error', (error) => gzip.destroy(error));
    gzip.on('close', () => source.destroy());
    return source.pipe(gzip);
  };
  if ('text' in body) {
    const open = (): Readable => Readable.from(body.text, { objectMode: true, highWaterMark: AHEAD });
    const gzip = takesGzip(accept);
    const { trailerNames } = body;
    const trailers = (): [string, string][] => {
      const values = body.trailers();
      return trailerNames.map((name, i) => [name, values[i]]);
    };
    return { kind: 'stream', gzip, trailerNames, open: gzip ? () => packed(open()) : open, trailers };
  }
  let length = 0;
  for (const piece of body) length += piece.length;
  if (length < COMPRESS_FROM || !takesGzip(accept)) return { kind: 'bytes', pieces: body, length };
  return { kind: 'stream', gzip: true, trailerNames: [], open: () => packed(Readable.from(body)), trailers: () => [] };
}

/** Writes pieces as fast as they are taken. Resolves when all are handed over or nobody takes them any more. */
export async function writePieces(sink: Writable, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    if (sink.destroyed) return;
    if (!sink.write(piece)) await drained(sink);
  }
}

/** Resolves when more can be written, or when that will never be. */
export function drained(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      sink.off('drain', done).off('close', done);
      resolve();
    };
    sink.on('drain', done).on('close', done);
  });
}

/** Whether sending ended because the client went away: what it did not get it will ask for again. */
export function isGone(error: unknown): boolean {
  if (error instanceof HearthError) return error.detail.kind === 'canceled';
  return (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
}
