import { Worker } from 'node:worker_threads';
import type { ServerData, ServerOrder, ServerReport } from './control.ts';

/** What the program's process gives: the only place here that knows it. */
export interface SuperviseEffects {
  readonly argv: readonly string[];
  readonly startedAt: number;
  /** The thread's program. */
  readonly entry: URL;
  /** One line for people, on standard error. */
  complain(line: string): void;
  onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', action: () => void): void;
  /** Runs `action` after `millis`; returns a function that prevents it. */
  schedule(millis: number, action: () => void): () => void;
}

/**
 * Room for young objects in the server's thread: a third of what V8 would take. Scraping leaves few of them, and what V8
 * may take it does take: 60 MB at a hundred targets, for no less work.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

/** How long the server may take to stop before its thread is ended; what was acknowledged is in the journal anyway. */
const STOP_WITHIN = 15_000;

/** Milliseconds to wait before each further start in a row; the last one repeats. */
const RETRY_DELAYS = [100, 250, 500, 1000, 2000];

/**
 * Runs the server in a thread until it ends, passes signals on to it, and starts it again at the same addresses when it
 * crashed after it had served. This thread loads nothing else: its heap stays empty.
 * @returns the exit code
 */
export function supervise(effects: SuperviseEffects): Promise<number> {
  const { argv, startedAt, entry } = effects;
  const finished = Promise.withResolvers<number>();
  let worker: Worker | null = null;
  let served: ServerData['again'] = null;
  let stopping = false;
  let failures = 0;
  let cancelRetry = (): void => {};

  const start = (): void => {
    const workerData: ServerData = { argv, startedAt, again: served };
    const thread = new Worker(entry, { workerData, name: 'hearth', resourceLimits });
    worker = thread;
    let crash: string | null = null;
    let code: number | null = null;
    thread.on('message', (report: ServerReport) => {
      switch (report.kind) {
        case 'serving':
          failures = 0;
          served = { listen: report.listen, reason: '' };
          return;
        case 'ended':
          code = report.code;
          return;
      }
    });
    thread.on('error', (error) => {
      crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    thread.once('exit', (ended) => {
      worker = null;
      const reason = crash ?? (code === null ? `the server's thread ended with code ${ended}` : null);
      // What cannot start tells why by itself; what was running may only be in the way of itself for a moment.
      const again = served !== null && !stopping && (reason !== null || code !== 0);
      if (again) {
        served = { listen: served?.listen ?? [], reason: reason ?? 'it could not start' };
        const delay = RETRY_DELAYS[Math.min(failures, RETRY_DELAYS.length - 1)];
        failures++;
        cancelRetry = effects.schedule(delay, start);
        return;
      }
      // A thread that did not stop in time was ended by us.
      const orderly = stopping && crash === null;
      if (reason !== null && !orderly) effects.complain(`hearth: ${reason}`);
      finished.resolve(code ?? (orderly ? 0 : 1));
    });
  };

  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    cancelRetry();
    if (worker === null) {
      finished.resolve(0);
      return;
    }
    const order: ServerOrder = { kind: 'stop' };
    const thread = worker;
    thread.postMessage(order, []);
    const cancel = effects.schedule(STOP_WITHIN, () => void thread.terminate());
    void finished.promise.then(cancel);
  };

  effects.onSignal('SIGINT', stop);
  effects.onSignal('SIGTERM', stop);
  effects.onSignal('SIGHUP', () => {
    const order: ServerOrder = { kind: 'reload' };
    worker?.postMessage(order, []);
  });
  start();
  return finished.promise;
}
