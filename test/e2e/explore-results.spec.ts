import { readFileSync } from 'node:fs';
import type { Download, Locator, Page } from '@playwright/test';
import { startExporter, type Exporter } from './fixtures/exporter.ts';
import { prepareShop } from './fixtures/shop-home.ts';
import { expect, fresh, shareHearth, test } from './hosts.ts';
import { takeClipboard } from './page-parts.ts';

/** The tasks of Explore on a store with a history: writing, results, what they say, and taking them along. */
let exporter: Exporter;
const shared = shareHearth(async (home) => {
  exporter = await startExporter();
  await prepareShop(home, exporter);
});
test.afterAll(() => exporter.stop());

const editor = (page: Page): Locator => page.locator('.cm-content').first();
const legend = (page: Page): Locator => page.locator('table').filter({ hasText: 'Trend' }).getByRole('button');

async function explore(query = ''): Promise<Page> {
  const page = await fresh(await shared().hearth.main(), 'explore');
  await expect(page.getByText('3 of 3 targets up')).toBeVisible();
  await expect(editor(page)).toBeVisible();
  if (query !== '') await ask(page, query);
  return page;
}

async function ask(page: Page, query: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(query);
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+Enter');
}

async function saved(page: Page, item: string): Promise<Download> {
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ]);
  return download;
}

test('an empty Explore begins with queries of one’s own metrics, and the browser puts a metric into the query', async () => {
  const page = await explore();
  await expect(page.getByText('Start with one of your metrics')).toBeVisible();
  const starters = page.locator('main').getByRole('listitem').getByRole('button');
  await expect(starters).toHaveCount(3);
  const text = (await starters.first().textContent()) ?? '';
  await starters.first().click();
  await expect(editor(page)).toHaveText(text);
  await expect(page.getByRole('group', { name: /^Chart of/ })).toBeVisible();

  const again = await explore();
  await again.keyboard.press('Escape');
  await again.getByRole('textbox', { name: 'Filter by name or help' }).fill('orders waiting');
  await again.getByRole('button', { name: /shop_orders_waiting/ }).click();
  await expect(editor(again)).toHaveText('shop_orders_waiting');
  await expect(again.getByRole('button', { name: /shop_orders_waiting/ }).first()).toHaveAttribute(
    'aria-current',
    'true',
  );
  await again.getByRole('textbox', { name: 'Filter by name or help' }).fill('no such thing');
  await expect(again.getByText('No metric matches ‘no such thing’.')).toBeVisible();
});

test('completion knows labels and values, and warns of the rate of a gauge', async () => {
  const page = await explore();
  const option = (name: RegExp): Locator => page.getByRole('listbox').getByRole('option', { name });
  await editor(page).click();
  await page.keyboard.type('shop_orders_total{me');
  await expect(option(/^method/)).toBeVisible();
  await page.keyboard.type('thod="c');
  await expect(option(/card/)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('rate(shop_orders_wait');
  await expect(option(/shop_orders_waiting/)).toBeVisible();
  await expect(page.locator('.cm-completionInfo')).toContainText('This is a gauge');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+A');
  // A counter is offered as its rate first.
  await page.keyboard.type('shop_orders_t');
  await expect(page.getByRole('listbox').getByRole('option').first()).toHaveText(/^rate\(shop_orders_total\[/);
  await page.keyboard.press('Escape');
  // Enter is a new line and runs nothing.
  await page.keyboard.press('Enter');
  await expect(page.locator('.cm-line')).toHaveCount(2);
  await expect(page.getByRole('group', { name: /^Chart of/ })).toHaveCount(0);
});

test('an error is underlined where it is and told with its place; the last good result stays, dimmed', async () => {
  const page = await explore('sum by (method) (rate(shop_orders_total[1m]))');
  await expect(legend(page)).toHaveCount(2);
  await ask(page, 'sum by (method) (rate(shop_orders_total[1m])');
  await expect(page.locator('.cm-lintRange-error')).toBeVisible();
  await expect(page.getByText(/^unclosed left parenthesis at 1:\d+$/)).toBeVisible();
  await expect(legend(page)).toHaveCount(2);
  await expect(page.locator('[data-stale]').first()).toBeVisible();
  expect(
    await page
      .locator('[data-stale]')
      .first()
      .evaluate((one) => getComputedStyle(one).opacity),
  ).toBe('0.6');
  await ask(page, 'sum(rate(shop_orders_total[1m]))');
  await expect(page.locator('[data-stale]')).toHaveCount(0);
  await expect(page.locator('.cm-lintRange-error')).toHaveCount(0);
});

test('several queries are one chart; the legend isolates one series, adds others, and hides a query', async () => {
  const page = await explore('shop_orders_total');
  await page.getByRole('button', { name: 'Add query' }).click();
  await page.locator('.cm-content').nth(1).click();
  await page.keyboard.insertText('shop_orders_waiting');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(legend(page)).toHaveCount(3);
  const off = page.locator('tr[data-off]');
  await legend(page).nth(1).click();
  await expect(legend(page).nth(1)).toHaveAttribute('aria-pressed', 'true');
  await expect(off).toHaveCount(2);
  await legend(page)
    .nth(2)
    .click({ modifiers: ['ControlOrMeta'] });
  await expect(off).toHaveCount(1);
  // A click on what stands alone shows all again.
  await legend(page)
    .nth(2)
    .click({ modifiers: ['ControlOrMeta'] });
  await legend(page).nth(1).click();
  await expect(off).toHaveCount(0);
  await page.getByRole('button', { name: 'Hide query A' }).first().click();
  await expect(legend(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Show query A' }).first().click();
  await expect(legend(page)).toHaveCount(3);
  await page.getByRole('button', { name: 'Remove query B' }).click();
  await expect(legend(page)).toHaveCount(2);
});

test('a bare counter is offered as its rate, a histogram is a heatmap with its quantiles', async () => {
  const page = await explore('shop_orders_total');
  await page.getByRole('button', { name: 'Show per second' }).click();
  await expect(editor(page)).toHaveText(/^rate\(shop_orders_total\[\w+\]\)$/);
  await ask(page, 'rate(shop_checkout_duration_seconds_bucket[1m])');
  await expect(page.getByRole('radio', { name: 'Heatmap' })).toBeChecked();
  for (const quantile of ['p50', 'p90', 'p99']) await expect(legend(page).filter({ hasText: quantile })).toHaveCount(1);
  await page.getByRole('radiogroup', { name: 'How to draw' }).getByText('Lines', { exact: true }).click();
  await expect(legend(page).filter({ hasText: 'le="0.5"' })).toHaveCount(1);
  expect(page.url()).toContain('draw=lines');
});

test('no data says why and offers what is near', async () => {
  const page = await explore('shop_orders_total{method="crad"}');
  await expect(page.getByText('No series match.')).toBeVisible();
  await expect(page.getByText('shop_orders_total exists, but not with method="crad".')).toBeVisible();
  await page.getByRole('button', { name: 'card', exact: true }).click();
  await expect(editor(page)).toHaveText('shop_orders_total{method="card"}');
  await expect(legend(page)).toHaveCount(1);
  await ask(page, 'shop_order_waiting');
  await expect(page.getByText('No metric is named shop_order_waiting in this range.')).toBeVisible();
  await page.getByRole('button', { name: 'shop_orders_waiting', exact: true }).last().click();
  await expect(legend(page)).toHaveCount(1);
});

test('what runs long says so, and Escape stops it', async () => {
  const page = await explore('up');
  await expect(legend(page)).toHaveCount(3);
  await ask(page, 'quantile_over_time(0.5, vector(time() % 977)[1d:1s])');
  await expect(page.getByRole('progressbar', { name: 'The query runs' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Stopped.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0);
  await expect(legend(page)).toHaveCount(3);
});

test('a chart is taken along as a picture, as values, and as an address that shows the same to others', async () => {
  const page = await explore('sum by (method) (shop_orders_total)');
  await expect(legend(page)).toHaveCount(2);
  const picture = await saved(page, 'Picture (PNG)');
  expect(picture.suggestedFilename()).toMatch(/^hearth-.*\.png$/);
  expect(
    readFileSync(await picture.path())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  const values = await saved(page, 'Values (CSV)');
  const [head, first] = readFileSync(await values.path(), 'utf8').split('\n');
  expect(head).toContain('card');
  expect(first).toMatch(/^\d{4}-\d\d-\d\dT/);

  const copied = await takeClipboard(page);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(page.getByText('Link copied')).toBeVisible();
  const [link] = await copied();
  expect(link).toMatch(/from=\d+&to=\d+/);
  await page.evaluate((url) => {
    window.location.hash = new URL(url).hash;
  }, link);
  await expect(page).toHaveURL(/from=\d+&to=\d+/);
  await expect(legend(page)).toHaveCount(2);
});

test('the same hours of yesterday lie behind the chart, and averages are set against them', async () => {
  const page = await explore('avg_over_time(shop_orders_waiting[5m])');
  await page.getByRole('radiogroup', { name: 'Time range' }).getByText('15m', { exact: true }).click();
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('menuitemradio', { name: 'Yesterday' }).click();
  await expect(page.getByRole('columnheader', { name: 'vs yesterday' })).toBeVisible();
  await expect(page.getByRole('cell', { name: /^[+−-]?\d+(?:\.\d)?%$/ }).first()).toBeVisible();
  expect(page.url()).toContain('compare=day');
});

test('the history finds what ran before, keeps favourites first, and runs one again', async () => {
  const page = await explore('count(up)');
  await expect(legend(page)).toHaveCount(1);
  await ask(page, 'min(up)');
  await page.getByRole('button', { name: 'History' }).click();
  const list = page.getByRole('dialog').getByRole('listitem');
  await expect(list.first()).toContainText('min(up)');
  await list.filter({ hasText: 'count(up)' }).getByRole('button', { name: 'Keep as a favourite' }).click();
  await expect(list.first()).toContainText('count(up)');
  await page.getByRole('textbox', { name: 'Find a query' }).fill('count up');
  await expect(list).toHaveCount(1);
  await list.getByRole('button', { name: 'count(up)', exact: true }).click();
  await expect(editor(page)).toHaveText('count(up)');
  // It is Hearth's memory: another start of the window has it.
  await page.reload();
  await page.getByRole('button', { name: 'History' }).click();
  await expect(list.first().getByRole('button', { name: 'No favourite any more' })).toBeVisible();
});

test('a query is explained in a sentence and step by step, with its cost', async () => {
  const page = await explore('sum by (method) (rate(shop_orders_total[5m]))');
  await expect(page.getByText(/Reads 2 series of shop_orders_total.*adds them by method/i)).toBeVisible();
  await expect(page.getByText(/\d+ series/).first()).toBeVisible();
  await expect(page.getByText(/\d[\d,]* samples/).first()).toBeVisible();
  await page.getByRole('tab', { name: 'Table' }).click();
  await expect(page.getByRole('cell', { name: 'card', exact: true })).toBeVisible();
  await page.getByRole('tab', { name: 'Explain' }).click();
  await expect(page.getByRole('region', { name: 'Explain' }).getByRole('row')).toHaveCount(3);
});

test('format lays a query out, and the chart is zoomed by the wheel and brought back by a double-click', async () => {
  const page = await explore(
    'sum by(method)(rate(shop_orders_total{job="shop"}[1m]))/ignoring(method)group_left sum(rate(shop_orders_total[1m]))',
  );
  await expect(legend(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Format' }).click();
  expect(await page.locator('.cm-line').count()).toBeGreaterThan(1);
  const chart = page.getByRole('group', { name: /^Chart of/ });
  await chart.hover();
  await page.mouse.wheel(0, -400);
  await expect(page).toHaveURL(/from=\d+&to=\d+/);
  await chart.dblclick();
  await expect(page).not.toHaveURL(/from=\d+/);
});
