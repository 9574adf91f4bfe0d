import { globSync, readFileSync } from 'node:fs';
import { runCommand } from './run.ts';

process.exitCode = await runCommand(
  {
    out: (line) => console.log(line),
    err: (line) => console.error(line),
    readStdin: async () => Buffer.concat((await process.stdin.toArray()) as Buffer[]),
    readFile: (path) => readFileSync(path, 'utf8'),
    glob: (pattern) => globSync(pattern).sort(),
    env: process.env,
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
  },
  process.argv.slice(2),
);
