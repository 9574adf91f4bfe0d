/** Why no answer came. An answer of any status is not an error here. */
export type HttpErrorKind =
  | 'refused'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'redirect'
  | 'body-size'
  | 'closed'
  /** A secret or certificate could not be read. */
  | 'credentials'
  | 'aborted'
  | 'other';

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly kind: HttpErrorKind;
  /** Status of the answer, where one had begun. */
  readonly status: number | null;
  constructor(kind: HttpErrorKind, message: string, status: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.status = status;
  }
}

const BY_CODE: Readonly<Record<string, HttpErrorKind>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_RESPONSE_EXCEEDED_SIZE: 'body-size',
  EPROTO: 'tls',
  HOSTNAME_MISMATCH: 'tls',
};
const TLS_CODE = /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO_|SELF_SIGNED|UNABLE_TO_|INVALID_CA|PATH_LENGTH)/;

/** Classifies what the network or the HTTP parser threw. */
export function asHttpError(error: unknown, status: number | null): HttpError {
  if (error instanceof HttpError) return error;
  const inner = deepest(error);
  const code = codeOf(inner);
  const message = inner instanceof Error && inner.message !== '' ? inner.message : String(inner);
  const kind = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : TLS_CODE.test(code) ? 'tls' : 'other';
  return new HttpError(kind, message, status, { cause: error });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** The error that says most: the first of several connection attempts, or the cause of a wrapper without a code we know. */
function deepest(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return deepest(error.errors[0]);
  if (error instanceof Error && error.cause !== undefined && codeOf(error.cause) !== '') return deepest(error.cause);
  return error;
}
