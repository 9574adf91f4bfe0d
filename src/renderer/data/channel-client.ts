import {
  HearthError,
  type Channel,
  type ConnectionState,
  type ErrorDetail,
  type MethodName,
  type MethodParams,
  type MethodResults,
  type NativeBridge,
  type SubscriptionListener,
  type TopicEvents,
  type TopicName,
  type TopicParams,
  type WireMessage,
} from '#shared/contract/index.ts';
import type { ConnectionSource, RendererClient } from './renderer-client.ts';

interface PendingRequest {
  readonly message: WireMessage;
  resolve(result: unknown): void;
  reject(error: HearthError): void;
}

interface Subscription {
  readonly message: WireMessage;
  event(event: unknown): void;
  error(detail: ErrorDetail): void;
}

/**
 * The near end of the contract over channels that come and go. Subscriptions outlive a channel: they are made again on
 * the next one. Requests wait for the first channel; when a channel is lost, those under way fail as `unavailable`
 * (nobody knows whether they were carried out), and so do new ones until there is another.
 */
export class ChannelClient implements RendererClient {
  readonly connection: ConnectionSource;
  readonly native: NativeBridge | null;

  #channel: Channel | null = null;
  #state: ConnectionState = 'connecting';
  #nextId = 1;
  readonly #pending = new Map<number, PendingRequest>();
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #stateListeners = new Set<() => void>();

  constructor(native: NativeBridge | null) {
    this.native = native;
    this.connection = {
      get: () => this.#state,
      subscribe: (listener) => {
        this.#stateListeners.add(listener);
        return () => this.#stateListeners.delete(listener);
      },
    };
  }

  /** Takes a channel that is open. It is used until it closes or `detach` is called. */
  attach(channel: Channel): void {
    this.#channel = channel;
    channel.onMessage((message) => {
      if (this.#channel === channel) this.#receive(message);
    });
    channel.onClose(() => {
      if (this.#channel === channel) this.detach();
    });
    this.#setState('open');
    for (const subscription of this.#subscriptions.values()) channel.send(subscription.message);
    for (const request of this.#pending.values()) channel.send(request.message);
  }

  /** The way to the core is gone: what was asked fails, what was subscribed waits. */
  detach(): void {
    this.#channel = null;
    this.#setState('lost');
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const request of lost) request.reject(new HearthError({ kind: 'unavailable', message: 'connection lost' }));
  }

  request<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<MethodResults[M]> {
    const signal = options?.signal;
    return new Promise<MethodResults[M]>((resolve, reject) => {
      if (signal?.aborted === true) return reject(new HearthError({ kind: 'canceled' }));
      if (this.#state === 'lost') return reject(new HearthError({ kind: 'unavailable', message: 'connection lost' }));
      const id = this.#nextId++;
      const onAbort = () => {
        if (!this.#pending.delete(id)) return;
        this.#channel?.send({ kind: 'cancel', id });
        reject(new HearthError({ kind: 'canceled' }));
      };
      const settle = () => signal?.removeEventListener('abort', onAbort);
      const message: WireMessage = { kind: 'request', id, method, params };
      this.#pending.set(id, {
        message,
        resolve: (result) => {
          settle();
          // The far end of the contract answers with the method's own result type.
          resolve(result as MethodResults[M]);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#channel?.send(message);
    });
  }

  subscribe<T extends TopicName>(topic: T, params: TopicParams<T>, listener: SubscriptionListener<T>): () => void {
    const id = this.#nextId++;
    const message: WireMessage = { kind: 'subscribe', id, topic, params };
    this.#subscriptions.set(id, {
      message,
      event: (event) => listener.event(event as TopicEvents[T]),
      error: (detail) => listener.error(detail),
    });
    this.#channel?.send(message);
    return () => {
      if (this.#subscriptions.delete(id)) this.#channel?.send({ kind: 'unsubscribe', id });
    };
  }

  #receive(message: WireMessage): void {
    switch (message.kind) {
      case 'reply': {
        const request = this.#take(message.id);
        request?.resolve(message.result);
        return;
      }
      case 'failure':
        this.#take(message.id)?.reject(new HearthError(message.error));
        return;
      case 'event':
        this.#subscriptions.get(message.id)?.event(message.event);
        return;
      case 'ended': {
        const subscription = this.#subscriptions.get(message.id);
        this.#subscriptions.delete(message.id);
        subscription?.error(message.error);
        return;
      }
      case 'request':
      case 'cancel':
      case 'subscribe':
      case 'unsubscribe':
        // The far end's own kinds: nothing that a near end answers.
        return;
    }
  }

  #take(id: number): PendingRequest | undefined {
    const request = this.#pending.get(id);
    this.#pending.delete(id);
    return request;
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener();
  }
}
