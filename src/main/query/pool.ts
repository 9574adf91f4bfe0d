import { HearthError } from '#shared/contract/index.ts';
import type { ReadView } from '#main/storage/index.ts';
import type { QueryOutcome, QueryTask, QueryWorkerData } from './protocol.ts';
import { QueryThread, type ThreadEffects } from './thread.ts';

export interface PoolOptions {
  /** Threads at the same time; further queries wait for one. */
  readonly most: number;
  /** A thread without work for so long is ended, ms. */
  readonly idleAfter: number;
  readonly data: QueryWorkerData;
}

/** Longer than its own deadline a query does not last: then its thread is ended, ms. */
const OVERDUE = 5000;

/** Threads that evaluate heavy queries: started when they are needed, kept warm for a while, ended when idle. */
export class QueryPool {
  readonly #options: PoolOptions;
  readonly #effects: ThreadEffects;
  readonly #all = new Set<QueryThread>();
  /** The one used last is the warmest: it comes first. */
  readonly #idle: QueryThread[] = [];
  readonly #timers = new Map<QueryThread, () => void>();
  readonly #waiting: ((thread: QueryThread) => void)[] = [];
  #stopped = false;

  constructor(options: PoolOptions, effects: ThreadEffects) {
    this.#options = options;
    this.#effects = effects;
  }

  /** Threads that are there now. */
  get size(): number {
    return this.#all.size;
  }

  /**
   * Evaluates a task on a thread of its own.
   * @param open takes the view: called once the thread is there
   * @param timeout of the task, ms
   * @throws HearthError as the engine does; `canceled` at once when the signal is aborted
   */
  async run(
    task: QueryTask,
    open: () => ReadView,
    how: { readonly subqueryStep: number; readonly timeout: number; readonly signal: AbortSignal },
  ): Promise<QueryOutcome> {
    const thread = await this.#take(how.signal);
    const cancel = this.#effects.schedule(how.timeout + OVERDUE, () => void thread.end());
    try {
      return await thread.run(task, open(), how.subqueryStep, how.signal);
    } finally {
      cancel();
      void this.#giveBack(thread);
    }
  }

  /** Ends all threads, and what they evaluate; new ones are started as they are needed. */
  async endAll(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.end()));
  }

  /** Ends all threads for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.endAll();
  }

  #take(signal: AbortSignal): Promise<QueryThread> {
    if (signal.aborted) return Promise.reject(new HearthError({ kind: 'canceled' }));
    const warm = this.#idle.pop();
    if (warm !== undefined) {
      this.#timers.get(warm)?.();
      this.#timers.delete(warm);
      return Promise.resolve(warm);
    }
    if (this.#all.size < this.#options.most) return Promise.resolve(this.#start());
    return new Promise((resolve, reject) => {
      const enter = (thread: QueryThread): void => {
        signal.removeEventListener('abort', leave);
        resolve(thread);
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(new HearthError({ kind: 'canceled' }));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(enter);
    });
  }

  #start(): QueryThread {
    if (this.#stopped) throw new HearthError({ kind: 'unavailable', message: 'the core is stopping' });
    const thread = new QueryThread(this.#options.data, this.#effects, () => {
      this.#all.delete(thread);
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
      this.#timers.get(thread)?.();
      this.#timers.delete(thread);
      // Whoever waits for a thread gets a new one in place of that which has ended.
      if (!this.#stopped) this.#waiting.shift()?.(this.#start());
    });
    this.#all.add(thread);
    return thread;
  }

  async #giveBack(thread: QueryThread): Promise<void> {
    await thread.idle();
    if (thread.gone || this.#stopped) return;
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next(thread);
      return;
    }
    this.#idle.push(thread);
    this.#timers.set(
      thread,
      this.#effects.schedule(this.#options.idleAfter, () => {
        const at = this.#idle.indexOf(thread);
        if (at >= 0) this.#idle.splice(at, 1);
        this.#timers.delete(thread);
        void thread.end();
      }),
    );
  }
}
