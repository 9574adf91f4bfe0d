import type { Locator, Page } from '@playwright/test';
import { startExporter, type Exporter } from './fixtures/exporter.ts';
import { prepareShop } from './fixtures/shop-home.ts';
import { expect, fresh, shareHearth, test } from './hosts.ts';
import { holdLine, takeClipboard } from './page-parts.ts';

/** The tasks of Live on a target with a history: charts, heat ribbon, inspector, pause, an outage. */
let exporter: Exporter;
const shared = shareHearth(async (home) => {
  exporter = await startExporter();
  // Far more wait than ever before.
  exporter.jam(400);
  await prepareShop(home, exporter);
});
test.afterAll(() => exporter.stop());

/** Scrapes after which the steps just before now are Hearth's own, not of the history. */
const SOME_SCRAPES = 6;

async function shop(): Promise<Page> {
  await expect.poll(() => exporter.answered()).toBeGreaterThanOrEqual(SOME_SCRAPES);
  const main = await fresh(await shared().hearth.main(), 'live');
  await main.getByRole('navigation', { name: 'Targets' }).getByText('shop', { exact: true }).click();
  await expect(main.getByRole('heading', { level: 1, name: 'shop' })).toBeVisible();
  await expect(chart(main, /^Orders waiting.*\d/)).toBeVisible();
  return main;
}

const chart = (page: Page, name: RegExp): Locator => page.getByRole('group', { name });
/** Its value at the crosshair, or now: the only text that is a number alone. */
const headline = (one: Locator): Locator => one.getByText(/^[\d.]+$/);
const inspector = (page: Page): Locator => page.getByRole('complementary', { name: 'Inspector' });

/** Chooses a chart by its title: the pointer holds no crosshair there. */
async function choose(one: Locator): Promise<void> {
  await one.getByRole('heading').click();
  await expect(one).toHaveAttribute('data-selected', 'true');
}

/** Values of the open table of a chart, newest first. */
async function tableRows(table: Locator): Promise<string[][]> {
  return table
    .getByRole('row')
    .evaluateAll((rows) => rows.slice(1).map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
}

/** How many steps there are since the one of that time, each of which has its value; -1 where one has none. */
async function filledSince(table: Locator, time: string): Promise<number> {
  const rows = await tableRows(table);
  const since = rows.slice(
    0,
    rows.findIndex(([own]) => own === time),
  );
  return since.every(([, value]) => /\d/.test(value)) ? since.length : -1;
}

/** Waits until so many more scrapes were answered. */
async function scrapes(count: number): Promise<void> {
  const before = exporter.answered();
  await expect.poll(() => exporter.answered()).toBeGreaterThanOrEqual(before + count);
}

test('what is unusual stands first, and the inspector says why and what moves with it', async () => {
  let main = await shop();
  const targets = main.getByRole('navigation', { name: 'Targets' });
  await expect(targets.getByText(/^\d+ unusual$/)).toBeVisible();
  // Charts do not change places under the eye: a page that is opened now has them in their order.
  main = await shop();
  await expect(main.getByRole('button', { name: /Unusual now/ })).toBeVisible();
  await expect(main.locator('[data-chart]').first()).toHaveAttribute('aria-label', /^Orders waiting, 40\d.*expected/);

  await choose(main.locator('[data-chart]').first());
  const why = inspector(main);
  await expect(why.getByRole('heading', { name: 'Orders waiting' })).toBeVisible();
  await expect(why.getByText(/outside its expected range since \d\d:\d\d:\d\d\.$/)).toBeVisible();
  await expect(why.getByText('Expected', { exact: true })).toBeVisible();
  await expect(why.getByText(/^rolling /)).toBeVisible();
  await expect(why.getByRole('row', { name: /^Orders waiting 40\d/ })).toBeVisible();

  await choose(chart(main, /^Carts open/));
  const companions = why.locator('section').filter({ hasText: 'Moves with' }).getByRole('button');
  await expect(companions.first()).toHaveText(/^Orders taken\+\d\.\d\d$/);
  await companions.first().click();
  await expect(chart(main, /^Orders taken/)).toHaveAttribute('data-selected', 'true');
});

test('the heat ribbon: a click holds the crosshair, dragging selects, a double-click returns', async () => {
  const main = await shop();
  await choose(chart(main, /^Orders waiting/));
  const time = inspector(main).locator('h2:text-is("Inspector") + span');
  await expect(time).toHaveText('');
  const ribbon = main.getByRole('region', { name: 'Heat' }).getByRole('img');
  const box = await ribbon.boundingBox();
  if (box === null) throw new Error('there is no ribbon');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await main.mouse.click(x, y);
  await main.mouse.move(5, 300);
  await expect(time).toHaveText(/^\d\d:\d\d:\d\d$/);
  const moment = await time.textContent();
  await scrapes(4);
  await expect(time).toHaveText(moment ?? '');
  // Seven minutes ago few orders waited.
  const held = chart(main, /^Orders waiting/);
  await expect(headline(held)).toHaveText(/^\d(?:\.\d+)?$/);

  await main.mouse.move(x, y);
  await main.mouse.down();
  await main.mouse.move(x + 120, y, { steps: 4 });
  await main.mouse.up();
  await main.mouse.move(5, 300);
  const zoom = main.getByRole('region', { name: 'Heat' }).locator('[data-zoom]');
  await expect(zoom).toBeVisible();
  await main.mouse.dblclick(x - 100, y);
  await main.mouse.move(5, 300);
  await expect(zoom).toHaveCount(0);
  await expect(time).toHaveText('');
  await expect(headline(held)).toHaveText(/^40\d/);
});

test('paused, nothing moves and everything is stored; going on shows what came meanwhile', async () => {
  const main = await shop();
  await choose(chart(main, /^Orders waiting/));
  await main.keyboard.press('t');
  const table = main.getByRole('table', { name: 'Orders waiting' });
  await expect(table).toBeVisible();
  await main.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(main.getByText(/^Paused at \d\d:\d\d:\d\d$/)).toBeVisible();
  const [paused] = await tableRows(table);
  await scrapes(4);
  expect((await tableRows(table))[0]).toEqual(paused);
  await main.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect.poll(async () => (await tableRows(table))[0][0]).not.toBe(paused[0]);
  // Each step since has its value.
  await expect.poll(() => filledSince(table, paused[0])).toBeGreaterThanOrEqual(2);
});

test('a chart in focus is worked by keys: crosshair with announcement, table, copy, Explore', async () => {
  const main = await shop();
  const waiting = chart(main, /^Orders waiting/);
  await main.keyboard.press('Tab');
  await waiting.focus();
  await main.keyboard.press('ArrowLeft');
  const voice = main.locator('[aria-live="polite"]').filter({ hasText: /\d\d:\d\d:\d\d: / });
  await expect(voice).toHaveText(/: .*40\d/);
  const first = await voice.textContent();
  await main.keyboard.press('Shift+ArrowLeft');
  await expect(voice).not.toHaveText(first ?? '');
  await main.keyboard.press('t');
  await expect(main.getByRole('table', { name: 'Orders waiting' })).toBeVisible();
  await main.keyboard.press('t');
  await expect(main.getByRole('table', { name: 'Orders waiting' })).toHaveCount(0);

  const copied = await takeClipboard(main);
  await main.keyboard.press('c');
  await expect.poll(copied).toEqual([expect.stringContaining('shop_orders_waiting')]);
  await main.keyboard.press('e');
  await expect(main.locator('.cm-content').first()).toContainText('shop_orders_waiting');
});

test('brackets move the crosshair a step, with Shift ten, and Escape lets it go', async () => {
  const main = await shop();
  await choose(chart(main, /^Orders waiting/));
  await main.mouse.move(5, 300);
  const time = inspector(main).locator('h2:text-is("Inspector") + span');
  const seconds = async (): Promise<number> => {
    const [h, m, s] = ((await time.textContent()) ?? '').split(':').map(Number);
    return h * 3600 + m * 60 + s;
  };
  await main.keyboard.press('Space');
  await main.keyboard.press('[');
  await expect(time).toHaveText(/^\d/);
  const at = await seconds();
  await main.keyboard.press('[');
  await expect.poll(seconds).not.toBe(at);
  const step = at - (await seconds());
  await main.keyboard.press('Shift+BracketLeft');
  await expect.poll(seconds).toBe(at - 11 * step);
  await main.keyboard.press(']');
  await expect.poll(seconds).toBe(at - 10 * step);
  await main.keyboard.press('Escape');
  await expect(time).toHaveText('');
});

test('F shows a chart in the full window, keys work on it, Escape goes back', async () => {
  const main = await shop();
  await choose(chart(main, /^Orders waiting/));
  await main.keyboard.press('f');
  const full = main.getByRole('region', { name: 'Orders waiting in the full window' });
  await expect(full).toBeFocused();
  await expect(full.locator('canvas').first()).toBeVisible();
  const [plot, window] = [await full.locator('canvas').first().boundingBox(), main.viewportSize()];
  expect(plot?.height).toBeGreaterThan((window?.height ?? 900) * 0.6);
  await expect(full.getByRole('row', { name: /^Orders waiting 40\d/ })).toBeVisible();
  // The page behind it is out of reach, and the crosshair is read out.
  await expect(main.locator('#root')).toHaveAttribute('inert', '');
  await main.keyboard.press('ArrowLeft');
  await expect(main.locator('[aria-live="polite"]').filter({ hasText: /\d\d:\d\d:\d\d: .*40\d/ })).toHaveCount(1);
  await expect(full.getByRole('columnheader', { name: /^at \d\d:\d\d:\d\d$/ })).toBeVisible();
  await main.keyboard.press('Escape');
  await expect(full.getByRole('columnheader', { name: 'now' })).toBeVisible();
  await main.keyboard.press('t');
  await expect(full.getByRole('table', { name: 'Orders waiting' })).toBeVisible();
  await main.keyboard.press('t');
  await main.keyboard.press('j');
  await expect(full).toHaveCount(0);
  await expect(main.getByRole('region', { name: /in the full window$/ })).toBeVisible();
  await main.keyboard.press('k');
  await expect(full).toBeVisible();
  await main.keyboard.press('Escape');
  await expect(full).toHaveCount(0);
  await expect(main.locator('#root')).not.toHaveAttribute('inert');
  await expect(chart(main, /^Orders waiting/)).toHaveAttribute('data-selected', 'true');
});

test('G goes to a time with its heat; the next target is looked at there too; Resume comes back to now', async () => {
  const main = await shop();
  await choose(chart(main, /^Orders waiting/));
  await main.keyboard.press('g');
  const from = main.getByRole('textbox', { name: 'Time, or from' });
  await expect(from).toBeFocused();
  await from.fill('soon');
  await main.keyboard.press('Enter');
  await expect(main.getByText(/^This is no time/)).toBeVisible();
  await expect(from).toHaveValue('soon');
  // It goes by Escape, by its button and by a click elsewhere, and what was typed is there when it comes again.
  await main.keyboard.press('Escape');
  await expect(from).toHaveCount(0);
  const button = main.getByRole('button', { name: 'Go to time' });
  await button.click();
  await expect(from).toHaveValue('soon');
  await button.click();
  await expect(from).toHaveCount(0);
  await button.click();
  await expect(from).toBeFocused();
  await main.getByRole('heading', { level: 1, name: 'shop' }).click({ position: { x: 200, y: 4 }, force: true });
  await expect(from).toHaveCount(0);
  await main.keyboard.press('g');
  await expect(from).toBeFocused();
  // A quarter of an hour in the past, before the jam: the window ends half of its length later.
  await from.fill('-15m');
  await main.keyboard.press('Enter');
  await expect(from).toHaveCount(0);
  const state = main.getByText(/^Paused at \d\d:\d\d:\d\d$/);
  await expect(state).toBeVisible();
  const time = inspector(main).locator('h2:text-is("Inspector") + span');
  await expect(time).toHaveText(/^\d\d:\d\d:\d\d$/);
  const held = chart(main, /^Orders waiting/);
  await expect(headline(held)).toHaveText(/^\d(?:\.\d+)?$/);
  await expect(main.getByRole('button', { name: /Unusual now/ })).toHaveCount(0);

  const at = await state.textContent();
  await main.getByRole('navigation', { name: 'Targets' }).getByText('this-computer', { exact: true }).click();
  await expect(main.getByRole('heading', { level: 1, name: 'this-computer' })).toBeVisible();
  await expect(state).toHaveText(at ?? '');
  await main.getByRole('navigation', { name: 'Targets' }).getByText('shop', { exact: true }).click();
  await expect(main.getByRole('heading', { level: 1, name: 'shop' })).toBeVisible();
  await main.getByRole('button', { name: 'Earlier' }).click();
  await expect(state).not.toHaveText(at ?? '');
  await main.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(state).toHaveCount(0);
  await expect(chart(main, /^Orders waiting.*40\d/)).toBeVisible();
});

test('H and L go from target to target, a group leads to its charts, P pauses the target', async () => {
  const main = await shop();
  const name = main.getByRole('heading', { level: 1 });
  const targets = main.getByRole('navigation', { name: 'Targets' }).getByRole('link');
  const shopAt = await targets.evaluateAll((all) =>
    all.findIndex((one) => one.getAttribute('aria-current') === 'true'),
  );
  const [away, back] = shopAt === 0 ? ['l', 'h'] : ['h', 'l'];
  await main.keyboard.press(away);
  await expect(targets.nth(shopAt === 0 ? 1 : shopAt - 1)).toHaveAttribute('aria-current', 'true');
  await expect(name).not.toHaveText('shop');
  await main.keyboard.press(back);
  await expect(name).toHaveText('shop');

  await main
    .getByRole('complementary', { name: 'List' })
    .getByRole('button', { name: /^Scrape/ })
    .click();
  await expect(chart(main, /^Scrape|^Samples/i).first()).toBeInViewport();

  await main.keyboard.press('Escape');
  await main.keyboard.press('p');
  await expect(targets.filter({ hasText: 'shop' })).toHaveAttribute('data-health', 'paused');
  await main.keyboard.press('p');
  await expect(targets.filter({ hasText: 'shop' })).toHaveAttribute('data-health', 'up');
});

test('a filter without a match offers to clear it and to search all metrics', async () => {
  const main = await shop();
  await main.keyboard.press('/');
  await main.keyboard.type('node_load');
  await expect(main.getByText('No chart matches ‘node_load’.')).toBeVisible();
  await main.getByRole('button', { name: 'Search all metrics' }).click();
  await expect(main.getByRole('combobox')).toHaveValue('node_load');
  await expect(main.getByRole('option', { name: /^node_load1/ }).first()).toBeVisible();
  await main.keyboard.press('Escape');
  await main.getByRole('button', { name: 'Clear' }).first().click();
  await expect(chart(main, /^Orders waiting/)).toBeVisible();
});

test('nothing is asked of this machine before a click says so', async () => {
  const main = await shop();
  const found = main.getByRole('region', { name: 'Found on this machine' });
  await expect(found.getByText(/checked/)).toHaveCount(0);
  await found.getByRole('button', { name: 'Look' }).click();
  await expect(found.getByRole('button', { name: 'Look again' })).toBeVisible();
  await expect(found.getByText(/ports? checked/).or(found.getByRole('button', { name: 'Add' }).first())).toBeVisible();
});

test('a target that is down says so, says what happens next, and leaves a gap that nothing is drawn across', async () => {
  const main = await shop();
  await choose(chart(main, /^Orders waiting/));
  await main.keyboard.press('t');
  const table = main.getByRole('table', { name: 'Orders waiting' });
  const banner = main.getByRole('alert').filter({ hasText: 'refuses connections' });
  await exporter.stop();
  await expect(banner).toBeVisible();
  await expect(banner).toContainText(/Without an answer since \d\d:\d\d:\d\d\. .*Hearth tries again every 1 s\./);
  await expect(main.getByRole('contentinfo').getByRole('button', { name: /targets up/ })).toHaveAttribute(
    'data-wrong',
    'true',
  );
  await expect(chart(main, /^Orders waiting/)).toContainText(/last at \d\d:\d\d:\d\d/);
  await exporter.start();
  await banner.getByRole('button', { name: 'Try now' }).click();
  await expect(banner).toHaveCount(0);
  await expect(chart(main, /^Orders waiting/)).not.toContainText(/last at \d\d:\d\d:\d\d/);
  await expect
    .poll(async () => (await tableRows(table)).map(([, value]) => (/\d/.test(value) ? 'x' : '–')).join(''))
    .toMatch(/^x+–+x+/);
});

test('after a lost connection Live fills in what was missed', async ({ shown: _browser }, info) => {
  test.skip(
    info.project.metadata['host'] === 'desktop',
    'there is no network between a window of the desktop and its core',
  );
  const main = await fresh(await shared().hearth.main(), 'live');
  const line = await holdLine(main);
  await shop();
  await choose(chart(main, /^Orders waiting/));
  await main.keyboard.press('t');
  const table = main.getByRole('table', { name: 'Orders waiting' });
  await expect(table).toBeVisible();
  await line.cut();
  await expect(main.getByRole('alert').filter({ hasText: 'The connection to Hearth is lost.' })).toBeVisible();
  const [last] = await tableRows(table);
  await scrapes(5);
  expect((await tableRows(table))[0][0]).toBe(last[0]);
  line.mend();
  await expect(main.getByText('The connection to Hearth is lost.')).toHaveCount(0);
  await expect.poll(() => filledSince(table, last[0])).toBeGreaterThanOrEqual(3);
});
