import { expect, test } from './hosts.ts';

test('a query is typed, run, and shown as graph and table; a wrong one says where', async ({ home }) => {
  const hearth = await home.start();
  const main = await hearth.main();
  await expect(main.getByRole('heading', { name: 'this-computer' })).toBeVisible();
  // Explore asks when it is told to: first there has to be something to find.
  await expect(main.getByText('2 of 2 targets up')).toBeVisible();
  await main.getByRole('link', { name: 'Explore' }).click();
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
