import type { Channel, ConnectionState, CoreClient, SubscriptionListener, WireMessage } from './client.ts';
import { HearthError, type ErrorDetail } from './errors.ts';
import type { MethodResults } from './method-results.ts';
import type { MethodName, MethodParams } from './methods.ts';
import type { TopicName, TopicParams } from './topics.ts';

export interface WireClientOptions {
  /** Opens a channel, or rejects when that is not possible now. Called again after each loss. */
  connect(): Promise<Channel>;
  /** Runs `action` after `millis`; returns a function that prevents it. */
  schedule(millis: number, action: () => void): () => void;
  /** Milliseconds to wait before each further attempt; the last one repeats. */
  readonly retryDelays?: readonly number[];
  onState?(state: ConnectionState): void;
}

export interface WireClient extends CoreClient {
  readonly state: ConnectionState;
  /** Closes the channel; open requests fail with kind `unavailable`, subscriptions end silently. */
  close(): void;
}

const RETRY_DELAYS = [100, 250, 500, 1000, 2000];

interface Pending {
  resolve(result: never): void;
  reject(error: Error): void;
  /** Detaches from the caller's signal. */
  done(): void;
}

interface Subscription {
  readonly topic: string;
  readonly params: unknown;
  readonly listener: { event(event: never): void; error(detail: ErrorDetail): void };
}

function unavailable(message: string): HearthError {
  return new HearthError({ kind: 'unavailable', message });
}

/**
 * The near end of a wire. Until the first connection stands, requests wait for it; while it is lost they fail at once
 * with kind `unavailable`, and subscriptions wait to be made again.
 */
export function createWireClient(options: WireClientOptions): WireClient {
  const delays = options.retryDelays ?? RETRY_DELAYS;
  const pending = new Map<number, Pending>();
  const subscriptions = new Map<number, Subscription>();
  /** Requests made before the first connection. */
  let waiting: WireMessage[] = [];
  let nextId = 1;
  let channel: Channel | null = null;
  let state: ConnectionState = 'connecting';
  let closed = false;
  let failures = 0;
  let cancelRetry = () => {};

  const setState = (next: ConnectionState): void => {
    if (state === next) return;
    state = next;
    options.onState?.(next);
  };

  const failAll = (error: HearthError): void => {
    waiting = [];
    const failed = [...pending.values()];
    pending.clear();
    for (const entry of failed) {
      entry.done();
      entry.reject(error);
    }
  };

  const lost = (): void => {
    channel = null;
    failAll(unavailable('the connection to the core was lost'));
    if (closed) return;
    setState('lost');
    const delay = delays[Math.min(failures, delays.length - 1)];
    failures++;
    cancelRetry = options.schedule(delay, open);
  };

  const receive = (message: WireMessage): void => {
    switch (message.kind) {
      case 'reply':
      case 'failure': {
        const entry = pending.get(message.id);
        if (entry === undefined) return;
        pending.delete(message.id);
        entry.done();
        if (message.kind === 'reply') entry.resolve(message.result as never);
        else entry.reject(new HearthError(message.error));
        return;
      }
      case 'event':
        subscriptions.get(message.id)?.listener.event(message.event as never);
        return;
      case 'ended': {
        const subscription = subscriptions.get(message.id);
        subscriptions.delete(message.id);
        subscription?.listener.error(message.error);
        return;
      }
      case 'request':
      case 'cancel':
      case 'subscribe':
      case 'unsubscribe':
        return;
    }
  };

  const adopt = (opened: Channel): void => {
    if (closed) {
      opened.close();
      return;
    }
    channel = opened;
    failures = 0;
    opened.onClose(() => {
      if (channel === opened) lost();
    });
    opened.onMessage((message) => {
      if (channel === opened) receive(message);
    });
    setState('open');
    for (const [id, { topic, params }] of subscriptions) opened.send({ kind: 'subscribe', id, topic, params });
    const queued = waiting;
    waiting = [];
    for (const message of queued) opened.send(message);
  };

  const open = (): void => {
    options.connect().then(adopt, () => {
      if (!closed) lost();
    });
  };

  open();

  return {
    get state() {
      return state;
    },
    request<M extends MethodName>(
      method: M,
      params: MethodParams<M>,
      requestOptions: { readonly signal?: AbortSignal } = {},
    ): Promise<MethodResults[M]> {
      const { signal } = requestOptions;
      if (signal?.aborted === true) return Promise.reject(new HearthError({ kind: 'canceled' }));
      if (closed || state === 'lost') return Promise.reject(unavailable('not connected to the core'));
      const id = nextId++;
      const message: WireMessage = { kind: 'request', id, method, params };
      return new Promise<MethodResults[M]>((resolve, reject) => {
        const abort = (): void => {
          pending.delete(id);
          const index = waiting.indexOf(message);
          if (index >= 0) waiting.splice(index, 1);
          else channel?.send({ kind: 'cancel', id });
          reject(new HearthError({ kind: 'canceled' }));
        };
        signal?.addEventListener('abort', abort, { once: true });
        pending.set(id, { resolve, reject, done: () => signal?.removeEventListener('abort', abort) });
        if (channel === null) waiting.push(message);
        else channel.send(message);
      });
    },
    subscribe<T extends TopicName>(topic: T, params: TopicParams<T>, listener: SubscriptionListener<T>): () => void {
      const id = nextId++;
      subscriptions.set(id, { topic, params, listener });
      channel?.send({ kind: 'subscribe', id, topic, params });
      return () => {
        if (subscriptions.delete(id)) channel?.send({ kind: 'unsubscribe', id });
      };
    },
    close() {
      closed = true;
      cancelRetry();
      subscriptions.clear();
      const open = channel;
      channel = null;
      failAll(unavailable('the connection was closed'));
      open?.close();
    },
  };
}
