import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type * as Electron from 'electron';
import { _electron, type Browser, type ElectronApplication, type Page } from '@playwright/test';
import { launchDouble } from './double/launch.ts';

const root = resolve(import.meta.dirname, '../..');

export interface LaunchOptions {
  /** Folder of everything the application keeps. */
  readonly userData: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The desktop application as specs see it: real Electron where its binary is, else the double. */
export interface DesktopApp {
  readonly kind: 'double' | 'electron';
  windows(): Page[];
  /** Waits for a window whose address is `#/<hash>...`. */
  window(hash: string): Promise<Page>;
  /** Runs a function in the main process with the electron module; it must not use anything from outside itself. */
  evaluate<R, A>(run: (electron: typeof Electron, arg: A) => R, arg: A): Promise<Awaited<R>>;
  /** Closes a window as its user does. */
  closeWindow(page: Page): Promise<void>;
  /** Quits as the menu does and waits for the process to end; returns its exit code. */
  quit(): Promise<number | null>;
  /** Ends it at once, for the clean-up of a failed test. */
  kill(): Promise<void>;
  /** What the main process printed. */
  output(): string;
}

/** Path of Electron's executable where the package has downloaded it, else null. Never starts a download. */
export function electronBinary(): string | null {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const name =
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string] ?? 'electron';
  const folder = override ?? join(dirname(createRequire(import.meta.url).resolve('electron/package.json')), 'dist');
  const path = join(folder, name);
  return existsSync(path) ? path : null;
}

class RealApp implements DesktopApp {
  readonly kind = 'electron';
  readonly #app: ElectronApplication;
  #output = '';
  constructor(app: ElectronApplication) {
    this.#app = app;
    app.process().stdout?.on('data', (data: Buffer) => (this.#output += data.toString()));
    app.process().stderr?.on('data', (data: Buffer) => (this.#output += data.toString()));
  }
  windows(): Page[] {
    return this.#app.windows();
  }
  async window(hash: string): Promise<Page> {
    const there = this.windows().find((page) => page.url().includes(`#/${hash}`));
    return there ?? this.#app.waitForEvent('window', { predicate: (page) => page.url().includes(`#/${hash}`) });
  }
  evaluate<R, A>(run: (electron: typeof Electron, arg: A) => R, arg: A): Promise<Awaited<R>> {
    return this.#app.evaluate<Awaited<R>, A>(run as never, arg);
  }
  async closeWindow(page: Page): Promise<void> {
    const handle = await this.#app.browserWindow(page);
    await handle.evaluate((window: { close(): void }) => window.close());
  }
  async quit(): Promise<number | null> {
    const process = this.#app.process();
    await this.#app.close();
    return process.exitCode;
  }
  kill(): Promise<void> {
    this.#app.process().kill('SIGKILL');
    return Promise.resolve();
  }
  output(): string {
    return this.#output;
  }
}

/** Starts the built desktop application. `browser` shows the double's windows. */
export async function launchDesktop(browser: Browser, options: LaunchOptions): Promise<DesktopApp> {
  const binary = electronBinary();
  if (binary === null) return launchDouble(browser, options);
  const app = await _electron.launch({
    executablePath: binary,
    args: [root, `--user-data-dir=${options.userData}`, ...(options.args ?? [])],
    env: { ...(process.env as Record<string, string>), ...options.env },
  });
  return new RealApp(app);
}
