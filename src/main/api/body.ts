import type { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';

/**
 * The whole body. By events: an iterator over the request costs a small question more than its evaluation.
 * @throws ApiError when it is larger than `maxBytes` or breaks off
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    request.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length > maxBytes) {
        request.pause();
        reject(new ApiError('bad_data', `request body larger than ${maxBytes} bytes`));
      } else pieces.push(piece);
    });
    request.on('end', () => resolve(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, length)));
    request.on('error', reject);
    request.on('close', () => reject(new ApiError('bad_data', 'the request broke off')));
  });
}
