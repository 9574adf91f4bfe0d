import { HearthError } from '#shared/contract/index.ts';
import { assertNever } from '#shared/model/index.ts';

/** Prometheus's error types, each with its HTTP status. */
export type ApiErrorType =
  | 'bad_data'
  | 'execution'
  | 'timeout'
  | 'canceled'
  | 'internal'
  | 'unavailable'
  | 'not_found'
  | 'not_acceptable'
  | 'forbidden';

const STATUS: Readonly<Record<ApiErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  canceled: 499,
  internal: 500,
  unavailable: 503,
  not_found: 404,
  not_acceptable: 406,
  forbidden: 403,
};

/** A failure in the words of the HTTP API. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly type: ApiErrorType;
  constructor(type: ApiErrorType, message: string) {
    super(message);
    this.type = type;
  }
  get status(): number {
    return STATUS[this.type];
  }
}

export function badParameter(name: string, message: string): ApiError {
  return new ApiError('bad_data', `invalid parameter "${name}": ${message}`);
}

/**
 * Any error as the API tells it; null for a bug.
 * @param queryParameter the parameter that holds the expression, named in the text of a parse error
 */
export function toApiError(error: unknown, queryParameter: string): ApiError | null {
  if (error instanceof ApiError) return error;
  if (!(error instanceof HearthError)) return null;
  const { detail } = error;
  switch (detail.kind) {
    case 'query-parse':
      return badParameter(queryParameter, detail.message);
    case 'bad-request':
      return new ApiError('bad_data', detail.path === '' ? detail.message : `${detail.path}: ${detail.message}`);
    case 'query-execution':
      return new ApiError('execution', detail.message);
    case 'query-timeout':
      return new ApiError('timeout', detail.message);
    case 'canceled':
      return new ApiError('canceled', 'query was canceled');
    case 'forbidden':
      return new ApiError('forbidden', 'this needs the session token');
    case 'not-found':
      return new ApiError('not_found', `${detail.what} not found`);
    case 'unavailable':
      return new ApiError('unavailable', detail.message);
    case 'config-invalid': {
      const [problem] = detail.problems;
      return new ApiError('internal', `${detail.file}:${problem?.line ?? 1}: ${problem?.message ?? 'invalid'}`);
    }
    case 'config-conflict':
    case 'config-overlap':
      return new ApiError('internal', 'the configuration changed meanwhile');
    case 'storage':
    case 'internal':
      return new ApiError('internal', detail.message);
    default:
      return assertNever(detail);
  }
}
