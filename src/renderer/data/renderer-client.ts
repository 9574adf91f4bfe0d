import type { ConnectionState, CoreClient, NativeBridge } from '#shared/contract/index.ts';

/** The core as the renderer holds it: the contract, the state of the way to it, and what only the desktop host can do. */
export interface RendererClient extends CoreClient {
  readonly connection: ConnectionSource;
  /** Null in a browser. */
  readonly native: NativeBridge | null;
}

export interface ConnectionSource {
  readonly get: () => ConnectionState;
  /** Returns its removal. */
  subscribe(listener: () => void): () => void;
}
