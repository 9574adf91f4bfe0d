import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body.ts';
import type { ApiOptions, Call, Caller } from './context.ts';
import { ApiError, toApiError } from './errors.ts';
import { Parameters } from './parameters.ts';
import { sendError, sendText } from './respond.ts';
import { findRoute } from './routes.ts';

export { ApiRequest } from './body.ts';
export type { ApiOptions, Caller } from './context.ts';
export { parseTimestamp } from './parameters.ts';
export { sendBody, sendText } from './respond.ts';

/** Bytes of a form body at most. */
const MAX_FORM = 10 * 1024 * 1024;

/** Prometheus's HTTP API in front of a core. */
export interface Api {
  /**
   * Answers the request when its path is one of the API's.
   * @param path of the address, without the prefix that the host serves the API under
   * @returns false when it is none of the API's: nothing was sent
   */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
    caller: Caller,
  ): Promise<boolean>;
}

async function parametersOf(request: IncomingMessage, query: URLSearchParams): Promise<Parameters> {
  const type = request.headers['content-type'] ?? '';
  if (request.method !== 'POST' && request.method !== 'PUT') return new Parameters(query);
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return new Parameters(query);
  const values = new URLSearchParams((await readBody(request, MAX_FORM)).toString('utf8'));
  for (const [name, value] of query) values.append(name, value);
  return new Parameters(values);
}

export function createApi(options: ApiOptions): Api {
  return {
    async handle(request, response, path, query, caller) {
      const match = findRoute(path);
      if (match === null) {
        if (!path.startsWith('/api/')) return false;
        await sendText(request, response, 404, 'Not Found\n');
        return true;
      }
      if (!match.route.methods.includes(request.method ?? 'GET')) {
        response.setHeader('Allow', match.route.methods.join(', '));
        await sendText(request, response, 405, 'Method Not Allowed\n');
        return true;
      }
      const abort = new AbortController();
      const gone = (): void => {
        if (!response.writableFinished) abort.abort();
      };
      response.once('close', gone);
      try {
        const parameters = await parametersOf(request, query);
        const call: Call = {
          api: options,
          request,
          response,
          caller,
          parameters,
          segment: match.segment,
          signal: abort.signal,
        };
        await match.route.endpoint(call);
      } catch (error) {
        const known = toApiError(error, path.startsWith('/api/v1/query') ? 'query' : 'match[]');
        if (known === null) options.onBug(path, error);
        const answer = known ?? new ApiError('internal', 'internal error; the log tells more');
        if (!response.headersSent) await sendError(request, response, answer);
        else response.destroy();
      }
      return true;
    },
  };
}
