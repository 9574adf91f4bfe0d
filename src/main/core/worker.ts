import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { portChannel, serveChannel, type Channel } from '#shared/contract/index.ts';
import type { CoreOrder, CoreReport, CoreWorkerData } from './control.ts';
import { startCore, type Core } from './core.ts';
import { detailOf } from './detail.ts';
import { hostServicesClient } from './host-services.ts';
import { threadEffects } from './thread-effects.ts';

/** By then what a start runs has been compiled, in ms. */
const CODE_KEPT_AFTER = 5000;

/** The core's thread: the one place where the core meets the real clock and environment. */
async function run(): Promise<void> {
  if (parentPort === null) throw new Error('the core worker is started by spawnCore');
  const port = parentPort;
  const { options, wire, services } = workerData as CoreWorkerData;
  const report = (message: CoreReport): void => port.postMessage(message);
  const writeLog = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const stop = async (core: Core, close: () => void): Promise<void> => {
    await core.stop();
    report({ kind: 'stopped' });
    close();
    services?.port.close();
    port.close();
  };
  const channel: Channel = portChannel(wire, () => wire.close());
  try {
    const kept =
      services === null
        ? null
        : hostServicesClient(services.port, services.preferences, (error) =>
            writeLog(`the host could not keep the preferences: ${error.message}`),
          );
    const core = await startCore(options, threadEffects(kept));
    const close = serveChannel(channel, core, {
      access: 'write',
      onBug: (where, error) =>
        writeLog(`bug in ${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
    port.on('message', (order: CoreOrder) => {
      if (order.kind !== 'stop') return;
      void stop(core, close);
    });
    report({ kind: 'ready' });
    // Kept for the next start, which may be one after a crash: nothing is left to the end of the process.
    setTimeout(flushCompileCache, CODE_KEPT_AFTER).unref();
  } catch (error) {
    report({ kind: 'failed', error: detailOf(error) });
    wire.close();
    services?.port.close();
    port.close();
  }
}

void run();
