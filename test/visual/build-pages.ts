import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { build, mergeConfig } from 'vite';
import renderer from '../../renderer.config.ts';
import { packagedBrowser } from '../e2e/browser.ts';

const root = resolve(import.meta.dirname, '../..');

/** The page's own fonts have no Chinese; pictures need one that is the same everywhere. */
export const CHINESE_FONT = '@fontsource-variable/noto-sans-sc';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/** Builds the renderer with its development parts and serves it for as long as the tests run. @returns the end of it */
export default async function buildPages(): Promise<() => Promise<void>> {
  // Unpacked once: of two workers one would start what the other is still writing, and go without pictures.
  await packagedBrowser().catch(() => undefined);
  const outDir = join(root, 'test-results/visual-pages');
  await build(
    mergeConfig(renderer, {
      configFile: false,
      logLevel: 'warn',
      define: { 'import.meta.env.DEV': 'true' },
      build: { outDir },
    }),
  );
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const fonts = path.startsWith(`/${CHINESE_FONT}/`);
    const home = fonts ? join(root, 'node_modules', CHINESE_FONT) : outDir;
    const file = fonts ? join(root, 'node_modules', path) : join(outDir, path === '/' ? 'index.html' : path);
    if (!file.startsWith(home) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  process.env['HEARTH_VISUAL_PAGES'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
}
