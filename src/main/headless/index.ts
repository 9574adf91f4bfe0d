import { keepTrimmed, systemAllocator } from './allocator.ts';
import { supervise } from './supervise.ts';

/** How long after the start the allocator is looked after, in ms: loading what that takes would delay the first answer. */
const ALLOCATOR_AFTER = 3000;

/** The headless host as a program. All of it runs in a thread; this one looks after it and loads nothing else. */
const here = import.meta.url;
const lookAfterMemory = async (): Promise<void> => {
  const allocator = await systemAllocator(process.platform);
  if (allocator !== null) keepTrimmed(allocator, (millis, action) => setTimeout(action, millis).unref());
};
setTimeout(() => void lookAfterMemory(), ALLOCATOR_AFTER).unref();
process.exitCode = await supervise({
  argv: process.argv.slice(2),
  startedAt: Date.now(),
  entry: new URL(here.endsWith('.ts') ? 'worker.ts' : 'headless-worker.js', here),
  complain: (line) => process.stderr.write(`${line}\n`),
  onSignal: (signal, action) => process.on(signal, action),
  schedule: (millis, action) => {
    const timer = setTimeout(action, millis);
    return () => clearTimeout(timer);
  },
});
