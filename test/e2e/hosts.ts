import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, type Browser, type Page, type TestInfo } from '@playwright/test';
import { browserOptions } from './browser.ts';
import { launchDesktop } from './desktop.ts';

const root = resolve(import.meta.dirname, '../..');

/** Hearth running on one of its hosts, as its user meets it. */
export interface Hearth {
  /** What shows it: `headless`, `double` (of Electron) or `electron`. */
  readonly kind: 'headless' | 'double' | 'electron';
  /** The main window. */
  main(): Promise<Page>;
  /** The settings window, opened the way the host opens it. */
  settings(): Promise<Page>;
  /** Ends it as its user does. @returns the exit code */
  quit(): Promise<number | null>;
  kill(): Promise<void>;
  output(): string;
}

/** Folder in which one user's Hearth keeps everything. */
export interface Home {
  readonly path: string;
  start(): Promise<Hearth>;
}

async function startHeadless(browser: Browser, home: string): Promise<Hearth> {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(root, 'bin/hearth.mjs'), 'serve', '--web.listen-address=127.0.0.1:0'],
    { cwd: root, env: { ...process.env, HEARTH_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  const url = new Promise<string>((found, failed) => {
    const look = (data: Buffer): void => {
      output += data.toString();
      const match = /http:\/\/\S+/.exec(output);
      if (match !== null) found(match[0]);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('exit', (code) => failed(new Error(`hearth serve ended with ${code}:\n${output}`)));
  });
  const address = new URL(await url);
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(20_000);
  let main: Page | null = null;
  const open = async (hash: string): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => (output += `\n[page] ${error.stack ?? error.message}`));
    await page.goto(address.href);
    if (hash !== '') await page.goto(new URL(`#/${hash}`, address).href);
    return page;
  };
  return {
    kind: 'headless',
    main: async () => (main ??= await open('')),
    settings: () => open('settings/targets'),
    async quit() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      await context.close();
      return child.exitCode;
    },
    async kill() {
      // The starter runs the server as its child: the whole group goes.
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
      await context.close().catch(() => undefined);
    },
    output: () => output,
  };
}

async function startDesktop(browser: Browser, home: string): Promise<Hearth> {
  const app = await launchDesktop(browser, {
    userData: join(home, 'electron'),
    env: { HEARTH_HOME: home, HEARTH_LISTEN: '127.0.0.1:0' },
  });
  const main = await app.window('live');
  return {
    kind: app.kind,
    main: () => Promise.resolve(main),
    async settings() {
      await app.evaluate(({ Menu }) => {
        Menu.getApplicationMenu()?.getMenuItemById('settings')?.click();
        return null;
      }, null);
      return app.window('settings');
    },
    quit: () => app.quit(),
    kill: () => app.kill(),
    output: () => app.output(),
  };
}

type HostName = 'headless' | 'desktop';

interface OpenHome extends Home {
  /** Ends whatever was started, and removes the folder. */
  close(): Promise<void>;
  /** What all that was started has printed. */
  output(): string;
}

function openHome(browser: Browser, info: TestInfo): OpenHome {
  const path = mkdtempSync(join(tmpdir(), 'hearth-e2e-'));
  const started: Hearth[] = [];
  const host = info.project.metadata['host'] as HostName;
  return {
    path,
    async start() {
      const hearth = await (host === 'desktop' ? startDesktop(browser, path) : startHeadless(browser, path));
      started.push(hearth);
      info.annotations.push({ type: 'host', description: hearth.kind });
      return hearth;
    },
    async close() {
      for (const hearth of started) await hearth.kill();
      rmSync(path, { recursive: true, force: true });
    },
    output: () => started.map((hearth) => hearth.output()).join('\n---\n'),
  };
}

async function attachOutput(info: TestInfo, home: OpenHome): Promise<void> {
  if (info.status !== info.expectedStatus) await info.attach('output', { body: home.output() });
}

/** `home` is a fresh folder; whatever a test starts from it is ended with the test. */
export const test = base.extend<{ home: Home }, { shown: Browser }>({
  shown: [
    async ({ playwright }, provide) => {
      const browser = await playwright.chromium.launch(await browserOptions());
      await provide(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  home: async ({ shown }, provide, info) => {
    const home = openHome(shown, info);
    await provide(home);
    await attachOutput(info, home);
    await home.close();
  },
});

/** The one Hearth of a file. */
export interface Shared {
  readonly home: Home;
  readonly hearth: Hearth;
}

/**
 * One Hearth for all tests of a file, which then run in their order: starting one costs more than most tasks. Each test
 * has to begin with `fresh` and leave no setting behind that another would meet.
 * @param prepare fills the folder before Hearth starts on it
 */
export function shareHearth(prepare: (home: string) => Promise<void> = () => Promise.resolve()): () => Shared {
  test.describe.configure({ mode: 'default' });
  let home: OpenHome | null = null;
  let hearth: Hearth | null = null;
  test.beforeAll(async ({ shown }, info) => {
    home = openHome(shown, info);
    await prepare(home.path);
    hearth = await home.start();
  });
  test.afterEach(async ({ shown: _browser }, info) => {
    if (home === null || hearth === null || info.status === info.expectedStatus) return;
    await attachOutput(info, home);
    const picture = { path: info.outputPath('main-window.png'), timeout: 5000 };
    await (await hearth.main()).screenshot(picture).catch(() => undefined);
  });
  test.afterAll(() => home?.close());
  return () => {
    if (home === null || hearth === null) throw new Error('Hearth runs while tests do');
    return { home, hearth };
  };
}

/** The main window as if it were opened now, at an address below `#/`: nothing that a test before typed or chose in it. */
export async function fresh(page: Page, hash: string): Promise<Page> {
  await page.bringToFront();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.evaluate((next) => {
    window.sessionStorage.removeItem('hearth.explore.draft');
    window.localStorage.clear();
    window.location.hash = `#/${next}`;
  }, hash);
  await page.reload();
  return page;
}

export { expect } from '@playwright/test';
