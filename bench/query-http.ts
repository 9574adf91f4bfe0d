import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { emptyConfig, isInstalled, startHearth, startPeer, type Peer } from './peers.ts';
import { hearthData, makeHistory, prometheusData, run } from './query-history.ts';

/**
 * Times the benchmark kit's 19 queries over HTTP against Prometheus and VictoriaMetrics, where the kit and they are
 * there, on one history, and compares the answers: 1,000 series x 24 h x 15 s.
 * `node bench/query-http.ts [--series N] [--reps N] [--offset S] [--only NAME] [--folder DIR (kept, for the next run)]`
 */
const { values: options } = parseArgs({
  options: {
    series: { type: 'string', default: '1000' },
    reps: { type: 'string', default: '15' },
    offset: { type: 'string', default: '6' },
    only: { type: 'string', default: '' },
    folder: { type: 'string', default: join(tmpdir(), 'hearth-query-bench') },
  },
});
/** After so long both servers have done what they do at a start, ms. */
const SETTLE = 4000;
const KIT = resolve(import.meta.dirname, '../../shared/bench');

function startPrometheus(data: string, config: string): Promise<Peer> {
  return startPeer(
    'prometheus',
    (port) => [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    '/-/ready',
  );
}

async function startVictoria(manifest: string): Promise<Peer> {
  const data = `${manifest}.victoria`;
  const fill = !existsSync(data);
  mkdirSync(data, { recursive: true });
  const peer = await startPeer(
    'victoria-metrics',
    (port) => [
      `-storageDataPath=${data}`,
      '-retentionPeriod=100y',
      `-httpListenAddr=127.0.0.1:${port}`,
      '-search.latencyOffset=1ms',
      '-loggerLevel=WARN',
    ],
    '/health',
  );
  if (fill) {
    const { end } = JSON.parse(run('cat', [manifest])) as { end: number };
    const importUrl = `${peer.url}/api/v1/import/prometheus`;
    const size = ['--series', options.series, '--end', String(end + 60), '--import', importUrl];
    run(process.execPath, [join(KIT, 'backfill.mjs'), ...size]);
    await fetch(`${peer.url}/internal/force_flush`);
  }
  return peer;
}

function compare(a: Peer, b: Peer, names: string, manifest: string, json: string): void {
  const what = [join(KIT, 'query-bench.mjs'), '--compare', a.url, b.url, '--manifest', manifest, '--names', names];
  const how = ['--pid-a', String(a.pid), '--pid-b', String(b.pid), '--reps', options.reps, '--offset', options.offset];
  const only = options.only === '' ? [] : ['--only', options.only];
  console.log(run(process.execPath, [...what, ...how, ...only, '--json', json]));
}

async function main(): Promise<void> {
  if (!existsSync(KIT) || !isInstalled('prometheus') || !isInstalled('promtool')) {
    console.log('skipped: the benchmark kit, prometheus and promtool are not all here');
    return;
  }
  const { folder } = options;
  const history = makeHistory(KIT, folder, Number(options.series));
  const manifest = `${history}.json`;
  const config = emptyConfig(folder);
  const started: Peer[] = [];
  try {
    const prometheus = await startPrometheus(await prometheusData(history), config);
    started.push(prometheus);
    const hearth = await startHearth(await hearthData(history), config);
    started.push(hearth);
    // Asked is what runs, not what is still starting: recovery there, warming up here.
    await sleep(SETTLE);
    compare(prometheus, hearth, 'prom,hearth', manifest, join(folder, 'prom-hearth.json'));
    if (!isInstalled('victoria-metrics')) return;
    const victoria = await startVictoria(manifest);
    started.push(victoria);
    compare(prometheus, victoria, 'prom,victoria', manifest, join(folder, 'prom-victoria.json'));
  } finally {
    for (const peer of started) await peer.stop();
  }
}

await main();
