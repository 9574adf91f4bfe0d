import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { browserOptions } from '../../test/e2e/browser.ts';
import { startHost, startTarget } from './host.ts';
import { line, Meter } from './meter.ts';

/**
 * Live with 100 charts that move each second, in a real browser: main thread, long tasks, frames while scrolling and under the
 * crosshair, and how the heap grows. Needs `npm run build`.
 * `node bench/ui/live.ts [--charts N] [--seconds N (standing)] [--memory N (seconds; 1800 for the long form)] [--trace FILE]`
 */
const { values: options } = parseArgs({
  options: {
    charts: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '60' },
    memory: { type: 'string', default: '60' },
    trace: { type: 'string', default: '' },
  },
});

const target = await startTarget(Number(options.charts));
const host = await startHost([target.address]);
const browser = await chromium.launch(await browserOptions());
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(host.page.href);
  await page
    .getByRole('link', { name: /bench-0|127\.0\.0\.1/ })
    .first()
    .click();
  await page.locator('[data-chart] canvas').first().waitFor();
  const close = page.getByRole('button', { name: 'Close' });
  if (await close.first().isVisible()) await close.first().click();
  // Long enough that the whole window is drawn and heat is judged.
  await sleep(15_000);
  const charts = await page.locator('[data-chart]').count();
  console.log(`${options.charts} charts, ${charts} of them on the page`);
  const meter = await Meter.of(page);
  if (options.trace !== '') await browser.startTracing(page, { path: options.trace });

  console.log(line('standing', await meter.during(() => sleep(Number(options.seconds) * 1000))));

  const box = await page.locator('[data-chart]').first().boundingBox();
  const x = (box?.x ?? 300) + 100;
  const y = (box?.y ?? 300) + 90;
  await page.mouse.move(x, y);
  const scrolling = async (): Promise<void> => {
    for (let i = 0; i < 150; i++) {
      await page.mouse.wheel(0, i < 75 ? 60 : -60);
      await sleep(30);
    }
  };
  console.log(line('scrolling', await meter.during(scrolling)));
  await sleep(1000);
  const crosshair = async (): Promise<void> => {
    for (let i = 0; i < 200; i++) {
      await page.mouse.move(x + ((i * 3) % 150), y);
      await sleep(20);
    }
  };
  console.log(line('crosshair', await meter.during(crosshair)));
  await page.mouse.move(0, 0);
  if (options.trace !== '') await browser.stopTracing();

  const seconds = Number(options.memory);
  const points: (readonly [second: number, bytes: number])[] = [];
  const started = performance.now();
  while ((performance.now() - started) / 1000 < seconds) {
    points.push([(performance.now() - started) / 1000, await meter.heap()]);
    await sleep(Math.max(2000, (seconds * 1000) / 60));
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(points.map(([second]) => second));
  const height = mean(points.map(([, bytes]) => bytes));
  const slope =
    points.reduce((sum, [second, bytes]) => sum + (second - middle) * (bytes - height), 0) /
    points.reduce((sum, [second]) => sum + (second - middle) ** 2, 0);
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  console.log(
    `heap ${mib(points[0][1])} MiB at first, ${mib(points.at(-1)?.[1] ?? 0)} after ${seconds} s; slope ${((slope * 60) / 2 ** 20).toFixed(2)} MiB a minute`,
  );
} finally {
  await browser.close();
  await host.stop();
  target.stop();
}
