import { connect, type Socket } from 'node:net';
import { asHttpError, type HttpError } from '../errors.ts';
import type { ResponseReader } from './response-reader.ts';

/** Where to connect to. */
export type Endpoint = { readonly host: string; readonly port: number } | { readonly path: string };

/** Bytes taken from a connection at once. */
const READ_BYTES = 256 * 1024;

/**
 * What all connections of the thread read into: on Unix a read is asked for when bytes are there, and what came has been
 * taken out of the buffer before the next. Windows is told the buffer beforehand, so there each connection has its own.
 */
const sharedBuffer = process.platform === 'win32' ? null : Buffer.allocUnsafeSlow(READ_BYTES);

/** What the one who sent a request is told. */
export interface Waiting {
  readonly reader: ResponseReader;
  /** The answer is complete; the connection has been given back if it can be used again. */
  done(): void;
  /** @param untouched no byte of an answer had come: the server may not have seen the request */
  failed(error: HttpError, untouched: boolean): void;
}

/** A connection that carries one request at a time. */
export class Connection {
  readonly #socket: Socket;
  /** Called when it is free for another request; not called any more once it is closed. */
  readonly #onFree: (connection: Connection) => void;
  readonly #onClosed: (connection: Connection) => void;
  #waiting: Waiting | null = null;
  #touched = false;
  #closed = false;
  /** Requests that it has carried to their end. */
  carried = 0;
  /** When it became free, by the clock of the one who keeps it. */
  freeSince = 0;

  constructor(
    endpoint: Endpoint,
    onFree: (connection: Connection) => void,
    onClosed: (connection: Connection) => void,
  ) {
    this.#onFree = onFree;
    this.#onClosed = onClosed;
    this.#socket = connect({
      ...endpoint,
      noDelay: true,
      onread: {
        buffer: sharedBuffer ?? Buffer.allocUnsafeSlow(READ_BYTES / 16),
        callback: (bytes, buffer) => {
          this.#received(buffer as Buffer, bytes);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#fail(asHttpError(error, null)));
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('close', () => this.#ended());
  }

  /** Sends a request; the connection must be free or new. */
  send(head: string, waiting: Waiting): void {
    this.#waiting = waiting;
    this.#touched = false;
    this.#socket.write(head, 'latin1');
  }

  /** Closes it; who waits is not told. */
  destroy(): void {
    this.#waiting = null;
    this.#close();
  }

  /** Closes it; who waits is told why. */
  abort(error: HttpError): void {
    this.#fail(error);
  }

  /** Whether it holds the process, which is only while somebody waits for it. */
  hold(held: boolean): void {
    if (held) this.#socket.ref();
    else this.#socket.unref();
  }

  #received(buffer: Buffer, bytes: number): void {
    const waiting = this.#waiting;
    // Nothing was asked: whatever this is, what comes next would not be an answer.
    if (waiting === null) return this.#close();
    this.#touched = true;
    const { reader } = waiting;
    let taken: number;
    try {
      taken = reader.take(buffer, bytes);
    } catch (error) {
      return this.#fail(asHttpError(error, reader.status));
    }
    if (!reader.done) return undefined;
    this.#waiting = null;
    this.carried++;
    if (taken === bytes && reader.persistent && !this.#closed) this.#onFree(this);
    else this.#close();
    return waiting.done();
  }

  #ended(): void {
    const waiting = this.#waiting;
    if (waiting !== null) {
      try {
        waiting.reader.end();
        this.#waiting = null;
        waiting.done();
      } catch (error) {
        this.#fail(asHttpError(error, waiting.reader.status));
      }
    }
    this.#close();
  }

  #fail(error: HttpError): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#close();
    waiting?.failed(error, !this.#touched);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    this.#onClosed(this);
  }
}
