import { expect, test } from './hosts.ts';

test('the first start shows this computer’s charts, and they move', async ({ home }) => {
  const hearth = await home.start();
  const main = await hearth.main();
  await expect(main.getByRole('heading', { name: 'this-computer' })).toBeVisible();
  await expect(main.getByText('Where should Hearth look?')).toBeVisible();

  // A chart's sentence holds its last value: it changes with the scrapes.
  const chart = main.getByRole('group', { name: /^Context switches/ });
  await expect(chart).toHaveAttribute('aria-label', /\d/);
  const seen = new Set<string>();
  await expect
    .poll(async () => {
      seen.add((await chart.getAttribute('aria-label')) ?? '');
      return seen.size;
    })
    .toBeGreaterThanOrEqual(3);
  await expect(chart.locator('canvas')).toBeVisible();

  expect(await hearth.quit()).toBe(0);
});

test('a name that narrows the charts down, and one that matches none', async ({ home }) => {
  const hearth = await home.start();
  const main = await hearth.main();
  await expect(main.getByRole('group', { name: /^Load average/ })).toBeVisible();
  const filter = main.getByRole('textbox', { name: 'Filter charts' });
  await filter.fill('load average');
  await expect(main.getByRole('group', { name: /^Context switches/ })).toHaveCount(0);
  await expect(main.getByRole('group', { name: /^Load average/ })).toBeVisible();
  await filter.fill('no such chart');
  await expect(main.getByText('No chart matches ‘no such chart’.')).toBeVisible();
});
