/**
 * Takes the pictures of the user guide: `node test/pictures/guide.ts` after `npm run build`. A real Hearth watches a made-up
 * shop, this machine and, where it is installed, node_exporter, long enough to know what is normal; then the shop gets into
 * trouble. Takes about five minutes. Pictures go to docs/images/guide/<language>/.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Page } from '@playwright/test';
import { browserOptions } from '../e2e/browser.ts';
import { startShop } from '../e2e/fixtures/shop.ts';

const root = resolve(import.meta.dirname, '../..');
const LEARN_SECONDS = Number(process.argv[2] ?? 200);
const TROUBLE_SECONDS = 30;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

interface Picture {
  readonly name: string;
  readonly hash: string;
  readonly ready: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const PICTURES: readonly Picture[] = [
  {
    name: 'live',
    hash: 'live',
    ready: '[data-chart]',
    prepare: async (page) => {
      await page.getByRole('link', { name: /shop-api/ }).click();
      await page.locator('[data-chart="http_request_duration_seconds"]').click();
      await page.waitForTimeout(2500);
    },
  },
  {
    name: 'explore',
    hash: 'explore?expr=sum%20by%20(le)%20(rate(http_request_duration_seconds_bucket%5B30s%5D))',
    ready: 'canvas',
  },
  { name: 'quality', hash: 'quality', ready: 'table' },
  { name: 'discovery', hash: 'settings/discovery/fleet', ready: 'main h1' },
  { name: 'targets', hash: 'settings/targets/shop-api', ready: 'main input' },
  {
    name: 'palette',
    hash: 'live',
    ready: '[data-chart]',
    prepare: async (page) => {
      await page.keyboard.press('ControlOrMeta+K');
      await page.keyboard.type('request');
      await page.waitForTimeout(500);
    },
  },
];

const home = mkdtempSync(join(tmpdir(), 'hearth-guide-'));
const shop = await startShop();
const exporterPort = await freePort();
const exporter: ChildProcess = spawn('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${exporterPort}`], {
  stdio: 'ignore',
});
// Where it is not installed, its target is simply down.
exporter.on('error', () => undefined);
const config = join(home, 'prometheus.yml');
const shopAddress = new URL(shop.url).host;
writeFileSync(
  config,
  `global:
  scrape_interval: 2s
  scrape_timeout: 2s
scrape_configs:
  - job_name: shop-api
    static_configs:
      - targets: ['${shopAddress}']
  - job_name: node
    static_configs:
      - targets: ['127.0.0.1:${exporterPort}']
  - job_name: fleet
    static_configs:
      - targets: ['${shopAddress}', 'decommissioned:9100']
    relabel_configs:
      - source_labels: [__address__]
        regex: decommissioned:.*
        action: drop
      - source_labels: [__address__]
        regex: (.+):\\d+
        target_label: host
`,
);
writeFileSync(join(home, 'hearth.yml'), 'machine:\n  enabled: true\n');
const hearth = spawn(
  process.execPath,
  [
    join(root, 'bin/hearth.mjs'),
    'serve',
    `--config.file=${config}`,
    '--web.listen-address=127.0.0.1:0',
    `--storage.tsdb.path=${join(home, 'data')}`,
  ],
  { env: { ...process.env, HEARTH_HOME: home }, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
);
const address = await new Promise<URL>((found) => {
  let output = '';
  hearth.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    const match = /http:\/\/\S+/.exec(output);
    if (match !== null) found(new URL(match[0]));
  });
});
console.log(`learning for ${LEARN_SECONDS} s`);
await wait(LEARN_SECONDS * 1000);
shop.trouble(true);
await wait(TROUBLE_SECONDS * 1000);

const browser = await chromium.launch(await browserOptions());
try {
  for (const { language, locale, theme } of [
    { language: 'en', locale: 'en-US', theme: 'dark' },
    { language: 'zh', locale: 'zh-CN', theme: 'light' },
  ] as const) {
    const folder = join(root, 'docs/images/guide', language);
    mkdirSync(folder, { recursive: true });
    const context = await browser.newContext({
      locale,
      colorScheme: theme,
      viewport: { width: 1280, height: 800 },
      timezoneId: 'UTC',
    });
    const page = await context.newPage();
    await page.goto(address.href);
    for (const { name, hash, ready, prepare } of PICTURES) {
      await page.goto(new URL(`#/${hash}`, address).href);
      await page.locator(ready).first().waitFor();
      // The panel for a first target stays until it is closed once.
      const close = page.getByRole('button', { name: /^(?:Close|关闭)$/ });
      if (await close.isVisible()) await close.click();
      await prepare?.(page);
      await page.mouse.move(0, 0);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: join(folder, `${name}.png`) });
      console.log(`${language}/${name}.png`);
      await page.keyboard.press('Escape');
    }
    await context.close();
  }
} finally {
  await browser.close();
  if (hearth.pid !== undefined) process.kill(-hearth.pid, 'SIGTERM');
  exporter.kill();
  await shop.stop();
  await wait(2000);
  rmSync(home, { recursive: true, force: true });
}
