import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { browserOptions } from '../../test/e2e/browser.ts';
import { startHost } from './host.ts';
import { line, Meter } from './meter.ts';

/**
 * A chart of 100 series with 10,000 stored samples each, zoomed and panned by the wheel in a real browser: frames, long tasks, and
 * how long after the hand rests the query at the new resolution is drawn. Needs `npm run build`.
 * `node bench/ui/explore.ts [--series N] [--samples N] [--trace FILE]`
 */
const { values: options } = parseArgs({
  options: {
    series: { type: 'string', default: '100' },
    samples: { type: 'string', default: '10000' },
    trace: { type: 'string', default: '' },
  },
});
const SERIES = Number(options.series);
const SAMPLES = Number(options.samples);
const STEP = 15_000;

const host = await startHost([]);
const browser = await chromium.launch(await browserOptions());
try {
  const end = Math.floor(Date.now() / STEP) * STEP;
  for (let s = 0; s < SERIES; s++) {
    const lines = Array.from(
      { length: SAMPLES },
      (_, i) =>
        `bench_history{series="${s}"} ${(50 + s + 20 * Math.sin(i / (50 + s)) + ((i * 7919 + s * 104729) % 997) / 200).toFixed(3)} ${end - (SAMPLES - 1 - i) * STEP}`,
    );
    await host.importText(`${lines.join('\n')}\n`);
  }
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(host.page.href);
  const started = performance.now();
  const query = new URLSearchParams({ expr: 'bench_history', from: String(end - SAMPLES * STEP), to: String(end) });
  await page.goto(new URL(`#/explore?${query.toString()}`, host.page).href);
  const chart = page.locator('main canvas').first();
  await chart.waitFor();
  await page.getByText(`${SERIES} series`).first().waitFor();
  console.log(
    `${SERIES} series x ${SAMPLES} samples, drawn ${(performance.now() - started).toFixed(0)} ms after the page was asked for`,
  );
  await sleep(2000);
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const meter = await Meter.of(page);
  if (options.trace !== '') await browser.startTracing(page, { path: options.trace });
  const wheel = (dx: number, dy: number) => async (): Promise<void> => {
    for (let i = 0; i < 120; i++) {
      const back = i % 60 >= 30 ? -1 : 1;
      await page.mouse.wheel(dx * back, dy * back);
      await sleep(16);
    }
  };
  /** What is measured does something: once the hand rests the address has another range. */
  const moves = async (dx: number, dy: number): Promise<void> => {
    const before = page.url();
    for (let i = 0; i < 10; i++) {
      await page.mouse.wheel(dx, dy);
      await sleep(16);
    }
    await page.waitForURL((url) => url.href !== before);
    await sleep(1500);
  };
  await moves(0, -40);
  console.log(line('zooming', await meter.during(wheel(0, -40))));
  await sleep(1500);
  await moves(30, 0);
  console.log(line('panning', await meter.during(wheel(30, 0))));
  await sleep(1500);
  const crosshair = async (): Promise<void> => {
    for (let i = 0; i < 150; i++) {
      await page.mouse.move(box.x + 100 + ((i * 5) % 700), box.y + box.height / 2);
      await sleep(16);
    }
  };
  console.log(line('crosshair', await meter.during(crosshair)));
  if (options.trace !== '') await browser.stopTracing();
} finally {
  await browser.close();
  await host.stop();
}
