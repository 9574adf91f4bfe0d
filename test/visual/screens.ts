import type { Page } from '@playwright/test';
import type { Look } from './pages.ts';

/** A screen in a state: how to get there, and what is there when it is. */
export interface Screen extends Look {
  readonly name: string;
  /** Visible when there is something to see. */
  readonly ready: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const CHART = '[data-chart] canvas';
const RATE = 'explore?expr=rate(http_requests_total%5B30s%5D)';
const DURATION = 'explore?expr=sum%20by%20(le)%20(rate(http_request_duration_seconds_bucket%5B30s%5D))';

const chooseChart = async (page: Page): Promise<void> => {
  await page
    .locator('[data-chart]')
    .first()
    .click({ position: { x: 20, y: 8 } });
  await page.mouse.move(0, 0);
};
const press =
  (...keys: readonly string[]) =>
  async (page: Page): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
const tab = (name: RegExp) => async (page: Page) => page.getByRole('tab', { name }).click();

export const SCREENS: readonly Screen[] = [
  { name: 'live', fake: '', hash: 'live/shop-api', ready: CHART, prepare: chooseChart },
  { name: 'live-target', fake: '', hash: 'live/this-computer', ready: CHART },
  { name: 'live-down', fake: '', hash: 'live/alertmanager', ready: CHART },
  { name: 'live-starting', fake: 'starting', hash: 'live/shop-api', ready: 'header h1' },
  { name: 'live-learning', fake: 'learning', hash: 'live/shop-api', ready: CHART },
  { name: 'live-paused', fake: '', hash: 'live/shop-api', ready: CHART, prepare: press('Space') },
  { name: 'live-full', fake: '', hash: 'live/shop-api', ready: CHART, prepare: press('f') },
  {
    name: 'live-past',
    fake: '',
    hash: 'live/shop-api',
    ready: CHART,
    prepare: async (page) => {
      await press('g')(page);
      await page.locator('form input').first().fill('2026-01-14 20:10');
      await press('Enter')(page);
      await page.getByText(/20:17:30/).waitFor();
    },
  },
  { name: 'live-stale', fake: 'stale', hash: 'live/shop-api', ready: CHART },
  {
    name: 'live-no-match',
    fake: '',
    hash: 'live/shop-api',
    ready: CHART,
    prepare: (page) => page.locator('main header input').fill('foo'),
  },
  { name: 'live-many', fake: 'many', hash: 'live/service-3', ready: CHART },
  { name: 'live-adding', fake: '', hash: 'live/shop-api?add', ready: CHART },
  { name: 'live-loading', fake: 'loading', hash: 'live', ready: 'main [role="status"]' },
  { name: 'live-lost', fake: 'lost', hash: 'live', ready: '[role="alert"]' },
  { name: 'live-restarting', fake: 'restarting', hash: 'live', ready: '[role="alert"]' },
  { name: 'live-disk-full', fake: 'disk-full', hash: 'live/shop-api', ready: '[role="alert"]' },
  { name: 'live-damaged', fake: 'damaged', hash: 'live/shop-api', ready: '[role="alert"]' },
  { name: 'first-run', fake: 'first-run', hash: 'live', ready: CHART },
  { name: 'no-targets', fake: 'empty', hash: 'live', ready: '[role="status"]' },
  {
    name: 'palette',
    fake: '',
    hash: 'live/shop-api',
    ready: CHART,
    prepare: async (page) => {
      await press('ControlOrMeta+k')(page);
      await page.getByRole('combobox').fill('req');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'keys',
    fake: '',
    hash: 'live/shop-api',
    ready: CHART,
    prepare: async (page) => {
      await page.keyboard.press('?');
      // What shows it is loaded first.
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'explore', fake: '', hash: RATE, ready: 'table canvas, canvas' },
  { name: 'explore-table', fake: '', hash: RATE, ready: 'canvas', prepare: tab(/^(?:Table|表格|T.*blé)/) },
  { name: 'explore-explain', fake: '', hash: RATE, ready: 'canvas', prepare: tab(/^(?:Explain|解析|E.*xplä)/) },
  { name: 'explore-heatmap', fake: '', hash: DURATION, ready: 'canvas' },
  { name: 'explore-empty', fake: '', hash: 'explore', ready: '.cm-content' },
  {
    name: 'explore-mistake',
    fake: '',
    hash: 'explore?expr=sum(rate(http_requests_total%5B30s%5D)',
    ready: '.cm-content',
  },
  { name: 'explore-failed', fake: 'query-failed', hash: RATE, ready: '[role="alert"]' },
  { name: 'explore-slow', fake: 'query-slow', hash: RATE, ready: '.cm-content' },
  { name: 'explore-no-data', fake: '', hash: 'explore?expr=nothing_of_this_name', ready: '.cm-content' },
  { name: 'quality', fake: '', hash: 'quality', ready: 'main canvas' },
  { name: 'quality-tidy', fake: 'tidy', hash: 'quality', ready: 'main canvas' },
  { name: 'quality-failed', fake: 'query-failed', hash: 'quality', ready: '[role="alert"]' },
  { name: 'settings-targets', fake: '', hash: 'settings/targets/shop-api', ready: 'main input' },
  {
    name: 'settings-test',
    fake: '',
    hash: 'settings/targets/shop-api',
    ready: 'main input',
    prepare: async (page) => {
      await press('ControlOrMeta+t')(page);
      await page.getByText('200').first().waitFor();
    },
  },
  {
    name: 'settings-refused',
    fake: 'refused',
    hash: 'settings/targets/shop-api',
    ready: 'main input',
    prepare: async (page) => {
      await page.locator('main input[type="text"]').nth(2).fill('4s');
      await press('ControlOrMeta+s')(page);
      await page.getByRole('alert').first().waitFor();
    },
  },
  {
    name: 'settings-yaml',
    fake: '',
    hash: 'settings/targets/shop-api',
    ready: 'main input',
    prepare: async (page) => {
      await tab(/YAML/)(page);
      await page.locator('.cm-content').waitFor();
    },
  },
  { name: 'settings-discovery', fake: '', hash: 'settings/discovery/shop-api', ready: 'main h1' },
  { name: 'settings-storage', fake: '', hash: 'settings/storage', ready: 'main input' },
  { name: 'settings-transfer', fake: '', hash: 'settings/transfer', ready: 'main button' },
  { name: 'settings-privacy', fake: '', hash: 'settings/privacy', ready: 'main dl' },
  { name: 'settings-appearance', fake: '', hash: 'settings/appearance', ready: 'main [role="radiogroup"]' },
  { name: 'settings-shortcuts', fake: '', hash: 'settings/shortcuts', ready: 'main h2' },
  { name: 'settings-about', fake: '', hash: 'settings/about', ready: 'main dl' },
];

/** Goes there and waits until all is drawn. */
export async function arrive(page: Page, { ready, prepare }: Screen): Promise<void> {
  await page.locator(ready).first().waitFor();
  await prepare?.(page);
  await page.mouse.move(0, 0);
}
