import type { ApiOptions, Caller } from './context.ts';
import { ApiError, toApiError } from './errors.ts';
import { Parameters, readPairs } from './parameters.ts';
import type { ApiRequest } from './request.ts';
import { errorResponse, textResponse, type ApiResponse } from './response.ts';
import { findRoute, type RouteMatch } from './routes.ts';

export type { ApiOptions, Caller } from './context.ts';
export { ApiError } from './errors.ts';
export { parseTimestamp } from './parameters.ts';
export type { ApiRequest } from './request.ts';
export { bytesResponse, textResponse, type ApiResponse, type ResponseStream } from './response.ts';

/** Bytes of a form body at most. */
const MAX_FORM = 10 * 1024 * 1024;

/** Prometheus's HTTP API in front of a core. */
export interface Api {
  /** @returns null when the path is none of the API's; otherwise an answer in any case: nothing rejects */
  answer(request: ApiRequest, caller: Caller): Promise<ApiResponse> | null;
}

const FORM = /^application\/x-www-form-urlencoded\b/i;

/** The form of a request: at once where it has come already; null where its body is none. */
function formOf(request: ApiRequest): Buffer | Promise<Buffer> | null {
  if (request.method !== 'POST' && request.method !== 'PUT') return null;
  return FORM.test(request.header('content-type') ?? '') ? request.readBody(MAX_FORM) : null;
}

function parametersOf(query: string, body: Buffer | null): Parameters {
  const inAddress = readPairs(query);
  if (body === null) return new Parameters(inAddress);
  const values = readPairs(body.toString('utf8'));
  for (const [name, value] of inAddress) values.append(name, value);
  return new Parameters(values);
}

export function createApi(options: ApiOptions): Api {
  const run = async (match: RouteMatch, request: ApiRequest, caller: Caller): Promise<ApiResponse> => {
    const { path, method, signal } = request;
    const { methods, endpoint } = match.route;
    if (!methods.includes(method)) {
      const refused = textResponse(405, 'Method Not Allowed\n');
      return { ...refused, headers: { ...refused.headers, Allow: methods.join(', ') } };
    }
    try {
      const form = formOf(request);
      const parameters = parametersOf(request.query, form instanceof Promise ? await form : form);
      return await endpoint({ api: options, request, caller, parameters, segment: match.segment, signal });
    } catch (error) {
      const known = toApiError(error, path.startsWith('/api/v1/query') ? 'query' : 'match[]');
      if (known === null) options.onBug(path, error);
      return errorResponse(known ?? new ApiError('internal', 'internal error; the log tells more'));
    }
  };
  return {
    answer(request, caller) {
      const match = findRoute(request.path);
      if (match !== null) return run(match, request, caller);
      return request.path.startsWith('/api/') ? Promise.resolve(textResponse(404, 'Not Found\n')) : null;
    },
  };
}
