import type { ErrorDetail } from './errors.ts';
import type { MethodResults } from './method-results.ts';
import type { MethodName, MethodParams } from './methods.ts';
import type { TopicEvents, TopicName, TopicParams } from './topics.ts';

/** The core as anyone sees it, near or far: every transport has one on its near end and serves one on its far end. */
export interface CoreClient {
  /**
   * Asks one thing.
   * @throws HearthError for expected failures; aborting `signal` cancels the work and rejects with kind `canceled`
   */
  request<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<MethodResults[M]>;
  /**
   * Subscribes until the returned function is called. Events arrive in order. After a lost connection the client
   * subscribes again by itself and the first event is whole again.
   */
  subscribe<T extends TopicName>(topic: T, params: TopicParams<T>, listener: SubscriptionListener<T>): () => void;
}

export interface SubscriptionListener<T extends TopicName> {
  event(event: TopicEvents[T]): void;
  /** The subscription is over (bad parameters, no right); connection losses are not reported here. */
  error(detail: ErrorDetail): void;
}

/** State of the way to the core. */
export type ConnectionState = 'connecting' | 'open' | 'lost';

/** What goes over a channel, in both directions. Structured-cloneable; typed arrays are kept. */
export type WireMessage =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorDetail }
  | { readonly kind: 'subscribe'; readonly id: number; readonly topic: string; readonly params: unknown }
  | { readonly kind: 'unsubscribe'; readonly id: number }
  | { readonly kind: 'event'; readonly id: number; readonly event: unknown }
  | { readonly kind: 'ended'; readonly id: number; readonly error: ErrorDetail };

/** A two-way pipe of messages: worker port, Electron IPC, WebSocket. */
export interface Channel {
  send(message: WireMessage): void;
  /** One listener; messages that came before it was set are delivered when it is. */
  onMessage(listener: (message: WireMessage) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
