import type { ErrorDetail, LiveFrame } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { RendererClient } from './renderer-client.ts';
import { LiveWindow } from './live-window.ts';

export interface LiveQuery {
  readonly id: string;
  readonly expr: string;
  /** Whether what was to be expected is wanted with it. */
  readonly watch: boolean;
}

export interface LiveOptions {
  readonly queries: readonly LiveQuery[];
  readonly window: Millis;
  readonly step: Millis;
  /** The window ends at this moment, and nothing comes after it; null: now, and going on. */
  readonly until: Millis | null;
}

/** The contract allows 500 queries a subscription; smaller ones let the first charts come sooner. */
const QUERIES_PER_SUBSCRIPTION = 100;

/**
 * Listeners told in one frame: a page of charts is drawn over a few frames after each scrape, none of which is long, instead of
 * in one that is.
 */
const LISTENERS_PER_FRAME = 4;

/** Live queries and what they have brought so far. A listener is told at most once a frame of the display. */
export class LiveStore {
  readonly options: LiveOptions;
  /** Grows with every change. */
  version = 0;
  error: ErrorDetail | null = null;

  readonly #windows = new Map<string, LiveWindow>();
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: (() => void)[] = [];
  /** Something came while listeners were still being told. */
  #changed = false;
  #frame: number | null = null;
  /** Listeners that are still to be told of the last change. */
  #waiting: (() => void)[] = [];
  #last: Millis | null = null;

  constructor(client: RendererClient, options: LiveOptions) {
    this.options = options;
    const { queries, window, step, until } = options;
    for (let i = 0; i < queries.length; i += QUERIES_PER_SUBSCRIPTION) {
      const part = queries.slice(i, i + QUERIES_PER_SUBSCRIPTION);
      const params = { source: 'local' as const, queries: part, window, step, until };
      this.#unsubscribe.push(
        client.subscribe('live', params, {
          event: (frames) => this.#apply(frames),
          error: (detail) => {
            this.error = detail;
            this.#tell();
          },
        }),
      );
    }
  }

  /** Time of the newest step of any query; null before the first answer. */
  get last(): Millis | null {
    return this.#last;
  }

  /** Whether every query was answered, or why it is not was told. */
  get settled(): boolean {
    return this.error !== null || this.#windows.size >= this.options.queries.length;
  }

  window(id: string): LiveWindow | null {
    return this.#windows.get(id) ?? null;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Ends the subscriptions; what is there stays readable. */
  stop(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  #apply(frames: readonly LiveFrame[]): void {
    const { step, window } = this.options;
    for (const frame of frames) {
      let live = this.#windows.get(frame.id);
      if (live === undefined) {
        live = new LiveWindow(step, Math.floor(window / step) + 1);
        this.#windows.set(frame.id, live);
      }
      live.apply(frame);
      if (!live.empty) this.#last = Math.max(this.#last ?? 0, live.last);
    }
    this.#tell();
  }

  /** A change that comes while listeners are still being told has a round of its own after that. */
  #tell(): void {
    // A round that has not begun yet tells this too.
    if (this.#waiting.length > 0) this.#changed = true;
    else this.#frame ??= requestAnimationFrame(() => this.#startRound());
  }

  #startRound(): void {
    this.#changed = false;
    this.version++;
    this.#waiting = [...this.#listeners];
    this.#tellSome();
  }

  #tellSome(): void {
    this.#frame = null;
    for (const listener of this.#waiting.splice(0, LISTENERS_PER_FRAME)) if (this.#listeners.has(listener)) listener();
    if (this.#waiting.length > 0) this.#frame = requestAnimationFrame(() => this.#tellSome());
    else if (this.#changed) this.#tell();
  }
}
