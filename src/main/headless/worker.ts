import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { threadEffects } from '#main/core/index.ts';
import type { ServerData, ServerOrder, ServerReport } from './control.ts';
import { runProgram } from './program.ts';

/** How long after the start what was compiled is kept for the next one, in ms: a process may be killed later. */
const CODE_KEPT_AFTER = 5000;

/** The thread of the headless host: core, web server and API together. */
async function run(): Promise<void> {
  if (parentPort === null) throw new Error('the server is started by the headless host');
  const port = parentPort;
  const { argv, startedAt, again } = workerData as ServerData;
  const report = (message: ServerReport): void => port.postMessage(message);
  const core = threadEffects(null);
  const code = await runProgram(argv, {
    core,
    startedAt,
    again,
    noWindow: core.env['HEARTH_NO_WINDOW'] ?? null,
    print: (line) => process.stdout.write(`${line}\n`),
    log: (line) => core.writeLog(line),
    onOrder: (kind, action) =>
      port.on('message', (order: ServerOrder) => {
        if (order.kind === kind) action();
      }),
    onServing: (listen) => {
      report({ kind: 'serving', listen });
      setTimeout(flushCompileCache, CODE_KEPT_AFTER).unref();
    },
  });
  report({ kind: 'ended', code });
  port.close();
}

void run();
