import { Worker } from 'node:worker_threads';
import { HearthError } from '#shared/contract/index.ts';
import type { Labels } from '#shared/model/index.ts';
import type { ReadView } from '#main/storage/index.ts';
import type { QueryOrder, QueryOutcome, QueryReport, QueryTask, QueryWorkerData } from './protocol.ts';

/** Old-generation memory of one thread, MiB: what it holds beyond that ends it, not the program. */
const HEAP_LIMIT = 1024;
/** Young-generation memory, MiB, however little the process's own thread has: a heavy query makes many objects. */
const YOUNG_LIMIT = 48;

/** How long after it was told to stop a thread may still be busy before it is ended. */
const STOPS_WITHIN = 2000;

export interface ThreadEffects {
  schedule(millis: number, action: () => void): () => void;
  /** Lets other work of the caller's thread go first. */
  breathe(): Promise<void>;
  damaged(frame: number): void;
}

interface Waiting {
  begun(): void;
  done(outcome: QueryOutcome): void;
  failed(error: Error): void;
}

/** The worker's entry: beside this file as source, beside the host's entry when built. */
function workerUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('worker.ts', here);
  return new URL(here.includes('/chunks/') ? '../query-worker.js' : 'query-worker.js', here);
}

/** The near end of one thread of queries. */
export class QueryThread {
  readonly #worker: Worker;
  readonly #effects: ThreadEffects;
  /** References whose labels it has been told. */
  readonly #known = new Set<number>();
  #waiting: Waiting | null = null;
  #gone = false;

  /** @param onGone told when the thread has ended, for whatever reason */
  constructor(data: QueryWorkerData, effects: ThreadEffects, onGone: () => void) {
    this.#effects = effects;
    this.#worker = new Worker(workerUrl(), {
      workerData: data,
      name: 'query',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT, maxYoungGenerationSizeMb: YOUNG_LIMIT },
    });
    let reason = 'the thread that evaluated the query ended';
    this.#worker.on('error', (error) => {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      reason =
        code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? 'the query needs more memory than one query may have'
          : `the thread that evaluated the query failed: ${error instanceof Error ? error.message : String(error)}`;
    });
    this.#worker.on('message', (report: QueryReport) => this.#receive(report));
    this.#worker.once('exit', () => {
      this.#gone = true;
      this.#waiting?.failed(new HearthError({ kind: 'query-execution', message: reason }));
      onGone();
    });
  }

  get gone(): boolean {
    return this.#gone;
  }

  #receive(report: QueryReport): void {
    switch (report.kind) {
      case 'begun':
        this.#waiting?.begun();
        return;
      case 'done':
        this.#waiting?.done(report.outcome);
        return;
      case 'failed':
        this.#waiting?.failed(new HearthError(report.error));
        return;
      case 'broken':
        this.#waiting?.failed(new Error(report.message));
        return;
      case 'damaged':
        this.#effects.damaged(report.frame);
        return;
    }
  }

  /**
   * Evaluates a task; one at a time. The view is released as soon as the thread reads from a file that stands still.
   * @throws HearthError as the engine does; `canceled` at once when the signal is aborted, even if the thread is busy
   */
  async run(task: QueryTask, view: ReadView, subqueryStep: number, signal: AbortSignal): Promise<QueryOutcome> {
    const canceled = new Int32Array(new SharedArrayBuffer(4));
    const abandoned = Promise.withResolvers<never>();
    abandoned.promise.catch(() => undefined);
    const abort = (): void => {
      Atomics.store(canceled, 0, 1);
      abandoned.reject(new HearthError({ kind: 'canceled' }));
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      const { data, transfer } = await view.collect(
        (ref) => this.#known.has(ref),
        () => this.#effects.breathe(),
      );
      if (signal.aborted) throw new HearthError({ kind: 'canceled' });
      if (this.#gone) throw new HearthError({ kind: 'query-execution', message: 'the thread of the query has ended' });
      const finished = new Promise<QueryOutcome>((resolve, reject) => {
        const over = (): void => {
          this.#waiting = null;
          view.release();
        };
        this.#waiting = {
          begun: () => view.release(),
          done: (outcome) => {
            over();
            resolve(outcome);
          },
          failed: (error) => {
            over();
            reject(error);
          },
        };
      });
      const order: QueryOrder = { task, view: data, subqueryStep, canceled };
      this.#worker.postMessage(order, transfer);
      this.#told(data.labels);
      this.#busy = finished.then(
        () => undefined,
        () => undefined,
      );
      return await Promise.race([finished, abandoned.promise]);
    } catch (error) {
      if (this.#waiting === null) view.release();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Resolves when nothing is evaluated any more; a thread that does not stop in time is ended. */
  async idle(): Promise<void> {
    if (this.#waiting === null) return;
    const cancel = this.#effects.schedule(STOPS_WITHIN, () => void this.#worker.terminate());
    await this.#busy;
    cancel();
  }

  #busy: Promise<void> = Promise.resolve();

  #told(labels: ReadonlyMap<number, Labels>): void {
    for (const ref of labels.keys()) this.#known.add(ref);
  }

  /** Ends the thread; resolves when it is gone. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
