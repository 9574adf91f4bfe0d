import type { AnswerForm } from '#main/json/index.ts';
import type { EngineSettings, TierPolicy } from '#main/promql/index.ts';
import type { ReadViewData } from '#main/storage/index.ts';
import type { ErrorDetail, ExplainedResult, QueryResult } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';

/** One evaluation. `end` equal to `start` does not make a range an instant. */
export interface QueryTask {
  readonly kind: 'instant' | 'range' | 'explain';
  readonly expr: string;
  readonly start: Millis;
  readonly end: Millis;
  readonly step: Millis;
  readonly lookback?: Millis | undefined;
  readonly timeout?: Millis | undefined;
  /** Tiers that may be read in place of samples; by default none. */
  readonly tiers?: TierPolicy | null | undefined;
  /** The answer is wanted as the HTTP API's body; null: as columns. */
  readonly form: AnswerForm | null;
}

export type QueryOutcome =
  | { readonly kind: 'columns'; readonly result: QueryResult }
  | { readonly kind: 'explained'; readonly explained: ExplainedResult }
  | { readonly kind: 'body'; readonly body: Uint8Array<ArrayBuffer>[] };

/** What a thread of queries is started with. */
export interface QueryWorkerData {
  /** The store's database file. */
  readonly path: string;
  readonly cacheBytes: number;
  readonly settings: EngineSettings;
}

export interface QueryOrder {
  readonly task: QueryTask;
  readonly view: ReadViewData;
  /** Resolution of subqueries that give none, as configured now. */
  readonly subqueryStep: Millis;
  /** Its one element is not 0 when nobody waits for the answer any more. */
  readonly canceled: Int32Array;
}

export type QueryReport =
  /** The file stands still for the thread: the store may go on with its upkeep. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'done'; readonly outcome: QueryOutcome }
  | { readonly kind: 'failed'; readonly error: ErrorDetail }
  /** A bug. */
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'damaged'; readonly frame: number };
