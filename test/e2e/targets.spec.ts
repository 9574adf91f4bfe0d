import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startExporter } from './fixtures/exporter.ts';
import { expect, test } from './hosts.ts';

/** Adds a target in the settings window, as a person would: paste the address, test it, save. */
async function addTarget(settings: Page, url: string, name: string): Promise<void> {
  const add = settings.getByRole('button', { name: /^Add\b/ }).first();
  if (await add.isEnabled()) await add.click();
  await settings.getByRole('textbox', { name: 'URL' }).fill(url);
  await settings.keyboard.press('Tab');
  // Leaving the address suggests a name; a person's own replaces it.
  const named = settings.getByRole('textbox', { name: 'Name', exact: true });
  await expect(named).not.toHaveValue('');
  await named.fill(name);
  await settings.getByRole('textbox', { name: 'Scrape every' }).fill('1s');
  await settings.getByRole('textbox', { name: 'time out after' }).fill('1s');
  await settings.getByRole('button', { name: /^Test scrape/ }).click();
  await expect(settings.getByRole('complementary', { name: 'Test scrape' }).getByText(/200/).first()).toBeVisible();
  await settings.getByRole('button', { name: /^Save/ }).click();
  await expect(settings.getByText(/unsaved change/)).toHaveCount(0);
}

/** Waits until a chart has shown three different values. */
async function expectMoving(page: Page, title: RegExp): Promise<void> {
  const chart = page.getByRole('group', { name: title });
  const seen = new Set<string>();
  await expect
    .poll(async () => {
      const label = await chart.getAttribute('aria-label');
      if (label !== null && /\d/.test(label)) seen.add(label);
      return seen.size;
    })
    .toBeGreaterThanOrEqual(3);
}

test('add a target in the settings, watch it, break it, mend it, restart', async ({ home }) => {
  const exporter = await startExporter();
  try {
    const hearth = await home.start();
    const main = await hearth.main();
    await expect(main.getByRole('heading', { level: 1, name: 'this-computer' })).toBeVisible();
    const settings = await hearth.settings();
    await addTarget(settings, exporter.url, 'shop');

    // The main window learns of it by itself.
    const list = main.getByRole('navigation', { name: 'Targets' });
    await list.getByText('shop', { exact: true }).click();
    await expect(main.getByRole('heading', { level: 1, name: 'shop' })).toBeVisible();
    await expectMoving(main, /^Orders waiting/);

    await exporter.stop();
    await expect(main.getByRole('alert').filter({ hasText: 'refuses connections' })).toBeVisible();
    await exporter.start();
    await expect(main.getByRole('alert').filter({ hasText: 'refuses connections' })).toHaveCount(0);
    await expectMoving(main, /^Orders waiting/);
    expect(await hearth.quit()).toBe(0);

    const again = await home.start();
    const later = await again.main();
    await later.getByRole('navigation', { name: 'Targets' }).getByText('shop', { exact: true }).click();
    await expectMoving(later, /^Orders waiting/);
    expect(await again.quit()).toBe(0);
  } finally {
    await exporter.stop();
  }
});

test('an address that is wrong is told before it is saved, and what was typed stays', async ({ home }) => {
  const hearth = await home.start();
  const settings = await hearth.settings();
  await settings.getByRole('textbox', { name: 'URL' }).fill('http://127.0.0.1:1/metrics');
  await settings.getByRole('button', { name: /^Test scrape/ }).click();
  await expect(settings.getByRole('complementary', { name: 'Test scrape' }).getByRole('alert')).toBeVisible();
  await settings.getByRole('textbox', { name: 'Scrape every' }).fill('often');
  await settings.getByRole('textbox', { name: 'Name', exact: true }).fill('wrong');
  await settings.getByRole('button', { name: /^Save/ }).click();
  await expect(settings.getByRole('textbox', { name: 'Scrape every' })).toHaveValue('often');
  await expect(settings.getByRole('textbox', { name: 'URL' })).toHaveValue('http://127.0.0.1:1/metrics');
});

/** Files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

test('a token is used for scraping and kept where nobody else reads it', async ({ home }) => {
  const token = 'correct-horse-battery-staple';
  const exporter = await startExporter(token);
  try {
    const hearth = await home.start();
    const main = await hearth.main();
    await expect(main.getByRole('heading', { level: 1, name: 'this-computer' })).toBeVisible();
    const settings = await hearth.settings();
    await settings.getByRole('textbox', { name: 'URL' }).fill(exporter.url);
    await settings.getByRole('textbox', { name: 'Name', exact: true }).fill('locked');
    await settings.getByRole('textbox', { name: 'Scrape every' }).fill('1s');
    await settings.getByRole('textbox', { name: 'time out after' }).fill('1s');
    await settings.getByRole('button', { name: /^Test scrape/ }).click();
    await expect(settings.getByRole('complementary', { name: 'Test scrape' }).getByRole('alert')).toBeVisible();

    await settings.getByText('Bearer token', { exact: true }).click();
    await settings.getByLabel('Token', { exact: true }).fill(token);
    await settings.getByRole('button', { name: /^Test scrape/ }).click();
    await expect(settings.getByRole('complementary', { name: 'Test scrape' }).getByText(/200/).first()).toBeVisible();
    await settings.getByRole('button', { name: /^Save/ }).click();
    await expect(settings.getByText(/unsaved change/)).toHaveCount(0);
    await main.getByRole('navigation', { name: 'Targets' }).getByText('locked', { exact: true }).click();
    await expectMoving(main, /^Orders waiting/);
    expect(await hearth.quit()).toBe(0);

    const files = filesWith(home.path, token);
    // The desktop has the system's keychain; the headless host a file that only its owner can read.
    if (hearth.kind === 'headless') {
      expect(files.map((path) => path.slice(home.path.length + 1))).toEqual([join('data', 'hearth-secrets.json')]);
      if (process.platform !== 'win32') expect(statSync(files[0]).mode & 0o077).toBe(0);
    } else expect(files).toEqual([]);

    // A secret is found again after a restart.
    const again = await home.start();
    const later = await again.main();
    await later.getByRole('navigation', { name: 'Targets' }).getByText('locked', { exact: true }).click();
    await expectMoving(later, /^Orders waiting/);
    expect(await again.quit()).toBe(0);
  } finally {
    await exporter.stop();
  }
});

const NODE_EXPORTER = ['/usr/bin/prometheus-node-exporter', '/usr/local/bin/node_exporter'].find((path) =>
  existsSync(path),
);

test('a real node_exporter is scraped', async ({ home }) => {
  if (NODE_EXPORTER === undefined) console.warn('skipped: no node_exporter on this machine');
  test.skip(NODE_EXPORTER === undefined, 'no node_exporter on this machine');
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => probe.once('listening', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  const exporter = spawn(NODE_EXPORTER as string, [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  try {
    const hearth = await home.start();
    const main = await hearth.main();
    await expect(main.getByRole('heading', { level: 1, name: 'this-computer' })).toBeVisible();
    const settings = await hearth.settings();
    await addTarget(settings, `http://127.0.0.1:${port}/metrics`, 'node');
    await main.getByRole('navigation', { name: 'Targets' }).getByText('node', { exact: true }).click();
    await expectMoving(main, /^Context switches/);
  } finally {
    exporter.kill();
  }
});
