import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CORE_DEFAULTS, spawnCore, type CoreHandle, type CoreOptions } from '#main/core/index.ts';
import { HearthError, type LiveFrame, type PageView } from '#shared/contract/index.ts';
import { getLabel } from '#shared/model/index.ts';

const WAIT = { timeout: 15_000, interval: 20 };

let folder: string;
let target: Server;
let address: string;
let requests: number;
let broken: boolean;
let cores: CoreHandle[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-core-'));
  requests = 0;
  broken = false;
  cores = [];
  target = createServer((_request, response) => {
    requests++;
    if (broken) {
      response.writeHead(500).end();
      return;
    }
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(
      `# HELP jobs_done_total Jobs done.\n# TYPE jobs_done_total counter\njobs_done_total ${requests}\n` +
        `# TYPE queue_length gauge\nqueue_length ${requests % 3}\n`,
    );
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  address = `127.0.0.1:${(target.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const core of cores) await core.stop();
  target.closeAllConnections();
  target.close();
  await once(target, 'close');
  await rm(folder, { recursive: true });
});

function optionsOf(some: Partial<CoreOptions> = {}): CoreOptions {
  return {
    ...CORE_DEFAULTS,
    host: 'headless',
    version: '1.0.0',
    configPath: join(folder, 'prometheus.yml'),
    configNamed: true,
    dataPath: join(folder, 'data'),
    preferencesPath: folder,
    retention: { time: '', size: '' },
    features: [],
    externalUrl: '',
    ownPorts: [],
    log: { level: 'error', format: 'logfmt' },
    ...some,
  };
}

async function configure(interval = '200ms'): Promise<void> {
  const text = `global:\n  scrape_interval: ${interval}\n  scrape_timeout: ${interval}\nscrape_configs:\n  - job_name: shop\n    static_configs:\n      - targets: ['${address}']\n`;
  await writeFile(join(folder, 'prometheus.yml'), text);
}

async function start(some: Partial<CoreOptions> = {}): Promise<CoreHandle> {
  const core = await spawnCore(optionsOf(some), { onCrash: () => {} });
  cores.push(core);
  return core;
}

async function valueOf(core: CoreHandle, expr: string, time = Date.now()): Promise<number | null> {
  const result = await core.client.request('query.instant', { source: 'local', expr, time });
  if (result.type !== 'vector' || result.series.length === 0) return null;
  return result.series[0].values[0];
}

async function scraped(core: CoreHandle, atLeast: number): Promise<void> {
  await vi.waitFor(async () => expect(await valueOf(core, 'jobs_done_total')).toBeGreaterThanOrEqual(atLeast), WAIT);
}

describe('a core in its thread', () => {
  test('keeps samples in memory only where hearth.yml says so', async () => {
    await configure();
    await writeFile(join(folder, 'hearth.yml'), 'storage:\n  engine: memory\n');
    const core = await start();
    await scraped(core, 2);
    const { storeBytes } = await core.client.request('status.get', {});
    expect(storeBytes).toBe(0);
    expect((await readdir(optionsOf().dataPath)).filter((name) => name.includes('.db'))).toEqual([]);
  });

  test('scrapes what the configuration names and answers queries about it', async () => {
    await configure();
    const core = await start();
    await scraped(core, 3);
    const { active } = await core.client.request('targets.list', {});
    expect(active).toMatchObject([{ job: 'shop', health: 'up', lastError: null }]);
    const { values } = await core.client.request('labels.values', {
      source: 'local',
      name: '__name__',
      selectors: ['{job="shop"}'],
      start: 0,
      end: Date.now(),
    });
    expect(values).toContain('queue_length');
    const { metadata } = await core.client.request('metadata.list', { source: 'local' });
    expect(metadata['jobs_done_total']).toMatchObject([{ type: 'counter', help: 'Jobs done.' }]);
    const status = await core.client.request('status.get', {});
    expect(status).toMatchObject({ targetsUp: 1, targetsDown: 0, host: 'headless' });
  });

  test('after a stop everything is there again', async () => {
    await configure();
    const first = await start();
    await scraped(first, 3);
    const time = Date.now();
    const before = await valueOf(first, 'jobs_done_total', time);
    await first.stop();
    const second = await start();
    expect(await valueOf(second, 'jobs_done_total', time)).toBe(before);
  });

  test('a target that breaks goes down with the reason', async () => {
    await configure();
    const core = await start();
    await scraped(core, 1);
    broken = true;
    await vi.waitFor(async () => {
      const { active } = await core.client.request('targets.list', {});
      expect(active[0]).toMatchObject({ health: 'down', lastError: { kind: 'status', status: 500 } });
    }, WAIT);
    await vi.waitFor(async () => expect(await valueOf(core, 'up')).toBe(0), WAIT);
  });

  test('a live subscription gives a window and then step after step without holes', async () => {
    await configure();
    const core = await start();
    await scraped(core, 2);
    const frames: LiveFrame[] = [];
    const stop = core.client.subscribe(
      'live',
      {
        source: 'local',
        queries: [{ id: 'q', expr: 'jobs_done_total', watch: false }],
        window: 10_000,
        step: 500,
        until: null,
      },
      { event: (next) => frames.push(...next), error: (detail) => expect(detail).toBeNull() },
    );
    await vi.waitFor(() => expect(frames.length).toBeGreaterThanOrEqual(4), WAIT);
    stop();
    expect(frames[0]).toMatchObject({ reset: true, error: null, steps: { step: 500, count: 20 } });
    for (let i = 1; i < frames.length; i++) {
      const { steps } = frames[i - 1];
      expect(frames[i]).toMatchObject({ reset: false, steps: { start: steps.start + steps.count * steps.step } });
    }
    const last = frames.at(-1)?.result;
    if (last?.type !== 'matrix') throw new Error('no matrix');
    expect(last.series[0].values[0]).toBeGreaterThanOrEqual(2);
  });

  test('the page of a target has its charts, and their queries run', async () => {
    await configure();
    const core = await start();
    await scraped(core, 3);
    const { active } = await core.client.request('targets.list', {});
    const pages: PageView[] = [];
    const stop = core.client.subscribe(
      'page',
      { targetId: active[0].id, window: 60_000 },
      { event: (page) => pages.push(page), error: (detail) => expect(detail).toBeNull() },
    );
    await vi.waitFor(() => expect(pages.at(-1)?.charts.length).toBeGreaterThan(2), WAIT);
    stop();
    const [{ charts }] = pages;
    expect(charts.map((chart) => chart.metric)).toEqual(expect.arrayContaining(['jobs_done_total', 'queue_length']));
    for (const query of charts.flatMap((chart) => chart.queries)) {
      const result = await core.client.request('query.instant', {
        source: 'local',
        expr: query.expr,
        time: Date.now(),
      });
      expect(result.type).toBe('vector');
    }
  });

  test('a change of the configuration is in force at once', async () => {
    await configure();
    const core = await start();
    await scraped(core, 1);
    const view = await core.client.request('config.get', {});
    const changed = await core.client.request('config.save', {
      baseVersion: view.version,
      text: view.text.replace('job_name: shop', 'job_name: store'),
    });
    expect(changed.problems).toEqual([]);
    await vi.waitFor(async () => expect(await valueOf(core, 'up{job="store"}')).toBe(1), WAIT);
    const { active } = await core.client.request('targets.list', {});
    expect(active.map((one) => one.job)).toEqual(['store']);
  });

  test('without a named configuration this program is watched, and a commented file is made', async () => {
    const core = await start({ configNamed: false });
    await vi.waitFor(async () => expect(await valueOf(core, 'up{job="hearth"}')).toBe(1), WAIT);
    const view = await core.client.request('config.get', {});
    expect(view.text).toContain('# ');
    expect(await valueOf(core, 'hearth_build_info')).toBe(1);
    const { text } = await core.client.request('metrics.text', {});
    expect(text).toContain('hearth_storage_samples_appended_total');
  });

  test('deleted series are gone', async () => {
    await configure();
    const core = await start();
    await scraped(core, 1);
    await core.client.request('admin.deleteSeries', { selectors: ['queue_length'], start: 0, end: Date.now() + 1000 });
    const { series } = await core.client.request('series.list', {
      source: 'local',
      selectors: ['{job="shop"}'],
      start: 0,
      end: Date.now() - 1000,
    });
    expect(series.map((labels) => getLabel(labels, '__name__'))).not.toContain('queue_length');
  });

  test('what is wrong with the named configuration stops the start, and is told by line', async () => {
    await writeFile(join(folder, 'prometheus.yml'), 'global:\n  scrape_interval: soon\n');
    const error: unknown = await start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HearthError);
    expect((error as HearthError).detail).toMatchObject({ kind: 'config-invalid', problems: [{ line: 2 }] });
  });

  test('two cores cannot share a store', async () => {
    await configure();
    await start();
    const error: unknown = await start().catch((reason: unknown) => reason);
    expect((error as HearthError).detail).toMatchObject({ kind: 'storage', reason: 'locked' });
  });
});

test('no secret of the configuration is in any answer', async () => {
  const secrets = ['s3cr3t-password', 's3cr3t-token', 's3cr3t-client', 's3cr3t-key', 's3cr3t-proxy', 's3cr3t-header'];
  const [password, token, client, key, proxy, header] = secrets;
  await writeFile(
    join(folder, 'prometheus.yml'),
    `global: {scrape_interval: 200ms, scrape_timeout: 200ms}
scrape_configs:
- {job_name: basic, basic_auth: {username: u, password: ${password}}, static_configs: [{targets: ['${address}']}]}
- {job_name: oauth, oauth2: {client_id: c, client_secret: ${client}, token_url: 'http://127.0.0.1:1/'}, static_configs: [{targets: ['${address}']}]}
- {job_name: proxied, proxy_url: 'http://u:${proxy}@127.0.0.1:1', http_headers: {X-A: {secrets: [${header}]}}, static_configs: [{targets: ['${address}']}]}
- {job_name: found, consul_sd_configs: [{server: '127.0.0.1:1', token: ${token}}], ec2_sd_configs: [{region: r, endpoint: 'http://127.0.0.1:1', access_key: a, secret_key: ${key}}]}
`,
  );
  const core = await start();
  const { client: ask } = core;
  await vi.waitFor(async () => {
    const { active } = await ask.request('targets.list', {});
    expect(active.filter(({ lastScrape }) => lastScrape !== null)).toHaveLength(3);
  }, WAIT);
  const view = await ask.request('config.get', {});
  const { active } = await ask.request('targets.list', {});
  const pools = await Promise.all(view.jobs.map(({ form }) => ask.request('status.poolConfig', { job: form.jobName })));
  const bodies = await Promise.all(active.map(({ id }) => ask.request('targets.body', { targetId: id })));
  const found = await ask.request('targets.discover', { form: view.jobs[3].form });
  const edit = { type: 'update-job', jobName: 'basic', form: { ...view.jobs[0].form, scrapeInterval: '1s' } } as const;
  const preview = await ask.request('config.preview', { baseVersion: view.version, edits: [edit] });
  const status = await ask.request('status.config', {});
  const text = (await ask.request('metrics.text', {})).text;
  const said = JSON.stringify({ view, active, pools, bodies, found, preview, status, text });
  expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
  expect(pools[0].yaml).toMatch(/^job_name: basic\n[^]*scrape_interval: 200ms\n[^]*password: ['"]?<secret>/);
  const unknown: unknown = await ask.request('status.poolConfig', { job: 'nobody' }).catch((error: unknown) => error);
  expect((unknown as HearthError).detail).toMatchObject({ kind: 'not-found' });
  const { entries } = await ask.request('targets.metadata', { selector: '{job="basic"}', family: 'queue_length' });
  expect(entries).toMatchObject([{ family: 'queue_length', type: 'gauge' }]);
  expect((await ask.request('targets.metadata', { selector: '{job="nobody"}' })).entries).toEqual([]);
});

test('targets that discovery finds are scraped, and leave with it', async () => {
  const list = join(folder, 'targets.yml');
  await writeFile(list, `- targets: ['${address}']\n  labels: {found: "yes"}\n`);
  await writeFile(
    join(folder, 'prometheus.yml'),
    'global: {scrape_interval: 200ms, scrape_timeout: 200ms}\nscrape_configs:\n- {job_name: found, file_sd_configs: [{files: [targets.yml]}]}\n',
  );
  const core = await start();
  await vi.waitFor(async () => expect(await valueOf(core, 'up{job="found", found="yes"}')).toBe(1), WAIT);
  await writeFile(list, '[]\n');
  await vi.waitFor(async () => expect((await core.client.request('targets.list', {})).active).toEqual([]), WAIT);
});
