import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createServer as createTlsServer } from 'node:https';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_LOAD, loadPrometheusConfig, nodeConfigFs } from '#main/config/index.ts';
import { createDiscoveryManager } from '#main/discovery/index.ts';
import { createHttpClient } from '#main/http/index.ts';
import { createScrapeManager } from '#main/scrape/index.ts';
import { openMemoryStorage } from '#main/storage/index.ts';
import { SILENT } from '#main/telemetry/index.ts';
import { labelsToRecord } from '#shared/model/index.ts';
import { realDeps } from '../discovery/stand-in.ts';
import { closedPort, httpDeps, serve } from '../http/local-server.ts';

/** Programs that are not the project's own. */
const PROMETHEUS = 'prometheus';
const OPENSSL = 'openssl';

const PAGE = `# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{code="200",path="/",job="mine"} 10
http_requests_total{code="500",path="/a b"} 1
# TYPE latency histogram
latency_bucket{le="0.5"} 1
latency_bucket{le="+Inf"} 2
latency_sum 0.7
latency_count 2
debug_noise{x="1"} 5
up_and_away 1 ${String(Date.now())}
`;

function has(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

const key = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

test('a stock configuration gives the same series here as in Prometheus', async () => {
  if (!has(PROMETHEUS, ['--version']) || !has(OPENSSL, ['version'])) {
    console.warn('SKIPPED: comparison with Prometheus: no prometheus or no openssl is installed');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'hearth-as-prometheus-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string): string => join(folder, name);
  const plain = await serve((request, response) => {
    const wanted = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    if (request.url === '/secret' && request.headers.authorization !== wanted) response.writeHead(401).end();
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(PAGE);
  });
  execFileSync(
    OPENSSL,
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=secure.test'].concat([
      '-addext',
      'subjectAltName=DNS:secure.test',
      '-keyout',
      file('key.pem'),
      '-out',
      file('cert.pem'),
    ]),
    { stdio: 'ignore' },
  );
  const secure = createTlsServer(
    { key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) },
    (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(PAGE),
  );
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    secure.closeAllConnections();
    secure.close();
  });
  const host = new URL(plain).host;
  const secureHost = `127.0.0.1:${(secure.address() as AddressInfo).port}`;
  writeFileSync(
    file('targets.json'),
    JSON.stringify([
      { targets: [host], labels: { env: 'prod', __metrics_path__: '/other', team: 'a' } },
      { targets: ['127.0.0.1:1'], labels: { env: 'dev' } },
    ]),
  );
  writeFileSync(file('password'), 'secret\n');
  const text = `
global:
  scrape_interval: 1s
  scrape_timeout: 1s
  external_labels: { monitor: 'stock' }
scrape_configs:
  - job_name: plain
    static_configs: [{ targets: ['${host}'], labels: { zone: eu } }]
  - job_name: honoring
    honor_labels: true
    honor_timestamps: false
    static_configs: [{ targets: ['${host}'] }]
  - job_name: found
    file_sd_configs: [{ files: ['targets.json'] }]
    relabel_configs:
      - { source_labels: [env], regex: prod, action: keep }
      - { source_labels: [__meta_filepath], regex: '.*/(.*)\\.json', target_label: source, replacement: '$1' }
      - { source_labels: [__address__], modulus: 7, target_label: __tmp_hash, action: hashmod }
      - { regex: team, action: labeldrop }
    metric_relabel_configs:
      - { source_labels: [__name__], regex: 'debug_.*', action: drop }
      - { source_labels: [code], regex: '(.).*', target_label: class, replacement: '\${1}xx' }
      - { regex: 'cod(.*)', replacement: 'status_$1', action: labelmap }
  - job_name: guarded
    metrics_path: /secret
    basic_auth: { username: me, password_file: password }
    static_configs: [{ targets: ['${host}'] }]
  - job_name: refused
    metrics_path: /secret
    static_configs: [{ targets: ['${host}'] }]
  - job_name: secure
    scheme: https
    tls_config: { ca_file: cert.pem, server_name: secure.test }
    static_configs: [{ targets: ['${secureHost}'] }]
  - job_name: distrusted
    scheme: https
    static_configs: [{ targets: ['${secureHost}'] }]
  - job_name: limited
    sample_limit: 3
    static_configs: [{ targets: ['${host}'] }]
  - job_name: too-many-labels
    label_limit: 3
    static_configs: [{ targets: ['${host}'] }]
  - job_name: probe
    params: { module: [http], target: [x] }
    static_configs: [{ targets: ['a', 'b'] }]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: '${host}' }
`;
  writeFileSync(file('prometheus.yml'), text);

  const port = await closedPort();
  const prometheus = spawn(
    PROMETHEUS,
    [
      `--config.file=${file('prometheus.yml')}`,
      `--storage.tsdb.path=${file('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  onTestFinished(() => {
    prometheus.kill('SIGKILL');
  });

  const fs = nodeConfigFs();
  const loaded = loadPrometheusConfig(text, {
    file: file('prometheus.yml'),
    readFile: (path) => fs.readSync(path),
    glob: (pattern) => fs.glob(pattern),
    env: {},
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const http = { ...httpDeps(), readFile: (path: string) => readFile(path, 'utf8') };
  const storage = openMemoryStorage();
  const manager = createScrapeManager({
    storage,
    http: (settings) => createHttpClient(settings, http),
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    timers: {
      set: (callback, millis) => setTimeout(callback, millis),
      clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
    },
    hostname: 'host',
    log: SILENT,
  });
  onTestFinished(() => manager.stop());
  const discovery = createDiscoveryManager({
    ...realDeps(),
    onGroups: (job, groups) => manager.setGroups(job, groups),
    onProblem: () => {},
  });
  onTestFinished(() => discovery.stop());
  manager.apply(loaded.config, { jobs: new Map(), builtin: [], load: DEFAULT_LOAD, shard: null });
  discovery.apply(loaded.config.scrapeConfigs);

  const TARGETS = 11;
  const patience = { timeout: 60_000, interval: 200 };
  // Twice each, so that nothing is missing that only a first scrape lacks.
  const ours = (): number => manager.targets().active.filter((target) => target.pulse.length >= 2).length;
  await expect.poll(ours, patience).toBe(TARGETS);
  const ask = async (path: string): Promise<{ data: unknown }> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    return (await response.json()) as { data: unknown };
  };
  const theirs = async (): Promise<number> => {
    try {
      const query = encodeURIComponent('count(count_over_time(up[1m]) >= 2)');
      const { data } = await ask(`query?query=${query}`);
      return Number((data as { result: { value: [number, string] }[] }).result[0]?.value[1] ?? 0);
    } catch {
      return 0;
    }
  };
  await expect.poll(theirs, patience).toBe(TARGETS);

  const querier = storage.querier();
  const here = [...querier.select([{ name: '__name__', type: '=~', value: '.+' }], 0, 1e15)].map((series) =>
    key(labelsToRecord(series.labels)),
  );
  querier.release();
  const { data } = await ask(`series?match[]=${encodeURIComponent('{__name__=~".+"}')}`);
  const there = (data as Record<string, string>[]).map(key);
  expect(here.sort()).toEqual(there.sort());
  expect(here.length).toBeGreaterThan(80);
}, 150_000);
