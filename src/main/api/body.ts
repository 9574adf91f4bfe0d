import type { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';

/** The whole body. @throws ApiError when it is larger than `maxBytes` or breaks off */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > maxBytes) throw new ApiError('bad_data', `request body larger than ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
