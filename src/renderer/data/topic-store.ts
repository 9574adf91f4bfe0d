import type { ErrorDetail, TopicEvents, TopicName, TopicParams } from '#shared/contract/index.ts';
import type { RendererClient } from './renderer-client.ts';

/** What is known of a topic: nothing yet (`data` null), the last event, or why there will be no more. */
export interface TopicState<T extends TopicName> {
  readonly data: TopicEvents[T] | null;
  readonly error: ErrorDetail | null;
}

interface Entry {
  state: TopicState<TopicName>;
  readonly listeners: Set<() => void>;
  unsubscribe: (() => void) | null;
}

const NOTHING: TopicState<never> = { data: null, error: null };

/** Topics whose events are whole: `live` sends steps, which only the charts' own store can join. */
export type StateTopic = Exclude<TopicName, 'live'>;

/** One subscription for everyone who shows the same topic with the same parameters; it ends when nobody does. */
export class TopicStore {
  readonly #client: RendererClient;
  readonly #entries = new Map<string, Entry>();

  constructor(client: RendererClient) {
    this.#client = client;
  }

  read<T extends StateTopic>(topic: T, key: string): TopicState<T> {
    return (this.#entries.get(`${topic} ${key}`)?.state ?? NOTHING) as TopicState<T>;
  }

  /** `key` names the parameters. Returns the removal of the listener. */
  listen<T extends StateTopic>(topic: T, params: TopicParams<T>, key: string, listener: () => void): () => void {
    const name = `${topic} ${key}`;
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = { state: NOTHING, listeners: new Set(), unsubscribe: null };
      this.#entries.set(name, entry);
      this.#start(entry, topic, params);
    }
    const current = entry;
    current.listeners.add(listener);
    return () => {
      current.listeners.delete(listener);
      if (current.listeners.size > 0) return;
      current.unsubscribe?.();
      this.#entries.delete(name);
    };
  }

  #start<T extends StateTopic>(entry: Entry, topic: T, params: TopicParams<T>): void {
    const set = (state: TopicState<TopicName>) => {
      entry.state = state;
      for (const listener of entry.listeners) listener();
    };
    entry.unsubscribe = this.#client.subscribe(topic, params, {
      event: (data) => set({ data, error: null }),
      error: (error) => set({ data: entry.state.data, error }),
    });
  }
}
