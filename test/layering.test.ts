import { readFileSync, globSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Who may import whom (docs/architecture.md). Each folder may import from itself and from the folders listed;
 * type imports count. `#shared/x` and relative paths are both resolved.
 */
const root = resolve(import.meta.dirname, '..');

const SHARED_PARTS = ['shared/promql', 'shared/boards', 'shared/contract'];
const BASE = ['shared/model', ...SHARED_PARTS];
const LOW = ['main/http', 'main/telemetry'];
const DATA = [...LOW, 'main/exposition', 'main/discovery', 'main/storage', 'main/config'];
const WORK = [...DATA, 'main/scrape', 'main/machine', 'main/promql', 'main/remote', 'main/transfer'];
const MEANING = [...WORK, 'main/rules', 'main/insight', 'main/notify'];

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'shared/model': [],
  'shared/promql': ['shared/model'],
  'shared/boards': ['shared/model'],
  'shared/contract': ['shared/model'],
  'main/http': BASE,
  'main/telemetry': BASE,
  'main/exposition': [...BASE, ...LOW],
  'main/storage': [...BASE, ...LOW],
  'main/config': [...BASE, ...LOW, 'main/exposition'],
  'main/discovery': [...BASE, ...LOW, 'main/config'],
  'main/scrape': [...BASE, ...DATA],
  'main/machine': [...BASE, ...DATA],
  'main/promql': [...BASE, ...DATA],
  'main/json': BASE,
  'main/query': [...BASE, ...LOW, 'main/storage', 'main/promql', 'main/json'],
  'main/remote': [...BASE, ...DATA],
  'main/transfer': [...BASE, ...DATA],
  'main/rules': [...BASE, ...WORK],
  'main/insight': [...BASE, ...WORK],
  'main/notify': [...BASE, ...WORK],
  'main/api': [...BASE, ...MEANING, 'main/json'],
  'main/core': [...BASE, ...MEANING, 'main/json', 'main/query', 'main/api'],
  'main/web': [...BASE, ...MEANING, 'main/api'],
  'main/cli': [...BASE, ...MEANING, 'main/core', 'main/api'],
  'main/headless': [...BASE, ...LOW, 'main/config', 'main/core', 'main/api', 'main/web', 'main/cli'],
  'main/desktop': [...BASE, ...LOW, 'main/config', 'main/core', 'main/api', 'main/web'],
  preload: ['shared/model', 'shared/contract'],
  renderer: BASE,
};

function folderOf(file: string): string {
  const parts = relative(`${root}/src`, file).split('/');
  if (parts[0] === 'renderer' || parts[0] === 'preload') return parts[0];
  return parts.slice(0, 2).join('/');
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:import|new URL)\(\s*['"]([^'"]+)['"]/g;

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found: string[] = [];
  for (const match of text.matchAll(IMPORT)) found.push(match[1] ?? match[2]);
  for (const match of text.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g)) found.push(match[1]);
  return found;
}

function resolveImport(file: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return resolve(root, 'src', specifier.slice(1));
  if (specifier.startsWith('.')) return resolve(dirname(file), specifier);
  return null;
}

const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).map((file) => resolve(root, file));
const edges = files.flatMap((file) =>
  importsOf(file).map((specifier) => ({ file, specifier, target: resolveImport(file, specifier) })),
);

test('the check reads the sources', () => {
  expect(files.length).toBeGreaterThan(15);
  expect(edges.filter((edge) => edge.target !== null).length).toBeGreaterThan(15);
});

test('folders import only what their layer may', () => {
  const wrong: string[] = [];
  for (const { file, specifier, target } of edges) {
    if (target === null || !target.startsWith(`${root}/src/`)) continue;
    const from = folderOf(file);
    const to = folderOf(target);
    if (from === to) continue;
    const where = `${relative(root, file)} imports ${specifier}`;
    const allowed = MAY_IMPORT[from];
    if (allowed === undefined) wrong.push(`${where}: ${from} is not in the layering table`);
    else if (!allowed.includes(to)) wrong.push(`${where}: ${from} may not import ${to}`);
    else if (!target.endsWith('/index.ts') && to !== 'renderer') wrong.push(`${where}: enter ${to} by its index.ts`);
  }
  expect(wrong).toEqual([]);
});

test('shared code is pure: no Node, no Electron, no clock', () => {
  const wrong: string[] = [];
  for (const { file, specifier } of edges) {
    const from = folderOf(file);
    const electron = specifier === 'electron' || specifier.startsWith('electron/');
    if (electron && from !== 'main/desktop' && from !== 'preload') wrong.push(`${relative(root, file)}: ${specifier}`);
    const node = specifier.startsWith('node:');
    if (node && (from.startsWith('shared/') || from === 'renderer'))
      wrong.push(`${relative(root, file)}: ${specifier}`);
  }
  for (const file of files.filter((path) => folderOf(path).startsWith('shared/'))) {
    if (/\bDate\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/.test(readFileSync(file, 'utf8')))
      wrong.push(`${relative(root, file)}: reads the clock or chance`);
  }
  expect(wrong).toEqual([]);
});

test('pages do not import pages', () => {
  const wrong = edges
    .filter(({ file, target }) => {
      const from = /src\/renderer\/pages\/([^/]+)/.exec(file)?.[1];
      const to = target === null ? undefined : /src\/renderer\/pages\/([^/]+)/.exec(target)?.[1];
      return from !== undefined && to !== undefined && from !== to;
    })
    .map(({ file, specifier }) => `${relative(root, file)}: ${specifier}`);
  expect(wrong).toEqual([]);
});
