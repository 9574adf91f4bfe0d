import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { expect, test, vi } from 'vitest';
import { cleanMappings, fullCollection, lookAfterMemory, systemAllocator } from '#main/headless/allocator.ts';

test('memory is looked after for as long as the process lives; V8 is told after the start, and when it has grown', async () => {
  const due: (() => void)[] = [];
  const done: string[] = [];
  let resident = 200;
  await lookAfterMemory({
    allocator: {
      trim: async () => void done.push('trim'),
      dropProgram: async () => void done.push('drop'),
    },
    collect: (keepCode) => {
      done.push(keepCode ? 'collect' : 'collect all');
      resident = 100;
    },
    resident: () => resident,
    schedule: (millis, action) => {
      expect(millis).toBeGreaterThan(1000);
      due.push(action);
    },
  });
  const round = async (): Promise<string> => {
    done.length = 0;
    due.shift()?.();
    await vi.waitFor(() => expect(due).toHaveLength(1));
    return done.join(' ');
  };
  expect(due).toHaveLength(1);
  expect(done.join(' ')).toBe('collect all trim drop');
  // Grown at once: not so soon again.
  resident = 130;
  let rounds = 0;
  while ((await round()) === 'trim') rounds++;
  expect(rounds).toBeGreaterThan(20);
  resident = 120;
  for (let i = 0; i < 100; i++) expect(await round()).toBe('trim');
  resident = 130;
  expect(await round()).toBe('collect trim drop');
});

test('where the C library cannot be asked, V8 is told all the same', async () => {
  const due: (() => void)[] = [];
  const collect = vi.fn<(keepCode: boolean) => void>();
  await lookAfterMemory({ allocator: null, collect, resident: () => 1, schedule: (_, action) => due.push(action) });
  for (let i = 0; i < 3; i++) {
    due.shift()?.();
    await vi.waitFor(() => expect(due).toHaveLength(1));
  }
  expect(collect).toHaveBeenCalledOnce();
});

test('only mappings of the file that hold nothing of their own are let go', () => {
  const mapping = (range: string, rights: string, name: string, dirty: number): string =>
    `${range} ${rights} 00000000 fe:00 1234  ${name}\nSize: 4 kB\nRss: 4 kB\nPrivate_Dirty:  ${dirty} kB\nSwap: 0 kB\n`;
  const smaps = [
    mapping('400000-500000', 'r--p', '/a b/node', 0),
    mapping('500000-700000', 'r-xp', '/a b/node', 0),
    mapping('700000-701000', 'r--p', '/a b/node', 8),
    mapping('701000-702000', 'rw-p', '/a b/node', 0),
    mapping('702000-703000', '---p', '/a b/node', 0),
    mapping('7f0000000000-7f0000001000', 'r-xp', '/lib/libc.so', 0),
    mapping('7ffd00000000-7ffd00001000', 'rw-p', '[stack]', 4),
  ].join('');
  expect(cleanMappings(smaps, '/a b/node')).toEqual([
    { from: 0x400000n, to: 0x500000n },
    { from: 0x500000n, to: 0x700000n },
  ]);
  expect(cleanMappings('', '/a b/node')).toEqual([]);
});

test('where there is no glibc there is nothing to ask', async () => {
  expect(await systemAllocator('darwin')).toBeNull();
  expect(await systemAllocator('win32')).toBeNull();
});

test('V8 is told to look for all that is dead, and is as it was', () => {
  const collect = fullCollection();
  const before = cachedDataVersionTag();
  const dead = new WeakRef(new Uint8Array(1 << 20));
  return new Promise<void>((resolve) =>
    setImmediate(() => {
      collect(true);
      expect(dead.deref()).toBeUndefined();
      expect('gc' in globalThis).toBe(false);
      expect(cachedDataVersionTag()).toBe(before);
      resolve();
    }),
  );
});

const glibc = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime;

test.skipIf(glibc === undefined)('what was freed between what is kept goes back to the system', () => {
  const module = resolve(import.meta.dirname, '../../../src/main/headless/allocator.ts');
  // Every second block of 64 KiB is freed: none of them is at an end of the heap.
  const script = `
    const { fullCollection, systemAllocator } = await import(${JSON.stringify(module)});
    const allocator = await systemAllocator('linux');
    const collect = fullCollection();
    let blocks = Array.from({ length: 2000 }, () => new ArrayBuffer(1 << 16));
    for (const block of blocks) new Uint8Array(block).fill(1);
    blocks = blocks.filter((_, i) => i % 2 === 0);
    const before = process.memoryUsage.rss();
    const given = () => before - process.memoryUsage.rss();
    // Collected arrays are freed by another thread, a moment later.
    for (let tries = 0; tries < 200 && given() < 40 << 20; tries++) {
      collect(false);
      await new Promise(setImmediate);
      if (process.argv[1] === 'trim') await allocator.trim();
    }
    console.log(JSON.stringify({ given: given(), kept: blocks.length }));`;
  const given = (how: string): number => {
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script, how], {
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    return (JSON.parse(run.stdout) as { given: number }).given;
  };
  expect(given('keep')).toBeLessThan(20 << 20);
  expect(given('trim')).toBeGreaterThan(40 << 20);
});

test.skipIf(glibc === undefined)('the program goes on without the pages of its file, and has fewer', () => {
  const module = resolve(import.meta.dirname, '../../../src/main/headless/allocator.ts');
  const script = `
    const { systemAllocator } = await import(${JSON.stringify(module)});
    const { readFileSync } = await import('node:fs');
    const file = () => Number(/RssFile:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]);
    const allocator = await systemAllocator('linux');
    const before = file();
    await allocator.dropProgram();
    const after = file();
    console.log(JSON.stringify({ before, after, sum: JSON.parse('[1,2,3]').reduce((a, b) => a + b) }));`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  const { before, after, sum } = JSON.parse(run.stdout) as Record<string, number>;
  expect(sum).toBe(6);
  expect(after).toBeLessThan(before * 0.6);
});
