import { MessageChannel, Worker } from 'node:worker_threads';
import { createWireClient, HearthError, portChannel, type Channel, type CoreClient } from '#shared/contract/index.ts';
import type { CoreOrder, CoreReport, CoreWorkerData } from './control.ts';
import { serveHostServices, type HostServices } from './host-services.ts';
import type { CoreOptions } from './options.ts';

export interface SpawnEffects {
  /** Told when the core's thread ended although nobody asked it to; it is started again. */
  onCrash(error: Error): void;
  /** What the host keeps for the core; left out, the core uses files. */
  readonly services?: HostServices;
}

/** A core in a worker thread of this process. */
export interface CoreHandle {
  /** May write; survives restarts of the core. */
  readonly client: CoreClient;
  /** Whether the core is there now. */
  readonly running: boolean;
  /** Commits everything and ends the thread; resolves when it is gone. Later calls return the same promise. */
  stop(): Promise<void>;
}

/**
 * Room for young objects in the core's thread: a third of what V8 would take. Scraping leaves few of them, and what V8
 * may take it does take: 60 MB at a hundred targets, for no less work.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

/** How long a core may take to stop before its thread is ended; what was acknowledged is in the journal anyway. */
const STOP_WITHIN = 15_000;

/** The worker's entry: beside this file as source, beside the host's entry when built. */
function workerUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('worker.ts', here);
  return new URL(here.includes('/chunks/') ? '../core-worker.js' : 'core-worker.js', here);
}

/** Serves the host's services on a port of their own. */
function openServices(
  services: HostServices | undefined,
): { readonly far: NonNullable<CoreWorkerData['services']>; readonly close: () => void } | null {
  if (services === undefined) return null;
  const { port1, port2 } = new MessageChannel();
  serveHostServices(port1, services);
  return { far: { port: port2, preferences: services.preferences.load() }, close: () => port1.close() };
}

interface Running {
  readonly worker: Worker;
  readonly gone: Promise<void>;
}

/**
 * Starts a core and resolves when it is ready.
 * @throws HearthError when it cannot start (store locked or damaged, folder not writable)
 */
export async function spawnCore(options: CoreOptions, effects: SpawnEffects): Promise<CoreHandle> {
  let current: Running | null = null;
  let started = false;
  let stopping: Promise<void> | null = null;
  const ready = Promise.withResolvers<void>();

  const start = (): Promise<Channel> =>
    new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      const services = openServices(effects.services);
      const data: CoreWorkerData = { options, wire: port2, services: services?.far ?? null };
      const transferList = services === null ? [port2] : [port2, services.far.port];
      const worker = new Worker(workerUrl(), { workerData: data, transferList, name: 'core', resourceLimits });
      let reason: Error | null = null;
      const gone = new Promise<void>((ended) => {
        worker.once('exit', (code) => {
          current = null;
          port1.close();
          services?.close();
          ended();
          const error = reason ?? new Error(`the core's thread ended with code ${code}`);
          reject(error);
          if (started && stopping === null) effects.onCrash(error);
        });
      });
      worker.on('error', (error) => {
        reason = error instanceof Error ? error : new Error(String(error));
      });
      worker.on('message', (report: CoreReport) => {
        switch (report.kind) {
          case 'ready':
            resolve(portChannel(port1, () => port1.close()));
            return;
          case 'failed':
            reason = new HearthError(report.error);
            return;
          case 'stopped':
            return;
        }
      });
      current = { worker, gone };
    });

  const client = createWireClient({
    connect: async () => {
      if (stopping !== null) throw new Error('the core was stopped');
      try {
        const channel = await start();
        started = true;
        ready.resolve();
        return channel;
      } catch (error) {
        // Only a core that ran before is started again by itself: the first failure is the host's to tell.
        if (!started) client.close();
        ready.reject(error);
        throw error;
      }
    },
    schedule: (millis, action) => {
      const timer = setTimeout(action, millis);
      return () => clearTimeout(timer);
    },
  });
  await ready.promise;

  const stop = async (): Promise<void> => {
    const running = current;
    if (running !== null) {
      const order: CoreOrder = { kind: 'stop' };
      running.worker.postMessage(order, []);
      const timer = setTimeout(() => void running.worker.terminate(), STOP_WITHIN);
      await running.gone;
      clearTimeout(timer);
    }
    client.close();
  };

  return {
    client,
    get running() {
      return client.state === 'open';
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
