import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startExporter } from './fixtures/exporter.ts';
import { expect, test } from './hosts.ts';

/** The prometheus.yml below a folder. */
function configText(folder: string): string {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => name === 'prometheus.yml',
  );
  expect(found).toHaveLength(1);
  return readFileSync(join(found[0].parentPath, found[0].name), 'utf8');
}

test('what never changes is found, dropped by a rule, and taken back', async ({ home }) => {
  test.setTimeout(180_000);
  const exporter = await startExporter(null, 25);
  try {
    const hearth = await home.start();
    const main = await hearth.main();
    await expect(main.getByRole('heading', { name: 'this-computer' })).toBeVisible();
    const settings = await hearth.settings();
    await settings.getByRole('textbox', { name: 'URL' }).fill(exporter.url);
    await settings.getByRole('textbox', { name: 'Name', exact: true }).fill('shop');
    await settings.getByRole('textbox', { name: 'Scrape every' }).fill('1s');
    await settings.getByRole('textbox', { name: 'time out after' }).fill('1s');
    await settings.getByRole('button', { name: /^Save/ }).click();
    await expect(settings.getByText(/unsaved change/)).toHaveCount(0);
    const before = configText(home.path);

    await main.getByRole('navigation', { name: 'Screens' }).getByText('Quality', { exact: true }).click();
    const item = main.getByRole('button', { name: /One metric, 25 flat series/ });
    // It is a finding after half a minute of scrapes.
    await expect(async () => {
      await main.getByRole('button', { name: 'Check again' }).click();
      await expect(item).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 90_000 });
    await item.click();
    const detail = main.getByRole('region', { name: 'One metric, 25 flat series' });
    await detail.getByRole('button', { name: 'Preview' }).click();
    await expect(detail.getByText(/regex: shop_flag/)).toBeVisible();
    expect(configText(home.path)).toBe(before);

    await detail.getByRole('button', { name: 'Drop 25 series' }).click();
    await expect(detail.getByRole('status')).toContainText('The rule is in shop');
    expect(configText(home.path)).toMatch(/regex: shop_flag\n\s+action: drop/);
    await detail.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    // It is there, but cannot be pressed, while the change is taken back.
    await expect(detail.getByRole('button', { name: 'Drop 25 series' })).toBeEnabled();
    expect(configText(home.path)).toBe(before);
    expect(await hearth.quit()).toBe(0);
  } finally {
    await exporter.stop();
  }
});
