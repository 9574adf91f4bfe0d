import type { Page } from '@playwright/test';
import { expect, fresh, shareHearth, test } from './hosts.ts';

const shared = shareHearth();

/** Explore in a window that was opened now. */
async function explore(): Promise<Page> {
  const main = await fresh(await shared().hearth.main(), 'live');
  // Explore asks when it is told to: first there has to be something to find.
  await expect(main.getByText('2 of 2 targets up')).toBeVisible();
  await main.getByRole('link', { name: 'Explore' }).click();
  return main;
}

test('a query is typed, run, and shown as graph and table; a wrong one says where', async () => {
  const main = await explore();
  const editor = main.locator('.cm-content').first();
  await editor.click();
  await main.keyboard.type('sum by (job) (up)');
  await main.keyboard.press('Escape');
  await main.keyboard.press('ControlOrMeta+Enter');
  await expect(main.getByText('{job="hearth"}').first()).toBeVisible();
  await main.getByRole('tab', { name: 'Table' }).click();
  await expect(main.getByText('hearth', { exact: true }).first()).toBeVisible();

  await editor.click();
  await main.keyboard.press('ControlOrMeta+A');
  await main.keyboard.type('up + ');
  await main.keyboard.press('Escape');
  await main.keyboard.press('ControlOrMeta+Enter');
  await expect(main.getByRole('alert').first()).toBeVisible();
});

test('a query is explained, its address brings everything back, and its values can be taken along', async () => {
  const main = await explore();
  const editor = main.locator('.cm-content').first();
  await editor.click();
  await main.keyboard.type('sum by (job) (rate(scrape_samples_scraped[1m]))');
  await main.keyboard.press('Escape');
  await main.keyboard.press('ControlOrMeta+Enter');

  // The engine remarks at its place that this is a gauge.
  await expect(main.getByText(/might not be a counter.*at 1:20/)).toBeVisible();
  await expect(main.locator('.cm-lintRange-info')).toHaveText('scrape_samples_scraped');

  await main.getByRole('tab', { name: 'Explain' }).click();
  const steps = main.getByRole('region', { name: 'Explain' }).getByRole('row');
  await expect(steps).toHaveCount(3);
  await expect(steps.nth(1)).toContainText('sum by (job) (…)');
  await expect(steps.nth(2)).toContainText('rate(scrape_samples_scraped[1m])');
  await expect(main.getByText('slowest', { exact: true })).toHaveCount(1);
  expect(main.url()).toContain('tab=explain');

  // What was asked is there again when the window is.
  await main.reload();
  await expect(main.getByRole('tab', { name: 'Explain' })).toHaveAttribute('aria-selected', 'true');
  await expect(editor).toHaveText('sum by (job) (rate(scrape_samples_scraped[1m]))');
  await main.getByRole('tab', { name: 'Graph' }).click();
  await expect(main.getByRole('group', { name: /^Chart of 2 series\. The largest is \{job=/ })).toBeVisible();

  await main.getByRole('button', { name: 'Export' }).click();
  const [csv] = await Promise.all([
    main.waitForEvent('download'),
    main.getByRole('menuitem', { name: 'Values (CSV)' }).click(),
  ]);
  expect(csv.suggestedFilename()).toMatch(/^hearth-.*\.csv$/);

  // The history is Hearth's, not the page's.
  await main.getByRole('button', { name: 'History' }).click();
  await main.getByRole('button', { name: 'Keep as a favourite' }).first().click();
  await expect(main.getByRole('button', { name: 'No favourite any more' })).toBeVisible();
});

test('the chart is worked by keys alone', async () => {
  const main = await explore();
  await main.locator('.cm-content').first().click();
  await main.keyboard.type('up');
  await main.keyboard.press('Escape');
  await main.keyboard.press('ControlOrMeta+Enter');
  const chart = main.getByRole('group', { name: /^Chart of 2 series/ });
  await expect(chart).toBeVisible();
  await chart.focus();
  await main.keyboard.press('ArrowLeft');
  await expect(chart.locator('[aria-live="polite"]')).toHaveText(/^\d\d:\d\d:\d\d: /);
  await main.keyboard.press('t');
  await expect(main.getByRole('button', { name: /up\{|\{/, pressed: false }).first()).toBeFocused();
  await main.keyboard.press('f');
  await expect(main.getByRole('button', { name: 'Back to the page' })).toBeVisible();
  await main.keyboard.press('Escape');
  await main.keyboard.press('Escape');
  await expect(main.getByRole('button', { name: 'Chart in the full window' })).toBeVisible();
  await main.keyboard.press('g');
  await main.getByRole('textbox', { name: 'Time, or from' }).fill('soon');
  await main.keyboard.press('Enter');
  await expect(main.getByText('This is no time.', { exact: false })).toBeVisible();
  await main.getByRole('textbox', { name: 'Time, or from' }).fill('-2h');
  await main.keyboard.press('Enter');
  await expect(main).toHaveURL(/from=\d+&to=\d+/);
  await main
    .locator('main')
    .first()
    .click({ position: { x: 5, y: 5 } });
  await main.keyboard.press('?');
  await expect(main.getByRole('dialog', { name: 'Keys' })).toBeVisible();
});

test('completion knows the metrics and the functions, and says how they are called', async () => {
  const main = await explore();
  const editor = main.locator('.cm-content').first();
  await editor.click();
  await main.keyboard.type('predict_lin');
  const list = main.getByRole('listbox');
  await expect(list.getByRole('option', { name: /predict_linear/ })).toBeVisible();
  await expect(main.locator('.cm-completionInfo')).toContainText('predict_linear(v, seconds-ahead)');
  // What has just been opened takes no key: a hand that types on is not meant.
  await expect(async () => {
    if (!(await list.isVisible())) {
      await editor.focus();
      await main.keyboard.press('Control+Space');
      await expect(list).toBeVisible({ timeout: 2000 });
    }
    await main.keyboard.press('Tab');
    await expect(editor).toHaveText('predict_linear()', { timeout: 500 });
  }).toPass();
  await main.keyboard.type('scrape_dur');
  await expect(list.getByRole('option', { name: /scrape_duration_seconds/ })).toBeVisible();
  await expect(main.locator('.cm-completionInfo')).toContainText('scrape_duration_seconds');
  await main.keyboard.press('Escape');
  await main.keyboard.type('x');
  await main.keyboard.press('Escape');
  await main.keyboard.press('Backspace');
  await main.keyboard.press('Escape');
  await expect(main.locator('.hearth-signature b')).toHaveText('v');
});
