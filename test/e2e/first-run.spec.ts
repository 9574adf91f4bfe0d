import { startAnswering } from './fixtures/answers.ts';
import { startExporter } from './fixtures/exporter.ts';
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
  // What is normal is not known yet, and that is said with how long it takes.
  await expect(main.getByText(/^Learning what is normal, .* left$/)).toBeVisible();

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

test('an address is tried while it is typed, with what it costs, and nothing is stored before it is watched', async ({
  home,
}) => {
  const exporter = await startExporter();
  const web = await startAnswering({ type: 'text/html', body: '<!doctype html><title>Shop</title>' });
  try {
    const hearth = await home.start();
    const main = await hearth.main();
    const address = main.getByRole('textbox', { name: 'Address' });
    await expect(address).toBeFocused();
    await main.keyboard.type('not an address');
    await expect(main.getByText('This is no address of a target.')).toBeVisible();
    await address.fill(web.url);
    await expect(main.getByText('This looks like a web page. Did you mean /metrics?')).toBeVisible();
    await address.fill('http://127.0.0.1:1/metrics');
    await expect(main.getByText(/refuses connections\./)).toBeVisible();
    await address.fill(exporter.url);
    await expect(main.getByText(/^\d+ series in [\d.]+ [mµ]?s$/)).toBeVisible();
    await expect(main.getByText('shop_orders_waiting', { exact: true })).toBeVisible();
    await expect(main.getByText(/^every .*, about .* a day$/)).toBeVisible();
    const targets = main.getByRole('navigation', { name: 'Targets' });
    await expect(targets.getByRole('link')).toHaveCount(2);
    // The rail stays usable meanwhile.
    await main.getByRole('link', { name: 'Explore' }).click();
    await expect(main.locator('.cm-content').first()).toBeVisible();
    await main.getByRole('link', { name: 'Live' }).click();

    await address.fill(exporter.url);
    await main.getByRole('textbox', { name: 'Name' }).fill('shop');
    await main.keyboard.press('Enter');
    await expect(main.getByRole('heading', { level: 1, name: 'shop' })).toBeVisible();
    await expect(targets.getByRole('link')).toHaveCount(3);
    // The first run is over.
    await main.reload();
    await expect(targets.getByRole('link')).toHaveCount(3);
    await expect(main.getByText('Where should Hearth look?')).toHaveCount(0);
  } finally {
    await exporter.stop();
    await web.stop();
  }
});
