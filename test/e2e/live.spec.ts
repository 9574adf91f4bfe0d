import { expect, fresh, shareHearth, test } from './hosts.ts';
import { holdLine } from './page-parts.ts';

const shared = shareHearth();

test('the keys of Live: next chart, its query in Explore, pause and resume, longer ranges', async () => {
  const main = await fresh(await shared().hearth.main(), 'live');
  await expect(main.getByRole('group', { name: /^Load average/ })).toBeVisible();
  await main.getByRole('button', { name: 'Close' }).click();

  await main.keyboard.press('j');
  const chosen = main.locator('[data-chart][data-selected]');
  await expect(chosen).toHaveCount(1);
  const first = await chosen.getAttribute('data-chart');
  await main.keyboard.press('j');
  await expect(chosen).not.toHaveAttribute('data-chart', first ?? '');
  await main.keyboard.press('k');
  await expect(chosen).toHaveAttribute('data-chart', first ?? '');

  await main.keyboard.press('Space');
  await expect(main.getByText(/^Paused at/)).toBeVisible();
  await main.keyboard.press('Space');
  await expect(main.getByText(/^Paused at/)).toHaveCount(0);

  await expect(main.getByRole('radio', { name: '15m' })).toBeChecked();
  await main.keyboard.press('-');
  await expect(main.getByRole('radio', { name: '1h' })).toBeChecked();

  // Another window brings the page anew, with the chart that was chosen.
  await expect(chosen).toHaveAttribute('data-chart', first ?? '');
  await main.keyboard.press('e');
  await expect(main.locator('.cm-content').first()).toContainText(/\w/);
  expect(main.url()).toContain('#/explore?');
});

test('the palette leads to targets, settings and queries', async () => {
  const main = await fresh(await shared().hearth.main(), 'live');
  // What the palette finds are the metrics there are when it is opened.
  await expect(main.getByText('2 of 2 targets up')).toBeVisible();
  await main.keyboard.press('ControlOrMeta+K');
  await main.getByRole('combobox').fill('@hearth');
  await main.keyboard.press('Enter');
  await expect(main.getByRole('heading', { level: 1, name: 'hearth' })).toBeVisible();

  const chart = main.locator('[data-chart]').last();
  const name = (await chart.getAttribute('aria-label')) ?? '';
  await main.keyboard.press('ControlOrMeta+K');
  await main.getByRole('combobox').fill(name.split(/[,:]/)[0]);
  await main.getByRole('option').first().click();
  await expect(main.locator('[data-chart][data-selected]')).toHaveCount(1);

  await main.keyboard.press('ControlOrMeta+K');
  await main.getByRole('combobox').fill('node_load1');
  await expect(main.getByRole('option', { name: /^node_load1/ }).first()).toBeVisible();
  await main.keyboard.press('Enter');
  await expect(main.locator('.cm-content').first()).toHaveText('node_load1');

  await main.keyboard.press('ControlOrMeta+K');
  await main.getByRole('combobox').fill('sum(up)');
  await main.getByRole('option', { name: /sum\(up\)/ }).click();
  await expect(main.locator('.cm-content').first()).toHaveText('sum(up)');
});

test('a lost connection is told, nothing typed is lost, and all goes on by itself', async ({
  shown: _browser,
}, info) => {
  test.skip(
    info.project.metadata['host'] === 'desktop',
    'there is no network between a window of the desktop and its core',
  );
  const main = await fresh(await shared().hearth.main(), 'live');
  await expect(main.getByText('2 of 2 targets up')).toBeVisible();
  const line = await holdLine(main);
  await main.reload();
  await main.getByRole('link', { name: 'Explore' }).click();
  const editor = main.locator('.cm-content').first();
  await editor.click();
  await main.keyboard.type('sum by (job) (up)');
  await main.keyboard.press('Escape');

  await line.cut();
  await expect(main.getByRole('alert').filter({ hasText: 'The connection to Hearth is lost.' })).toBeVisible();
  await expect(editor).toHaveText('sum by (job) (up)');

  line.mend();
  await expect(main.getByText('The connection to Hearth is lost.')).toHaveCount(0);
  await expect(editor).toHaveText('sum by (job) (up)');
  await editor.click();
  await main.keyboard.press('ControlOrMeta+Enter');
  await expect(main.getByText('{job="hearth"}').first()).toBeVisible();
});
