import { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';

/**
 * A request whose body can be taken piece by piece as the parser finds it. As a stream it passes four turns of the loop on
 * its way, which cost a small question more than its evaluation. What nobody takes is a stream as ever.
 */
export class ApiRequest extends IncomingMessage {
  /** Null: the stream has the body. */
  #take: ((piece: Buffer | null) => boolean) | null = null;

  /**
   * Has the body handed over from now on, null at its end.
   * @param take says false where it wants no more: the rest goes the way of the stream
   * @returns false where a part has come already: the stream has it
   */
  takeBody(take: (piece: Buffer | null) => boolean): boolean {
    if (this.complete || this.readableLength > 0) return false;
    this.#take = take;
    return true;
  }

  override push(piece: Buffer | null, encoding?: BufferEncoding): boolean {
    if (this.#take === null) return super.push(piece, encoding);
    const more = this.#take(piece);
    if (piece !== null && more) return true;
    this.#take = null;
    // Whoever waits for the stream's end (the server, before the next request) gets it.
    return piece === null ? super.push(null) : false;
  }
}

/**
 * The whole body.
 * @throws ApiError when it is larger than `maxBytes` or breaks off
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const add = (piece: Buffer): boolean => {
      length += piece.length;
      if (length <= maxBytes) {
        pieces.push(piece);
        return true;
      }
      request.pause();
      reject(new ApiError('bad_data', `request body larger than ${maxBytes} bytes`));
      return false;
    };
    const end = (): void => resolve(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, length));
    const taken =
      request instanceof ApiRequest &&
      request.takeBody((piece) => {
        if (piece !== null) return add(piece);
        end();
        return false;
      });
    if (!taken) {
      request.on('data', add);
      request.on('end', end);
    }
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new ApiError('bad_data', 'the request broke off'));
    });
  });
}
