import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { keepTrimmed, systemAllocator } from '#main/headless/allocator.ts';

test('trimming goes on for as long as the process lives', async () => {
  const due: (() => void)[] = [];
  let trims = 0;
  const trim = async (): Promise<void> => void trims++;
  keepTrimmed({ trim }, (millis, action) => {
    expect(millis).toBeGreaterThan(1000);
    due.push(action);
  });
  for (let i = 0; i < 5; i++) {
    expect(trims).toBe(i);
    due.shift()?.();
    await vi.waitFor(() => expect(due).toHaveLength(1));
  }
  expect(due).toHaveLength(1);
});

test('where there is no glibc there is nothing to ask', async () => {
  expect(await systemAllocator('darwin')).toBeNull();
  expect(await systemAllocator('win32')).toBeNull();
});

const glibc = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime;

test.skipIf(glibc === undefined)('what was freed between what is kept goes back to the system', () => {
  const module = resolve(import.meta.dirname, '../../../src/main/headless/allocator.ts');
  // Every second block of 64 KiB is freed: none of them is at an end of the heap.
  const script = `
    const { systemAllocator } = await import(${JSON.stringify(module)});
    const allocator = await systemAllocator('linux');
    let blocks = Array.from({ length: 2000 }, () => new ArrayBuffer(1 << 16));
    for (const block of blocks) new Uint8Array(block).fill(1);
    blocks = blocks.filter((_, i) => i % 2 === 0);
    const before = process.memoryUsage.rss();
    const given = () => before - process.memoryUsage.rss();
    // Collected arrays are freed by another thread, a moment later.
    for (let tries = 0; tries < 200 && given() < 40 << 20; tries++) {
      globalThis.gc();
      await new Promise(setImmediate);
      if (process.argv[1] === 'trim') await allocator.trim();
    }
    console.log(JSON.stringify({ given: given(), kept: blocks.length }));`;
  const given = (how: string): number => {
    const run = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script, how], {
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    return (JSON.parse(run.stdout) as { given: number }).given;
  };
  expect(given('keep')).toBeLessThan(20 << 20);
  expect(given('trim')).toBeGreaterThan(40 << 20);
});
