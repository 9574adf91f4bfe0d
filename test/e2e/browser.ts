import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium, type LaunchOptions } from '@playwright/test';

/** Flags that keep a headless Chromium to itself: no GPU, no background traffic. */
export const QUIET = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  // Pages of the desktop host are files whose scripts are modules.
  '--allow-file-access-from-files',
];

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const SYSTEM_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function systemBrowser(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [...folders.flatMap((folder) => SYSTEM_NAMES.map((name) => join(folder, name))), ...SYSTEM_PATHS];
  return candidates.find((path) => existsSync(path) && executable(path)) ?? null;
}

/**
 * Chromium from the npm package @sparticuz/chromium; it wants fonts told and libraries unpacked.
 * @param folder where its fonts are, besides those of its own package
 */
export async function packagedBrowser(folder = '/usr/share/fonts'): Promise<string> {
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs24.x';
  const fonts = mkdtempSync(join(tmpdir(), 'hearth-fonts-'));
  mkdirSync(join(fonts, 'cache'));
  writeFileSync(
    join(fonts, 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${join(tmpdir(), 'fonts')}</dir><dir>${folder}</dir><cachedir>${join(fonts, 'cache')}</cachedir></fontconfig>`,
  );
  process.env['FONTCONFIG_PATH'] = fonts;
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}

/**
 * How to start a Chromium for tests. In this order: HEARTH_CHROMIUM, Playwright's own, one installed on the system,
 * the one in the npm package.
 * @throws Error that says what to install when there is none
 */
export async function browserOptions(): Promise<LaunchOptions> {
  const common: LaunchOptions = { args: QUIET, chromiumSandbox: false };
  const chosen = process.env['HEARTH_CHROMIUM'];
  if (chosen !== undefined && chosen !== '') return { ...common, executablePath: chosen };
  const own = chromium.executablePath();
  if (own !== '' && existsSync(own)) return common;
  const system = systemBrowser();
  if (system !== null) return { ...common, executablePath: system };
  try {
    return { ...common, executablePath: await packagedBrowser() };
  } catch (error) {
    throw new Error(
      'no Chromium for the tests: install one (npx playwright install chromium, or your system’s package) or name it in HEARTH_CHROMIUM',
      { cause: error },
    );
  }
}
