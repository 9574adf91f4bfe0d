import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';
import { parseAst } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * Packs the built application with a folder of stub files in the place of Electron's, and looks at what is inside:
 * what an installer would contain, on machines that cannot have Electron's binary.
 */
const root = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

const STUB_FILES = [
  'LICENSE',
  'LICENSES.chromium.html',
  'icudtl.dat',
  'libffmpeg.so',
  'resources.pak',
  'snapshot_blob.bin',
  'v8_context_snapshot.bin',
  'chrome_100_percent.pak',
  'chrome-sandbox',
  'chrome_crashpad_handler',
];

let folder: string;
let asarFile: string;
let packed: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-pack-'));
  const stub = join(folder, 'electron');
  mkdirSync(join(stub, 'resources'), { recursive: true });
  mkdirSync(join(stub, 'locales'));
  for (const file of STUB_FILES) writeFileSync(join(stub, file), 'stub');
  writeFileSync(join(stub, 'locales/en-US.pak'), 'stub');
  writeFileSync(join(stub, 'electron'), '#!/bin/sh\n');
  chmodSync(join(stub, 'electron'), 0o755);
  const { version } = require('electron/package.json') as { version: string };
  writeFileSync(join(stub, 'version'), version);
  const builder = join(dirname(require.resolve('electron-builder/package.json')), 'cli.js');
  execFileSync(
    process.execPath,
    [
      builder,
      '--linux',
      '--x64',
      '--dir',
      `-c.electronDist=${stub}`,
      `-c.directories.output=${join(folder, 'dist')}`,
      '--publish',
      'never',
    ],
    { cwd: root, stdio: 'pipe' },
  );
  asarFile = join(folder, 'dist/linux-unpacked/resources/app.asar');
  packed = listPackage(asarFile, { isPack: false }).map((path) => path.replaceAll('\\', '/'));
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Calls `visit` for each node of a syntax tree. */
function walk(node: unknown, visit: (node: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(node)) for (const each of node) walk(each, visit);
  else if (typeof node === 'object' && node !== null) {
    visit(node as Readonly<Record<string, unknown>>);
    for (const each of Object.values(node)) if (typeof each === 'object') walk(each, visit);
  }
}

/** The text of a string or of a template without substitutions, null for anything else. */
function textOf(node: unknown): string | null {
  const { type, value, quasis } = (node ?? {}) as {
    readonly type?: string;
    readonly value?: unknown;
    readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
  };
  if (type === 'Literal' && typeof value === 'string') return value;
  return type === 'TemplateLiteral' && quasis?.length === 1 ? quasis[0].value.cooked : null;
}

/** Modules that a file of the package loads by name: static and dynamic imports, and requires. */
function externalModules(file: string): Set<string> {
  const found = new Set<string>();
  walk(parseAst(extractFile(asarFile, file.slice(1)).toString()).body, (node) => {
    const callee = node['callee'] as { readonly name?: string } | undefined;
    const isRequire = node['type'] === 'CallExpression' && callee?.name === 'require';
    const [first] = isRequire ? (node['arguments'] as readonly unknown[]) : [];
    const name = textOf(isRequire ? first : node['source']);
    if (name !== null && !name.startsWith('.')) found.add(name);
  });
  return found;
}

/** Packages that are not in it, and without which the code that asks for them goes on. */
const OPTIONAL = ['koffi'];

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

describe('the packaged application', () => {
  test('has every built entry', () => {
    for (const file of ['/package.json', '/out/main/desktop.js', '/out/preload/index.cjs', '/out/renderer/index.html'])
      expect(packed).toContain(file);
    expect(packed.some((path) => /^\/out\/main\/.*worker.*\.js$/.test(path))).toBe(true);
  });

  test('has every module that its main code loads', () => {
    const missing: string[] = [];
    const loaded = new Set<string>();
    let read = 0;
    for (const file of packed.filter((path) => /^\/out\/main\/.*\.js$/.test(path))) {
      read++;
      for (const specifier of externalModules(file)) {
        if (specifier.startsWith('node:') || specifier === 'electron' || specifier.startsWith('#')) continue;
        const name = packageOf(specifier);
        if (isBuiltin(name) || OPTIONAL.includes(name)) continue;
        loaded.add(name);
        if (!packed.includes(`/node_modules/${name}/package.json`)) missing.push(`${file}: ${specifier}`);
      }
    }
    expect(read).toBeGreaterThan(1);
    expect([...loaded]).toContain('better-sqlite3');
    expect(missing).toEqual([]);
  });

  test('has the SQLite add-on of its platform, outside the archive, and no other', () => {
    const prebuilds = packed.filter((path) => path.endsWith('.node'));
    expect(prebuilds).toEqual(['/node_modules/better-sqlite3/prebuilds/linux-x64.node']);
    const stat = statFile(asarFile, 'node_modules/better-sqlite3/prebuilds/linux-x64.node');
    expect('unpacked' in stat && stat.unpacked).toBe(true);
    expect(existsSync(`${asarFile}.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node`)).toBe(true);
  });

  test('has no sources, no tests, no Node binary and no build tools', () => {
    const unwanted = packed.filter(
      (path) =>
        path.startsWith('/src/') ||
        path.startsWith('/test/') ||
        /\.(?:ts|tsx|map|cpp|c|h)$/.test(path) ||
        /\/node_modules\/(?:node-(?:linux|win|darwin)-|(?:electron|vite|typescript|vitest|@playwright)(?:\/|$))/.test(
          path,
        ),
    );
    expect(unwanted).toEqual([]);
  });

  test('is small: the archive and what is beside it stay under 40 MB', () => {
    const resources = join(folder, 'dist/linux-unpacked/resources');
    const bytes = readdirSync(resources, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    expect(bytes).toBeLessThan(40_000_000);
  });
});
