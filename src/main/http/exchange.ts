import type { Dispatcher } from 'undici';
import type { Millis } from '#shared/model/index.ts';
import { asHttpError, HttpError } from './errors.ts';

/** One request and its answer, without redirects and as it came over the wire. */
export interface Exchange {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Gives the body's bytes back where they are not its own. */
  release(): void;
}

/** What bounds an exchange. */
export interface ExchangeLimits {
  readonly timeout: Millis;
  readonly describeTimeout: string;
  /** Bytes of the body from which on it is refused. */
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

export interface ExchangeRequest extends ExchangeLimits {
  readonly dispatcher: () => Promise<Dispatcher>;
  readonly options: () => Promise<Dispatcher.DispatchOptions>;
}

/**
 * Sends one request by undici's lowest layer: its handlers are called as bytes arrive, without streams between.
 * @throws HttpError
 */
export function exchange(request: ExchangeRequest): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let over = false;
    let status: number | null = null;
    let headers: Exchange['headers'] = {};
    const chunks: Buffer[] = [];
    let size = 0;

    const finish = (): void => {
      over = true;
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: HttpError): void => {
      if (over) return;
      finish();
      controller?.abort(error);
      reject(error);
    };
    const onAbort = (): void => fail(new HttpError('aborted', 'aborted', status));
    const timer = setTimeout(() => fail(new HttpError('timeout', request.describeTimeout, status)), request.timeout);
    request.signal?.addEventListener('abort', onAbort);
    if (request.signal?.aborted === true) {
      onAbort();
      return;
    }

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (over) started.abort(new HttpError('aborted', 'too late'));
      },
      onResponseStart(_, code, given) {
        status = code;
        headers = given;
        const length = Number(given['content-length']);
        if (length >= request.limit)
          fail(new HttpError('body-size', `body size limit exceeded (${request.limit} bytes)`, status));
      },
      onResponseData(_, chunk) {
        size += chunk.length;
        if (size >= request.limit)
          fail(new HttpError('body-size', `body size limit exceeded (${request.limit} bytes)`, status));
        else chunks.push(chunk);
      },
      onResponseEnd() {
        if (over) return;
        finish();
        const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size);
        resolve({ status: status ?? 0, headers, body, release() {} });
      },
      onResponseError(_, error) {
        fail(asHttpError(error, status));
      },
    };
    const send = async (): Promise<void> => {
      const [dispatcher, options] = await Promise.all([request.dispatcher(), request.options()]);
      if (!over) dispatcher.dispatch(options, handler);
    };
    send().catch((error: unknown) => fail(asHttpError(error, status)));
  });
}
