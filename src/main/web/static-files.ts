import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { bytesResponse, type ApiResponse } from '#main/api/index.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** The component library puts its styles into the page, which is why inline styles are allowed; scripts are not. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const GUARDS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};

const HASHED = /-[A-Za-z0-9_-]{8,}\.\w+$/;

/** The built renderer, as a closed list of files: nothing else on the disk can be asked for. */
export class StaticFiles {
  private readonly files = new Map<string, string>();
  private readonly loaded = new Map<string, Buffer>();

  constructor(folder: string) {
    let entries: string[] = [];
    try {
      entries = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && extname(entry.name) !== '.map')
        .map((entry) => join(entry.parentPath, entry.name));
    } catch {
      // Not built: the pages are missing, the API works.
    }
    for (const file of entries) this.files.set(`/${relative(folder, file).split(sep).join('/')}`, file);
  }

  /** Whether there is a page to show. */
  get complete(): boolean {
    return this.files.has('/index.html');
  }

  /** @returns null when there is no such file */
  find(method: string, path: string): ApiResponse | null {
    const name = path === '/' ? '/index.html' : path;
    const file = this.files.get(name);
    if (file === undefined || (method !== 'GET' && method !== 'HEAD')) return null;
    let body = this.loaded.get(name);
    if (body === undefined) {
      body = readFileSync(file);
      this.loaded.set(name, body);
    }
    const answer = bytesResponse(200, TYPES[extname(name)] ?? 'application/octet-stream', [body]);
    const caching = HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache';
    return { ...answer, headers: { ...answer.headers, 'Cache-Control': caching, ...GUARDS } };
  }
}
