import type { MessagePort } from 'node:worker_threads';
import type { ErrorDetail } from '#shared/contract/index.ts';
import type { CoreOptions } from './options.ts';

/** What the worker thread is started with. */
export interface CoreWorkerData {
  readonly options: CoreOptions;
  /** The far end of the wire. */
  readonly wire: MessagePort;
  /** The far end of the host's services, and the preferences it keeps; null where the host has none. */
  readonly services: { readonly port: MessagePort; readonly preferences: unknown } | null;
}

/** What the worker tells its host besides the wire. */
export type CoreReport =
  | { readonly kind: 'ready' }
  /** It could not start. */
  | { readonly kind: 'failed'; readonly error: ErrorDetail }
  /** It was asked to stop and has committed everything. */
  | { readonly kind: 'stopped' };

export interface CoreOrder {
  readonly kind: 'stop';
}
