import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Electron from 'electron';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { DesktopApp, LaunchOptions } from '../desktop.ts';
import { decodeValue, encodeValue } from './page-values.ts';
import type { DoubleToParent, ParentToDouble } from './protocol.ts';

const root = resolve(import.meta.dirname, '../../..');

/** What a page's `require('electron')` is; runs in the page before the preload script. */
function pageSide(codec: { encode: (value: unknown) => unknown; decode: (value: unknown) => unknown }): void {
  const page = globalThis as unknown as Record<string, unknown> & {
    __doubleSend(channel: string, data: string): Promise<void>;
  };
  type Listener = (event: unknown, ...args: unknown[]) => void;
  const listeners = new Map<string, Listener[]>();
  page['__doubleReceive'] = (channel: string, data: string) => {
    const args = codec.decode(JSON.parse(data)) as unknown[];
    for (const listener of listeners.get(channel) ?? []) listener({}, ...args);
  };
  page['__doubleRequire'] = (name: string) => {
    if (name !== 'electron') throw new Error(`a sandboxed preload script cannot require ${name}`);
    return {
      contextBridge: {
        exposeInMainWorld(key: string, value: unknown) {
          page[key] = value;
        },
      },
      ipcRenderer: {
        send: (channel: string, ...args: unknown[]) =>
          void page.__doubleSend(channel, JSON.stringify(codec.encode(args))),
        on(channel: string, listener: Listener) {
          listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
        },
      },
    };
  };
}

/** The preload bundle (CommonJS) with the double's `require` around it, for addInitScript. */
function preloadScript(file: string): string {
  const code = readFileSync(file, 'utf8');
  return `{
    (${pageSide.toString()})({ encode: ${encodeValue.toString()}, decode: ${decodeValue.toString()} });
    const module = { exports: {} };
    ((require, module, exports, process) => {${code}
    })(globalThis.__doubleRequire, module, module.exports, { platform: 'linux' });
  }`;
}

class DoubleApp implements DesktopApp {
  readonly kind = 'double';
  readonly #child: ChildProcess;
  readonly #browser: Browser;
  readonly #pages = new Map<number, { page: Page; context: BrowserContext }>();
  readonly #evaluations = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #waiting: (() => void)[] = [];
  /** Windows are made one after the other, so that messages to a page never overtake its making. */
  #queue: Promise<void> = Promise.resolve();
  #output = '';
  #nextEvaluation = 1;

  constructor(browser: Browser, child: ChildProcess) {
    this.#browser = browser;
    this.#child = child;
    child.stdout?.on('data', (data: Buffer) => (this.#output += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (this.#output += data.toString()));
    child.on('message', (message: DoubleToParent) => {
      if (message.type === 'evaluated') {
        this.#finishEvaluation(message);
        return;
      }
      this.#queue = this.#queue
        .then(() => this.#handle(message))
        .catch((error: unknown) => {
          this.#output += `\n[double] ${String(error)}`;
        });
    });
    child.on('exit', () => {
      for (const { reject } of this.#evaluations.values()) reject(new Error('the main process has ended'));
      this.#evaluations.clear();
    });
  }

  windows(): Page[] {
    return [...this.#pages.values()].map(({ page }) => page);
  }

  async window(hash: string): Promise<Page> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const page = this.windows().find((candidate) => candidate.url().includes(`#/${hash}`));
      if (page !== undefined) return page;
      if (Date.now() > deadline) throw new Error(`no window at #/${hash}; the main process said:\n${this.#output}`);
      await new Promise<void>((done) => {
        this.#waiting.push(done);
        setTimeout(done, 200);
      });
    }
  }

  evaluate<R, A>(run: (electron: typeof Electron, arg: A) => R, arg: A): Promise<Awaited<R>> {
    const id = this.#nextEvaluation++;
    return new Promise((resolve, reject) => {
      this.#evaluations.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#post({ type: 'evaluate', id, source: run.toString(), arg });
    });
  }

  closeWindow(page: Page): Promise<void> {
    for (const [window, entry] of this.#pages) if (entry.page === page) this.#post({ type: 'user-closes', window });
    return Promise.resolve();
  }

  async quit(): Promise<number | null> {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'exit');
      await this.evaluate(({ app }) => setImmediate(() => app.quit()) && null, null).catch(() => null);
      await ended;
    }
    await Promise.all([...this.#pages.values()].map(({ context }) => context.close()));
    return this.#child.exitCode;
  }

  /** For the end of a failed test: nothing is left running. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await Promise.all([...this.#pages.values()].map(({ context }) => context.close().catch(() => undefined)));
  }

  output(): string {
    return this.#output;
  }

  #post(message: ParentToDouble): void {
    // It may end while the message is on its way; what waits for an answer learns that from its exit.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #finishEvaluation(message: DoubleToParent & { type: 'evaluated' }): void {
    const waiting = this.#evaluations.get(message.id);
    this.#evaluations.delete(message.id);
    if (message.error === null) waiting?.resolve(message.result);
    else waiting?.reject(new Error(message.error));
  }

  async #handle(message: Exclude<DoubleToParent, { type: 'evaluated' }>): Promise<void> {
    if (message.type === 'create-window') {
      const context = await this.#browser.newContext({
        locale: 'en-US',
        viewport: { width: message.width, height: message.height },
      });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      await page.exposeBinding('__doubleSend', (_source, channel: string, data: string) => {
        const args = decodeValue(JSON.parse(data)) as unknown[];
        this.#post({ type: 'from-page', window: message.window, channel, args });
      });
      if (message.preload !== null) await page.addInitScript(preloadScript(message.preload));
      page.on('crash', () => this.#post({ type: 'page-gone', window: message.window }));
      page.on('pageerror', (error) => (this.#output += `\n[page] ${error.stack ?? error.message}`));
      page.on('console', (line) => {
        if (line.type() === 'error') this.#output += `\n[page] ${line.text()}`;
      });
      this.#pages.set(message.window, { page, context });
      return;
    }
    const entry = this.#pages.get(message.window);
    if (entry === undefined) return;
    switch (message.type) {
      case 'load':
        await entry.page.goto(`${pathToFileURL(message.file).href}${message.hash === '' ? '' : `#${message.hash}`}`);
        this.#post({ type: 'loaded', window: message.window });
        for (const done of this.#waiting.splice(0)) done();
        return;
      case 'reload':
        await entry.page.reload();
        return;
      case 'to-page':
        await entry.page
          .evaluate(
            ([channel, data]) =>
              (
                globalThis as unknown as { __doubleReceive?: (channel: string, data: string) => void }
              ).__doubleReceive?.(channel, data),
            [message.channel, JSON.stringify(encodeValue(message.args))] as const,
          )
          // The page may be on its way out; Electron drops such messages too.
          .catch(() => undefined);
        return;
      case 'close-window':
        this.#pages.delete(message.window);
        await entry.context.close();
        return;
    }
  }
}

/** Starts the built main bundle in a forked Node with the double in the place of `electron`. */
export function launchDouble(browser: Browser, options: LaunchOptions): DoubleApp {
  const child = fork(join(root, 'out/main/desktop.js'), [...(options.args ?? [])], {
    execArgv: ['--import', pathToFileURL(join(import.meta.dirname, 'register.ts')).href],
    env: {
      ...process.env,
      ...options.env,
      HEARTH_DOUBLE_USER_DATA: options.userData,
      HEARTH_DOUBLE_APP: root,
    },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return new DoubleApp(browser, child);
}
