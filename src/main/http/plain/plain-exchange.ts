import type { BodyPool } from '../body-pool.ts';
import { asHttpError, HttpError } from '../errors.ts';
import type { Exchange, ExchangeLimits } from '../exchange.ts';
import type { Connection, Endpoint, Waiting } from './connection.ts';
import type { Connections } from './connections.ts';
import { ResponseReader } from './response-reader.ts';

export interface PlainRequest extends ExchangeLimits {
  /** Names the endpoint: connections are kept by it. */
  readonly key: string;
  readonly endpoint: Endpoint;
  /** What is sent (`requestHead`), or a promise of it where secrets have to be read first. */
  readonly head: string | Promise<string>;
  readonly pool: BodyPool;
}

/**
 * Sends a GET request to a plain `http://` server over a connection that is kept. This is the way of nearly every
 * scrape: no stream, no object a header, one buffer a body.
 * @throws HttpError
 */
export function plainExchange(connections: Connections, request: PlainRequest): Promise<Exchange> {
  return new Promise((resolve, reject) => new PlainExchange(connections, request, resolve, reject).start());
}

class PlainExchange implements Waiting {
  reader: ResponseReader;
  readonly #connections: Connections;
  readonly #request: PlainRequest;
  readonly #resolve: (exchange: Exchange) => void;
  readonly #reject: (error: HttpError) => void;
  #connection: Connection | null = null;
  #timer: NodeJS.Timeout | null = null;
  #head = '';
  #over = false;
  readonly #onAbort = (): void => this.#fail(new HttpError('aborted', 'aborted', this.reader.status));

  constructor(
    connections: Connections,
    request: PlainRequest,
    resolve: (exchange: Exchange) => void,
    reject: (error: HttpError) => void,
  ) {
    this.#connections = connections;
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.reader = new ResponseReader(request.pool, request.limit);
  }

  start(): void {
    const { signal, head, timeout } = this.#request;
    this.#timer = setTimeout(onTimeout, timeout, this);
    signal?.addEventListener('abort', this.#onAbort);
    if (signal?.aborted === true) this.#onAbort();
    if (typeof head === 'string') this.#send(head);
    else
      head.then(
        (text) => this.#send(text),
        (error: unknown) => this.#fail(asHttpError(error, null)),
      );
  }

  timedOut(): void {
    this.#fail(new HttpError('timeout', this.#request.describeTimeout, this.reader.status));
  }

  done(): void {
    this.#finish();
    const { reader } = this;
    const { status, headers, body } = reader;
    this.#resolve({ status: status ?? 0, headers, body, release: () => reader.release() });
  }

  failed(error: HttpError, untouched: boolean): void {
    // A kept connection may have been closed while the request was on its way: not the target's failure.
    if (!untouched || this.#connection?.carried === 0 || error.kind !== 'closed') {
      this.#fail(error);
      return;
    }
    const { key, endpoint, pool, limit } = this.#request;
    this.reader = new ResponseReader(pool, limit);
    this.#sendOver(this.#connections.open(key, endpoint));
  }

  #send(head: string): void {
    if (this.#over) return;
    this.#head = head;
    const { key, endpoint } = this.#request;
    this.#sendOver(this.#connections.take(key, endpoint));
  }

  #sendOver(connection: Connection): void {
    this.#connection = connection;
    connection.send(this.#head, this);
  }

  #fail(error: HttpError): void {
    if (this.#over) return;
    this.#finish();
    this.#connection?.destroy();
    this.reader.release();
    this.#reject(error);
  }

  #finish(): void {
    this.#over = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
  }
}

function onTimeout(exchange: PlainExchange): void {
  exchange.timedOut();
}

/** Where a plain URL's requests are sent to, and by what name connections to it are kept. */
export function endpointOf(url: URL, unixSocket: string): { readonly key: string; readonly endpoint: Endpoint } {
  if (unixSocket !== '') return { key: unixSocket, endpoint: { path: unixSocket } };
  const { hostname, port } = url;
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { key: url.host, endpoint: { host, port: port === '' ? 80 : Number(port) } };
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The whole of a GET request. @throws HttpError when a configured header cannot be sent */
export function requestHead(url: URL, headers: Readonly<Record<string, string>>): string {
  let head = `GET ${url.pathname}${url.search} HTTP/1.1\r\n`;
  if (headers['host'] === undefined) head += `host: ${url.host}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name) || !VALUE.test(value)) throw new HttpError('other', `invalid header ${JSON.stringify(name)}`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}connection: keep-alive\r\n\r\n`;
}
