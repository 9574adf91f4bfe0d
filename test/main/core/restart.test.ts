import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Threads from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HearthError, type ConfigView, type StatusView } from '#shared/contract/index.ts';
import { CORE_DEFAULTS, spawnCore, type CoreHandle, type CoreOptions } from '#main/core/index.ts';

const WAIT = { timeout: 20_000, interval: 10 };

/** The threads that were started, so that a test can end one behind the host's back. */
const threads = vi.hoisted(() => [] as Threads.Worker[]);

vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof Threads>();
  class Watched extends real.Worker {
    constructor(...args: ConstructorParameters<typeof real.Worker>) {
      super(...args);
      threads.push(this);
    }
  }
  return { ...real, Worker: Watched, default: { ...real, Worker: Watched } };
});

let folder: string;
let core: CoreHandle | null;
let crashes: Error[];

beforeEach(async () => {
  threads.length = 0;
  crashes = [];
  core = null;
  folder = await mkdtemp(join(tmpdir(), 'hearth-restart-'));
  await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
});

afterEach(async () => {
  await core?.stop();
  await rm(folder, { recursive: true });
});

async function start(): Promise<CoreHandle> {
  const options: CoreOptions = {
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
  };
  core = await spawnCore(options, { onCrash: (error) => crashes.push(error) });
  return core;
}

test('a core whose thread dies is started again: the host is told, subscriptions go on with a whole first event', async () => {
  const { client } = await start();
  const configs: ConfigView[] = [];
  const states: StatusView[] = [];
  const failed: unknown[] = [];
  client.subscribe('config', {}, { event: (view) => configs.push(view), error: (detail) => failed.push(detail) });
  const stopStatus = client.subscribe(
    'status',
    {},
    { event: (view) => states.push(view), error: (detail) => failed.push(detail) },
  );
  await vi.waitFor(() => expect([configs.length, states.length]).toEqual([1, 1]), WAIT);
  // What is no longer subscribed does not come back with the rest.
  stopStatus();
  await client.request('status.get', {});
  const statesBefore = states.length;
  await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs:\n  - job_name: later\n');
  await vi.waitFor(() => expect(configs.at(-1)?.text).toContain('later'), WAIT);
  const seen = configs.length;

  await threads[0].terminate();
  await vi.waitFor(() => expect(crashes).toHaveLength(1), WAIT);
  expect(crashes[0].message).toContain('ended with code');

  await vi.waitFor(() => expect(configs.length).toBeGreaterThan(seen), WAIT);
  expect(threads).toHaveLength(2);
  expect(configs[seen]).toEqual(configs[seen - 1]);
  expect(await client.request('status.get', {})).toMatchObject({ host: 'headless' });
  expect(core?.running).toBe(true);
  expect(states).toHaveLength(statesBefore);
  expect(failed).toEqual([]);
});

test('what is asked while the core is away fails at once as unavailable', async () => {
  const { client } = await start();
  const open = client.request('query.instant', { source: 'local', expr: 'up', time: 0 }).then(
    () => 'answered',
    (error: unknown) => (error as HearthError).detail.kind,
  );
  await threads[0].terminate();
  await vi.waitFor(() => expect(core?.running).toBe(false), WAIT);
  const refused = await client.request('status.get', {}).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(HearthError);
  expect((refused as HearthError).detail.kind).toBe('unavailable');
  // It may have been answered before the end.
  expect(['answered', 'unavailable']).toContain(await open);
  await vi.waitFor(() => expect(core?.running).toBe(true), WAIT);
});

test('a core that dies again and again comes back each time; one that is stopped does not', async () => {
  const { client } = await start();
  for (let i = 0; i < 2; i++) {
    await threads[i].terminate();
    await vi.waitFor(() => expect(threads).toHaveLength(i + 2), WAIT);
    await vi.waitFor(() => expect(core?.running).toBe(true), WAIT);
    await client.request('status.get', {});
  }
  expect(crashes).toHaveLength(2);
  await core?.stop();
  expect(crashes).toHaveLength(2);
  expect(threads).toHaveLength(3);
  expect(core?.running).toBe(false);
});
