import type { Channel, CoreClient, WireMessage } from './client.ts';
import { HearthError, type ErrorDetail } from './errors.ts';
import { methods, type Access, type MethodName } from './methods.ts';
import { topics, type TopicName } from './topics.ts';

export interface WireServerOptions {
  /** What the other end may do; `write` includes `read`. */
  readonly access: Access;
  /** Told of errors that are bugs, with the method or topic; the other end only learns that it was one. */
  onBug(where: string, error: unknown): void;
}

function has<K extends string>(table: Readonly<Record<K, unknown>>, name: string): name is K {
  return Object.hasOwn(table, name);
}

/**
 * The far end of a wire: checks what comes against the schemas and the session's right, and passes it on to `core`.
 * Everything that came over the channel is canceled and unsubscribed when it closes.
 * @returns ends the service and closes the channel
 */
export function serveChannel(channel: Channel, core: CoreClient, options: WireServerOptions): () => void {
  const running = new Map<number, AbortController>();
  const subscribed = new Map<number, () => void>();
  let open = true;

  const send = (message: WireMessage): void => {
    if (open) channel.send(message);
  };

  const describe = (where: string, error: unknown): ErrorDetail => {
    if (error instanceof HearthError) return error.detail;
    options.onBug(where, error);
    return { kind: 'internal', message: `${where} failed; the log tells more` };
  };

  /** The parameters as their schema reads them. @throws HearthError when they do not fit or the right is missing */
  const admit = (spec: { access: Access; params: ParamsSchema }, params: unknown): unknown => {
    if (spec.access === 'write' && options.access !== 'write') throw new HearthError({ kind: 'forbidden' });
    const parsed = spec.params.safeParse(params);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new HearthError({ kind: 'bad-request', path: issue.path.map(String).join('.'), message: issue.message });
  };

  const request = async (id: number, name: string, params: unknown): Promise<void> => {
    const abort = new AbortController();
    try {
      if (running.has(id)) throw new HearthError({ kind: 'bad-request', path: 'id', message: 'id is in use' });
      if (!has(methods, name)) throw new HearthError({ kind: 'not-found', what: `method ${name}` });
      const checked = admit(methods[name], params);
      running.set(id, abort);
      const result = await core.request<MethodName>(name, checked as never, { signal: abort.signal });
      send({ kind: 'reply', id, result });
    } catch (error) {
      send({ kind: 'failure', id, error: describe(name, error) });
    } finally {
      if (running.get(id) === abort) running.delete(id);
    }
  };

  const subscribe = (id: number, name: string, params: unknown): void => {
    try {
      if (subscribed.has(id)) throw new HearthError({ kind: 'bad-request', path: 'id', message: 'id is in use' });
      if (!has(topics, name)) throw new HearthError({ kind: 'not-found', what: `topic ${name}` });
      const checked = admit(topics[name], params);
      let ended = false;
      const stop = core.subscribe<TopicName>(name, checked as never, {
        event: (event) => {
          if (!ended) send({ kind: 'event', id, event });
        },
        error: (error) => {
          ended = true;
          subscribed.delete(id);
          send({ kind: 'ended', id, error });
        },
      });
      if (!ended) {
        subscribed.set(id, () => {
          ended = true;
          stop();
        });
      }
    } catch (error) {
      send({ kind: 'ended', id, error: describe(name, error) });
    }
  };

  const shut = (): void => {
    if (!open) return;
    open = false;
    for (const abort of running.values()) abort.abort();
    for (const stop of subscribed.values()) stop();
    running.clear();
    subscribed.clear();
  };

  channel.onClose(shut);
  channel.onMessage((message) => {
    if (!open) return;
    switch (message.kind) {
      case 'request':
        void request(message.id, message.method, message.params);
        return;
      case 'cancel':
        running.get(message.id)?.abort();
        return;
      case 'subscribe':
        subscribe(message.id, message.topic, message.params);
        return;
      case 'unsubscribe':
        subscribed.get(message.id)?.();
        subscribed.delete(message.id);
        return;
      case 'reply':
      case 'failure':
      case 'event':
      case 'ended':
        return;
    }
  });

  return () => {
    shut();
    channel.close();
  };
}

interface ParamsSchema {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: unknown }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}
