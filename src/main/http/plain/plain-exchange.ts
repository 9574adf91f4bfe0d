import type { BodyPool } from '../body-pool.ts';
import { asHttpError, HttpError } from '../errors.ts';
import type { Exchange, ExchangeLimits } from '../exchange.ts';
import type { Connection, Endpoint } from './connection.ts';
import type { Connections } from './connections.ts';
import { ResponseReader } from './response-reader.ts';

export interface PlainRequest extends ExchangeLimits {
  readonly url: URL;
  /** '' or the path of a Unix socket. */
  readonly unixSocket: string;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly pool: BodyPool;
}

/**
 * Sends a GET request to a plain `http://` server over a connection that is kept. This is the way of nearly every
 * scrape: no stream, no object a header, one buffer a body.
 * @throws HttpError
 */
export function plainExchange(connections: Connections, request: PlainRequest): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const { url, unixSocket, pool, signal, limit } = request;
    const key = unixSocket === '' ? url.host : unixSocket;
    const endpoint = endpointOf(url, unixSocket);
    let reader = new ResponseReader(pool, limit);
    let connection: Connection | null = null;
    let over = false;

    const finish = (): void => {
      over = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: HttpError): void => {
      if (over) return;
      finish();
      connection?.destroy();
      reader.release();
      reject(error);
    };
    const onAbort = (): void => fail(new HttpError('aborted', 'aborted', reader.status));
    const timer = setTimeout(
      () => fail(new HttpError('timeout', request.describeTimeout, reader.status)),
      request.timeout,
    );
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) {
      onAbort();
      return;
    }

    const sendOver = (taken: Connection, head: string): void => {
      connection = taken;
      taken.send(head, {
        reader,
        done() {
          finish();
          const { status, headers, body } = reader;
          resolve({ status: status ?? 0, headers, body, release: () => reader.release() });
        },
        failed(error, untouched) {
          // A kept connection may have been closed while the request was on its way: not the target's failure.
          if (!untouched || taken.carried === 0 || error.kind !== 'closed') return fail(error);
          reader = new ResponseReader(pool, limit);
          return sendOver(connections.open(key, endpoint), head);
        },
      });
    };
    const send = async (): Promise<void> => {
      const head = requestHead(url, await request.headers());
      if (!over) sendOver(connections.take(key, endpoint), head);
    };
    send().catch((error: unknown) => fail(asHttpError(error, null)));
  });
}

function endpointOf(url: URL, unixSocket: string): Endpoint {
  if (unixSocket !== '') return { path: unixSocket };
  const { hostname, port } = url;
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { host, port: port === '' ? 80 : Number(port) };
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** @throws HttpError when a configured header cannot be sent */
function requestHead(url: URL, headers: Readonly<Record<string, string>>): string {
  let head = `GET ${url.pathname}${url.search} HTTP/1.1\r\n`;
  if (headers['host'] === undefined) head += `host: ${url.host}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name) || !VALUE.test(value)) throw new HttpError('other', `invalid header ${JSON.stringify(name)}`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}connection: keep-alive\r\n\r\n`;
}
