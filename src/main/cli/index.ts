import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, globSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { dataFolders } from '#main/config/index.ts';
import { openSqliteStorage, STORE_FILE } from '#main/storage/index.ts';
import type { Input } from './io.ts';
import { runCommand } from './run.ts';

/** Bytes at either end of a file by which it is known. */
const KNOWN_BY = 1 << 16;
/** Where nothing can be written over, progress is told so often. */
const PROGRESS_EVERY = 10_000;

async function fingerprint(path: string): Promise<{ size: number; fingerprint: string | null }> {
  const file = await open(path);
  try {
    const stat = await file.stat();
    // A pipe or device can be read only once.
    if (!stat.isFile()) return { size: 0, fingerprint: null };
    const hash = createHash('sha256').update(String(stat.size));
    const buffer = Buffer.alloc(KNOWN_BY);
    for (const at of [0, Math.max(0, stat.size - KNOWN_BY)]) {
      const { bytesRead } = await file.read(buffer, 0, KNOWN_BY, at);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return { size: stat.size, fingerprint: hash.digest('hex').slice(0, 32) };
  } finally {
    await file.close();
  }
}

async function openInput(path: string): Promise<Input> {
  if (path === '-') return { size: null, fingerprint: null, pieces: process.stdin };
  const { size, fingerprint: key } = await fingerprint(path);
  return {
    size: key === null ? null : size,
    fingerprint: key,
    pieces: createReadStream(path, { highWaterMark: 1 << 18 }),
  };
}

async function write(path: string | null, pieces: AsyncIterable<string>): Promise<void> {
  const stream = path === null ? process.stdout : createWriteStream(path);
  const failed = once(stream, 'error').then(([error]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  for await (const piece of pieces) if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), failed]);
  if (path !== null) {
    stream.end();
    await Promise.race([once(stream, 'finish'), failed]);
  }
}

let shown = 0;
let told = 0;

function progress(line: string): void {
  const now = Date.now();
  if (process.stderr.isTTY) {
    process.stderr.write(`\r${line.padEnd(shown)}`);
    shown = line.length;
  } else if (now - told >= PROGRESS_EVERY) {
    if (told > 0) process.stderr.write(`${line}\n`);
    told = now;
  }
}

/** Ends a line that progress has been writing over. */
function fresh(): void {
  if (shown > 0) process.stderr.write('\n');
  shown = 0;
}

process.exitCode = await runCommand(
  {
    out: (line) => {
      fresh();
      console.log(line);
    },
    err: (line) => {
      fresh();
      console.error(line);
    },
    write,
    progress,
    readStdin: async () => Buffer.concat((await process.stdin.toArray()) as Buffer[]),
    readFile: (path) => readFileSync(path, 'utf8'),
    openInput,
    // Not imported when it is needed: the build would then have it in a program of its own, and start that.
    openStore: (folder) => Promise.resolve(openSqliteStorage({ path: join(resolve(folder), STORE_FILE) })),
    dataFolder: join(dataFolders(process.env).data, 'data'),
    glob: (pattern) => globSync(pattern).sort(),
    env: process.env,
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
  },
  process.argv.slice(2),
);
