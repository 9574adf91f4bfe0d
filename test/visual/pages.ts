import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Browser, type Page } from '@playwright/test';
import { browserOptions, packagedBrowser, QUIET } from '../e2e/browser.ts';
import { CHINESE_FONT } from './build-pages.ts';

/** The moment at which all pictures are taken. */
export const NOW = Date.UTC(2026, 0, 15, 20, 40, 18);

const SIZES = {
  reference: { width: 1440, height: 900 },
  state: { width: 1120, height: 640 },
  small: { width: 1024, height: 680 },
} as const;

export interface Look {
  /** State of the made-up core. */
  readonly fake: string;
  readonly hash?: string;
  readonly theme?: 'dark' | 'light';
  /** `reference` 1440×900, `small` the smallest window, `state` one in which the list is there and pictures are not large. */
  readonly size?: keyof typeof SIZES;
  /** Texts 40 % longer. */
  readonly pseudo?: boolean;
  readonly chinese?: boolean;
  /** The page of primitives in place of the application. */
  readonly gallery?: boolean;
}

/** The faces of the Chinese font, under the names by which the page asks for one. */
function chineseFaces(): string {
  const css = readFileSync(new URL(import.meta.resolve('@fontsource-variable/noto-sans-sc/index.css')), 'utf8');
  const faces = css.replaceAll('url(./', `url(/${CHINESE_FONT}/`);
  return ["'Noto Sans CJK SC'", "'Noto Sans Mono CJK SC'"]
    .map((name) => faces.replaceAll("'Noto Sans SC Variable'", name))
    .join('\n');
}

export interface Shown {
  readonly browser: Browser;
  /** Why its pictures are not those of the references; null where they are. */
  readonly foreign: string | null;
}

/** The one browser of the references where it runs, else the one that the other tests use, for what needs no pictures. */
async function launch(chromium: { launch(options: object): Promise<Browser> }): Promise<Shown> {
  let why: string;
  try {
    // Fonts of the page and of the browser's package, none of the machine.
    const executablePath = await packagedBrowser(mkdtempSync(join(tmpdir(), 'hearth-no-fonts-')));
    const args = [...QUIET, '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'];
    return { browser: await chromium.launch({ args, chromiumSandbox: false, executablePath }), foreign: null };
  } catch (error) {
    why = error instanceof Error ? error.message.split('\n')[0] : String(error);
  }
  return {
    browser: await chromium.launch(await browserOptions()),
    foreign: `@sparticuz/chromium does not run here (${why})`,
  };
}

export const test = base.extend<{ show: (look: Look) => Promise<Page> }, { shown: Shown }>({
  shown: [
    async ({ playwright }, provide) => {
      const shown = await launch(playwright.chromium);
      await provide(shown);
      await shown.browser.close();
    },
    { scope: 'worker' },
  ],
  show: async ({ shown }, provide) => {
    const close: (() => Promise<void>)[] = [];
    await provide(
      async ({
        fake,
        hash = '',
        theme = 'dark',
        size = 'reference',
        pseudo = false,
        chinese = false,
        gallery = false,
      }) => {
        const context = await shown.browser.newContext({
          viewport: SIZES[size],
          colorScheme: theme,
          reducedMotion: 'reduce',
          locale: chinese ? 'zh-CN' : 'en-US',
          timezoneId: 'UTC',
        });
        close.push(() => context.close());
        const page = await context.newPage();
        await page.clock.setFixedTime(NOW);
        const query = new URLSearchParams({ fake });
        if (pseudo) query.set('pseudo', '');
        if (gallery) query.set('gallery', '');
        if (chinese) await page.addInitScript(() => localStorage.setItem('hearth.language', 'zh'));
        await page.goto(`${process.env['HEARTH_VISUAL_PAGES']}?${query.toString()}#/${hash}`);
        if (chinese) await page.addStyleTag({ content: chineseFaces() });
        await page.evaluate(async () => {
          await document.fonts.ready;
        });
        return page;
      },
    );
    for (const end of close) await end();
  },
});

export { expect } from '@playwright/test';
