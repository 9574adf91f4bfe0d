import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../out/renderer');

/** What a script or style needs before it runs: what it imports without asking at run time. */
function staticImports(text: string): string[] {
  return [...text.matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{}\s,]*?from\s*)?["'](\.\/[^"']+)["']/g)].map(
    ([, path]) => path,
  );
}

/** Files that the first screen loads: the page's own, and those of Live with the styles that come along. */
function firstScreen(): string[] {
  const html = readFileSync(join(root, 'index.html'), 'utf8');
  const queue = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path);
  const scripts = queue.filter((path) => path.endsWith('.js')).map((path) => readFileSync(join(root, path), 'utf8'));
  const live = scripts.map((text) => /\.\/(live-[\w-]+\.js)/.exec(text)?.[1]).find((name) => name !== undefined);
  if (live === undefined) throw new Error('the first scripts do not know the Live page');
  queue.push(`assets/${live}`);
  const seen = new Set<string>();
  for (const path of queue) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (path.endsWith('.js'))
      for (const next of staticImports(readFileSync(join(root, path), 'utf8')))
        queue.push(join(dirname(path), next).replaceAll('\\', '/'));
  }
  return [...seen];
}

test('the first screen is under 350 kB of scripts and styles, compressed', () => {
  const files = firstScreen();
  expect(files.length).toBeGreaterThan(4);
  const sizes = files.map((file) => gzipSync(readFileSync(join(root, file))).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`first screen: ${files.length} files, ${(total / 1000).toFixed(1)} kB gzip`);
  expect(total).toBeLessThan(350_000);
  // Editors and dialogs come when they are needed.
  const texts = files.map((file) => readFileSync(join(root, file), 'utf8'));
  expect(texts.some((text) => text.includes('cm-content'))).toBe(false);
});
