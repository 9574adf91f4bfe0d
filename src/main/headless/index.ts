import { supervise } from './supervise.ts';

/** The headless host as a program. All of it runs in a thread; this one looks after it and loads nothing else. */
const here = import.meta.url;
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
