import type { ListenAddress } from '#main/web/index.ts';

/** What the server's thread is started with. */
export interface ServerData {
  readonly argv: readonly string[];
  /** When the program was started, ms since the epoch: it has run since then, whatever became of its threads. */
  readonly startedAt: number;
  /** After a crash: where it served, and why it ended. Null at the start of the program. */
  readonly again: { readonly listen: readonly ListenAddress[]; readonly reason: string } | null;
}

/** What the server's thread tells the program. */
export type ServerReport =
  /** It answers at these addresses: from now on it is started again when it crashes. */
  | { readonly kind: 'serving'; readonly listen: readonly ListenAddress[] }
  /** It has done all there was to do; its thread ends next. */
  | { readonly kind: 'ended'; readonly code: number };

/** What the program passes on to the server's thread. */
export interface ServerOrder {
  readonly kind: 'stop' | 'reload';
}
