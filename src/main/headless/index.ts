import { flushCompileCache } from 'node:module';
import { threadEffects } from '#main/core/index.ts';
import { leaveAgain, takeAgain, type Again } from './again.ts';
import { fullCollection, lookAfterMemory, systemAllocator } from './allocator.ts';
import { live } from './life.ts';
import { runProgram } from './program.ts';

/** The headless host as a program: core, web server and API in this thread. */

/** How long after the start what was compiled is kept for the next one, in ms: a process may be killed later. */
const CODE_KEPT_AFTER = 5000;
/** The exit code that tells the process that started this one to start the next. */
const AGAIN_CODE = 75;

function later(millis: number, action: () => void): () => void {
  const timer = setTimeout(action, millis);
  return () => clearTimeout(timer);
}

async function beginToLookAfterMemory(): Promise<void> {
  await lookAfterMemory({
    allocator: await systemAllocator(process.platform),
    collect: fullCollection(),
    resident: () => process.memoryUsage.rss(),
    schedule: (millis, action) => setTimeout(action, millis).unref(),
  });
}

/** Becomes another program; where a process cannot, whoever started this one is asked to start it. */
function succeed(again: Again): void {
  const [command, ...args] = process.argv;
  if (process.platform !== 'win32')
    process.execve?.(command, [command, ...process.execArgv, ...args], leaveAgain(process.env, again));
  if (process.send !== undefined) process.send(again, () => process.exit(AGAIN_CODE));
  else {
    process.stderr.write(`hearth: ${again.reason}\n`);
    process.exit(1);
  }
}

const again = takeAgain(process.env);
const core = threadEffects(null);
const noWindow = core.env['HEARTH_NO_WINDOW'] ?? null;
process.exitCode = await live({
  startedAt: Date.now(),
  again,
  complain: (line) => process.stderr.write(`${line}\n`),
  onSignal: (signal, action) => process.on(signal, action),
  onCrash: (action) => process.on('uncaughtException', action),
  schedule: later,
  succeed,
  exit: (code) => process.exit(code),
  run: (life) =>
    runProgram(process.argv.slice(2), {
      ...life,
      core,
      noWindow,
      lookAfterMemory: beginToLookAfterMemory,
      print: (line) => process.stdout.write(`${line}\n`),
      log: (line) => core.writeLog(line),
      onServing: (listen) => {
        life.onServing(listen);
        setTimeout(flushCompileCache, CODE_KEPT_AFTER).unref();
      },
    }),
});
