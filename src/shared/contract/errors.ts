/** What can go wrong, by kind, with the parameters that words need. The renderer makes the words. */
export type ErrorDetail =
  /** The request does not fit its schema; `path` names the field. */
  | { readonly kind: 'bad-request'; readonly path: string; readonly message: string }
  /** The caller may not do this (no or wrong token). */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'not-found'; readonly what: string }
  /** The query does not parse or type-check; offsets are UTF-16 positions in the expression. */
  | { readonly kind: 'query-parse'; readonly message: string; readonly from: number; readonly to: number }
  | { readonly kind: 'query-execution'; readonly message: string }
  | { readonly kind: 'query-timeout'; readonly message: string }
  | { readonly kind: 'canceled' }
  /** A configuration was refused; the file is unchanged. Line and column are 1-based. */
  | { readonly kind: 'config-invalid'; readonly file: string; readonly problems: readonly ConfigProblem[] }
  /** The file changed since `baseVersion` was read. */
  | { readonly kind: 'config-conflict'; readonly version: string }
  /** A change cannot be taken back: a later one touches the same lines. */
  | { readonly kind: 'config-overlap'; readonly file: string }
  | { readonly kind: 'storage'; readonly reason: string; readonly message: string }
  /** The core is not there (starting, restarting, connection lost). */
  | { readonly kind: 'unavailable'; readonly message: string }
  /** A bug: logged with its stack where it happened. */
  | { readonly kind: 'internal'; readonly message: string };

export interface ConfigProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** An expected failure on its way through the contract. */
export class HearthError extends Error {
  override readonly name = 'HearthError';
  readonly detail: ErrorDetail;
  constructor(detail: ErrorDetail) {
    super('message' in detail ? detail.message : detail.kind);
    this.detail = detail;
  }
}
