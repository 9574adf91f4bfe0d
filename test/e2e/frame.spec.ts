import type { Locator, Page } from '@playwright/test';
import { expect, fresh, shareHearth, test } from './hosts.ts';

/** What every screen has: ui.md's window frame, palette, keys and theme. */
const shared = shareHearth();

let met = false;

async function live(): Promise<Page> {
  const main = await fresh(await shared().hearth.main(), 'live');
  await expect(main.getByText('2 of 2 targets up')).toBeVisible();
  if (!met) await main.getByRole('button', { name: 'Close' }).click();
  met = true;
  await expect(main.getByRole('group', { name: /^Load average/ })).toBeVisible();
  return main;
}

/** Where the settings come up: in a window of their own on the desktop, else in the page. */
async function settingsAfter(main: Page, act: () => Promise<void>): Promise<Page> {
  await act();
  return shared().hearth.kind === 'headless' ? main : shared().hearth.settings();
}

async function drag(page: Page, handle: Locator, by: number): Promise<void> {
  const box = await handle.boundingBox();
  if (box === null) throw new Error('the handle is not in view');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by, y, { steps: 4 });
  await page.mouse.up();
}

const widthOf = async (panel: Locator): Promise<number> => Math.round((await panel.boundingBox())?.width ?? 0);

test('panels are dragged to a width that is remembered, moved by arrows, and closed and opened by keys', async () => {
  const main = await live();
  const list = main.getByRole('complementary', { name: 'List' });
  const inspector = main.getByRole('complementary', { name: 'Inspector' });
  expect(await widthOf(list)).toBe(208);
  await drag(main, main.getByRole('separator', { name: 'Width of the list' }), 60);
  await expect.poll(() => widthOf(list)).toBe(268);
  await drag(main, main.getByRole('separator', { name: 'Width of the list' }), 900);
  await expect.poll(() => widthOf(list)).toBe(400);
  await main.getByRole('separator', { name: 'Width of the list' }).press('ArrowLeft');
  await expect.poll(() => widthOf(list)).toBe(392);
  await drag(main, main.getByRole('separator', { name: 'Width of the inspector' }), -40);
  const wide = await widthOf(inspector);
  await main.reload();
  await expect(list).toBeVisible();
  await expect.poll(() => widthOf(list)).toBe(392);
  await expect.poll(() => widthOf(inspector)).toBe(wide);

  await main.keyboard.press('ControlOrMeta+\\');
  await expect(list).toHaveCount(0);
  await main.keyboard.press('ControlOrMeta+I');
  await expect(inspector).toHaveCount(0);
  await main.reload();
  await expect(main.getByRole('group', { name: /^Load average/ })).toBeVisible();
  await expect(list).toHaveCount(0);
  await expect(inspector).toHaveCount(0);
  await main.keyboard.press('ControlOrMeta+\\');
  await expect.poll(() => widthOf(list)).toBe(392);
  await main.getByRole('button', { name: 'Inspector', exact: true }).click();
  await expect(inspector).toBeVisible();
});

test('in a narrow window the inspector lies over the page, then the list does too', async () => {
  const main = await live();
  const area = main.getByRole('main', { name: 'Main area' });
  const list = main.getByRole('complementary', { name: 'List' });
  const inspector = main.getByRole('complementary', { name: 'Inspector' });
  const before = main.viewportSize();
  await main.setViewportSize({ width: 1150, height: 700 });
  await expect(inspector).toHaveCount(0);
  await expect(list).toBeVisible();
  const alone = await widthOf(area);
  await main.keyboard.press('ControlOrMeta+I');
  await expect(inspector).toBeVisible();
  expect(await widthOf(area)).toBe(alone);
  await main.keyboard.press('ControlOrMeta+I');
  await main.setViewportSize({ width: 1030, height: 690 });
  await expect(list).toHaveCount(0);
  const whole = await widthOf(area);
  await main.keyboard.press('ControlOrMeta+\\');
  await expect(list).toBeVisible();
  expect(await widthOf(area)).toBe(whole);
  if (before !== null) await main.setViewportSize(before);
});

test('keys lead to the screens in the order of the rail, to the settings, and to a sheet of all keys', async () => {
  const main = await live();
  await main.keyboard.press('ControlOrMeta+2');
  await expect(main.locator('.cm-content').first()).toBeFocused();
  await main.keyboard.press('ControlOrMeta+3');
  await expect(main.getByRole('button', { name: 'Check again' })).toBeVisible();
  await main.keyboard.press('ControlOrMeta+1');
  await expect(main.getByRole('group', { name: /^Load average/ })).toBeVisible();
  // The rail says where one is.
  await expect(main.getByRole('navigation', { name: 'Screens' }).locator('[aria-current]')).toHaveText('Live');

  await main.keyboard.press('?');
  const sheet = main.getByRole('dialog', { name: 'Keys' });
  await expect(sheet).toContainText('Next, previous chart');
  await main.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);

  const settings = await settingsAfter(main, () => main.keyboard.press('ControlOrMeta+,'));
  await expect(settings.getByRole('navigation', { name: 'Sections' })).toBeVisible();
});

test('letter keys are text where text is typed', async () => {
  const main = await live();
  const filter = main.getByRole('textbox', { name: 'Filter charts' });
  await main.keyboard.press('/');
  await expect(filter).toBeFocused();
  await main.keyboard.type('jkhl?[ ]-=');
  await expect(filter).toHaveValue('jkhl?[ ]-=');
  await expect(main.locator('[data-chart][data-selected]')).toHaveCount(0);
  await expect(main.getByText(/^Paused at/)).toHaveCount(0);
  await expect(main.getByRole('radio', { name: '15m' })).toBeChecked();
});

test('the palette opens by key and by the search field, narrows by its signs, and runs what it lists', async () => {
  const main = await live();
  const field = main.getByRole('dialog').getByRole('combobox');
  const option = (name: RegExp): Locator => main.getByRole('option', { name });
  await main.getByRole('button', { name: /^Search metrics/ }).click();
  await field.fill('>');
  await expect(option(/^Go to Explore/)).toBeVisible();
  await expect(option(/^hearth/)).toHaveCount(0);
  // Every command and every section of the settings is there without another word.
  for (const name of [
    /^Go to Live/,
    /^Go to Quality/,
    /^Add a target/,
    /^Turn light and dark over/,
    /^Show or hide the list/,
  ])
    await expect(option(name)).toHaveCount(1);
  for (const section of [
    'Targets',
    'Discovery',
    'Storage',
    'Import and export',
    'Appearance',
    'Shortcuts',
    'Privacy',
    'About',
  ])
    await expect(option(new RegExp(`^${section}.*Settings`))).toHaveCount(1);
  await field.fill('@');
  await expect(main.getByRole('option')).toHaveCount(2);
  await field.fill('@nothing of this name');
  await expect(main.getByText('Nothing is called')).toBeVisible();

  // By arrows and Enter, from the keyboard alone.
  await field.fill('> explore');
  await main.keyboard.press('ArrowDown');
  await main.keyboard.press('ArrowUp');
  await expect(main.locator('[role=option][aria-selected=true]')).toHaveText(/Go to Explore/);
  await main.keyboard.press('Enter');
  await expect(field).toHaveCount(0);
  await expect(main.locator('.cm-content').first()).toBeVisible();

  await main.keyboard.press('ControlOrMeta+K');
  await expect(field).toBeFocused();
  await main.keyboard.press('Escape');
  await expect(field).toHaveCount(0);

  const settings = await settingsAfter(main, async () => {
    await main.keyboard.press('ControlOrMeta+K');
    await field.fill('appearance');
    await expect(option(/^Appearance/)).toBeVisible();
    await option(/^Appearance/).click();
  });
  if (shared().hearth.kind === 'headless')
    await expect(settings.getByRole('radiogroup', { name: 'Theme' })).toBeVisible();
});

test('each item of the status bar that something explains leads there', async () => {
  const main = await live();
  const bar = main.getByRole('contentinfo', { name: 'Status' });
  for (const text of [/targets up/, /Scrape p95/, /samples\/s/, /series/, /Store/, /Lag/, /Local time/])
    await expect(bar.getByText(text).first()).toBeVisible();
  const store = await settingsAfter(main, () => bar.getByRole('button', { name: /^Store/ }).click());
  await expect(store).toHaveURL(/#\/settings\/storage/);
  await expect(store.getByText('Size on disk')).toBeVisible();
});

test('the theme follows the system until one is chosen, and a key turns it over', async () => {
  const main = await live();
  const scheme = main.locator('html');
  await expect(scheme).toHaveAttribute('data-theme', 'dark');
  await main.emulateMedia({ colorScheme: 'light' });
  await expect(scheme).toHaveAttribute('data-theme', 'light');
  await main.emulateMedia({ colorScheme: 'dark' });
  await expect(scheme).toHaveAttribute('data-theme', 'dark');

  await main.keyboard.press('ControlOrMeta+Shift+L');
  await expect(scheme).toHaveAttribute('data-theme', 'light');
  // Chosen is chosen, whatever the system does, and after a reload too.
  await main.emulateMedia({ colorScheme: 'dark' });
  await main.reload();
  await expect(main.getByText('2 of 2 targets up')).toBeVisible();
  await expect(scheme).toHaveAttribute('data-theme', 'light');
  await main.evaluate(() => {
    window.location.hash = '#/settings/appearance';
  });
  await main.getByRole('radiogroup', { name: 'Theme' }).getByText('Like the system', { exact: true }).click();
  await expect(scheme).toHaveAttribute('data-theme', 'dark');
});
