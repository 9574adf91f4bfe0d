import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { nothingYet, readSaid, wrongIn } from './plan.ts';
import { canTrace, runChild } from './run-child.ts';

/*
 * A power cut leaves what was synced, and of what was written since any part: none of it, all of it, some writes and
 * not others, in any order, sectors torn. The child's writes and syncs are recorded, and such disks are built from
 * them at many moments. What the child had acknowledged before the moment is there each time.
 */
const CUTS = Math.max(40, Number(process.env['HEARTH_CRASH_KILLS'] ?? 40));
const SECTOR = 512;
const TRACED = canTrace();

type Operation =
  | { readonly kind: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'cut'; readonly file: string; readonly length: number }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'unlink'; readonly file: string }
  | { readonly kind: 'say'; readonly text: string };

const bytesOf = (escaped: string): Buffer => Buffer.from(escaped.replaceAll('\\x', ''), 'hex');

/** The operations on the store's files, and what was said, in the order of the recording. */
function readTrace(text: string, folder: string): Operation[] {
  const operations: Operation[] = [];
  for (const line of text.split('\n')) {
    const call = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(line);
    if (call === null || Number(call[3]) < 0) continue;
    const [, name, parameters] = call;
    const path = bytesOf(/^\d+<([^>]*)>/.exec(parameters)?.[1] ?? '').toString();
    if (name === 'write') {
      const said = /^1<[^>]*>, "((?:\\x[0-9a-f]{2})*)"/.exec(parameters);
      if (said !== null) operations.push({ kind: 'say', text: bytesOf(said[1]).toString() });
      continue;
    }
    if (name === 'unlink') {
      const file = bytesOf(/^"((?:\\x[0-9a-f]{2})*)"/.exec(parameters)?.[1] ?? '').toString();
      if (file.startsWith(folder)) operations.push({ kind: 'unlink', file: basename(file) });
      continue;
    }
    if (!path.startsWith(`${folder}/`)) continue;
    const file = basename(path);
    if (name === 'pwrite64') {
      const [, data, length, at] = /, "((?:\\x[0-9a-f]{2})*)", (\d+), (\d+)$/.exec(parameters) ?? [];
      const bytes = bytesOf(data);
      if (bytes.length !== Number(length)) throw new Error('a write was not recorded whole');
      operations.push({ kind: 'write', file, at: Number(at), bytes });
    } else if (name === 'ftruncate') {
      operations.push({ kind: 'cut', file, length: Number(/, (\d+)$/.exec(parameters)?.[1]) });
    } else operations.push({ kind: 'sync', file });
  }
  return operations;
}

/** Content of a file that grows as it is written. */
class Content {
  bytes = Buffer.alloc(0);

  apply(operation: Operation): void {
    if (operation.kind === 'write') {
      const end = operation.at + operation.bytes.length;
      if (end > this.bytes.length) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(end - this.bytes.length)]);
      operation.bytes.copy(this.bytes, operation.at);
    } else if (operation.kind === 'cut') {
      const { length } = operation;
      const kept = this.bytes.subarray(0, length);
      this.bytes = Buffer.concat([kept, Buffer.alloc(Math.max(0, length - kept.length))]);
    }
  }
}

/** A disk that keeps apart what is synced and what is not. */
class Disk {
  readonly synced = new Map<string, Content>();
  readonly pending = new Map<string, Operation[]>();

  apply(operation: Exclude<Operation, { kind: 'say' }>): void {
    const { file } = operation;
    const waiting = this.pending.get(file) ?? [];
    if (operation.kind === 'unlink') {
      this.synced.delete(file);
      this.pending.delete(file);
    } else if (operation.kind === 'sync') {
      const content = this.synced.get(file) ?? new Content();
      for (const one of waiting) content.apply(one);
      this.synced.set(file, content);
      this.pending.delete(file);
    } else this.pending.set(file, [...waiting, operation]);
  }

  /** What a cut may leave. `keep` decides on each sector of each write that was not synced. */
  write(folder: string, keep: () => boolean): void {
    for (const file of new Set([...this.synced.keys(), ...this.pending.keys()])) {
      const content = new Content();
      content.bytes = Buffer.from(this.synced.get(file)?.bytes ?? []);
      for (const operation of this.pending.get(file) ?? []) {
        if (operation.kind !== 'write') {
          if (keep()) content.apply(operation);
          continue;
        }
        for (let from = 0; from < operation.bytes.length; from += SECTOR)
          if (keep())
            content.apply({
              ...operation,
              at: operation.at + from,
              bytes: operation.bytes.subarray(from, from + SECTOR),
            });
      }
      if (file !== 'store.db-shm' && !file.includes('.lock')) writeFileSync(join(folder, file), content.bytes);
    }
  }
}

/** How much of what was not synced is left. */
const FATES: readonly (() => boolean)[] = [
  () => false,
  () => true,
  () => Math.random() < 0.5,
  () => Math.random() < 0.9,
];

test.skipIf(!TRACED)(
  `a power cut loses nothing acknowledged, ${CUTS} times`,
  { timeout: 120_000 + CUTS * 2000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hearth-power-'));
    try {
      const store = join(folder, 'data');
      mkdirSync(store);
      const options = '-ff -qq -y -xx -s 100000 --seccomp-bpf -e trace=write,pwrite64,fdatasync,fsync,ftruncate,unlink';
      const before = ['strace', ...options.split(' '), '-o', join(folder, 'trace')];
      const { finished } = await runChild([join(store, 'store.db'), 0, 150], { before });
      expect(finished).toBe(true);
      // One thread does all of it: the others have no calls on these files.
      const traces = readdirSync(folder)
        .filter((name) => name.startsWith('trace.'))
        .map((name) => readTrace(readFileSync(join(folder, name), 'utf8'), store))
        .filter((found) => found.some(({ kind }) => kind !== 'say'));
      expect(traces).toHaveLength(1);
      const [operations] = traces;
      expect(operations.filter(({ kind }) => kind === 'sync').length).toBeGreaterThan(100);

      const moments = new Set(Array.from({ length: CUTS }, () => Math.floor(Math.random() * operations.length)));
      const disk = new Disk();
      const acknowledged = nothingYet();
      let cut = 0;
      for (const [i, operation] of operations.entries()) {
        if (operation.kind === 'say') readSaid(operation.text, acknowledged);
        else disk.apply(operation);
        if (!moments.has(i) || !disk.synced.has('store.db')) continue;
        const left = join(folder, `cut-${i}`);
        mkdirSync(left);
        disk.write(left, FATES[cut++ % FATES.length]);
        expect(await wrongIn(join(left, 'store.db'), acknowledged), `cut after operation ${i}`).toEqual([]);
        rmSync(left, { recursive: true });
      }
      expect(cut).toBeGreaterThan(CUTS / 2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

if (!TRACED) console.warn('power cuts are skipped: strace is missing here, or may not trace');
