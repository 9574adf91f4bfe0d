/** Renders the SVG icons of this folder as PNG: `node resources/render-icons.ts`. The PNG files are committed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { browserOptions } from '../test/e2e/browser.ts';

const ICONS: readonly (readonly [svg: string, png: string, pixels: number])[] = [
  ['icon.svg', 'icon.png', 512],
  ['tray.svg', 'tray.png', 22],
  ['tray.svg', 'tray@2x.png', 44],
  ['tray-down.svg', 'tray-down.png', 22],
  ['tray-down.svg', 'tray-down@2x.png', 44],
  ['trayTemplate.svg', 'trayTemplate.png', 22],
  ['trayTemplate.svg', 'trayTemplate@2x.png', 44],
];

const browser = await chromium.launch(await browserOptions());
for (const [svg, png, pixels] of ICONS) {
  const page = await browser.newPage({ viewport: { width: pixels, height: pixels } });
  const source = readFileSync(join(import.meta.dirname, svg), 'utf8');
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${source}`);
  await page.screenshot({ path: join(import.meta.dirname, png), omitBackground: true });
  await page.close();
}
await browser.close();
