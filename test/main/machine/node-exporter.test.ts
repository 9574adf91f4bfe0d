import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createReader } from '#main/exposition/index.ts';
import { createHttpClient, PLAIN_HTTP } from '#main/http/index.ts';
import { createMachineCollector } from '#main/machine/index.ts';
import { formatSeries, getLabel, METRIC_NAME } from '#shared/model/index.ts';
import { closedPort, httpDeps } from '../http/local-server.ts';

const EXPORTERS = ['/usr/bin/prometheus-node-exporter', '/usr/bin/node_exporter', '/usr/local/bin/node_exporter'];
const exporter = process.platform === 'linux' ? EXPORTERS.find((path) => existsSync(path)) : undefined;
if (exporter === undefined)
  console.warn('SKIPPED: comparison with a real node_exporter: none is installed (Debian: prometheus-node-exporter)');

function seriesOf(body: Uint8Array): Map<string, { name: string; value: number }> {
  const reader = createReader('text');
  const parsed = reader.read(body);
  return new Map(
    Array.from({ length: parsed.count }, (_, i) => {
      const labels = reader.labelsOf(i);
      return [formatSeries(labels), { name: getLabel(labels, METRIC_NAME), value: parsed.values[i] }];
    }),
  );
}

test.skipIf(exporter === undefined)('this computer looks as a real node_exporter shows it', async () => {
  const port = await closedPort();
  const child = spawn(exporter as string, [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  const http = createHttpClient(PLAIN_HTTP, httpDeps());
  onTestFinished(() => http.close());
  let theirs = new Map<string, { name: string; value: number }>();
  await expect
    .poll(
      async () => {
        const answer = await http.request({ url: `http://127.0.0.1:${port}/metrics`, timeout: 5000 }).catch(() => null);
        if (answer === null) return 0;
        theirs = seriesOf(answer.body);
        return theirs.size;
      },
      { timeout: 15_000 },
    )
    .toBeGreaterThan(100);
  const ours = seriesOf(await createMachineCollector({ platform: 'linux', now: () => Date.now() })());

  const shared =
    /^node_(?:cpu_seconds|memory_|load|disk_(?:read|writ)|network_(?:receive|transmit)_bytes|filesystem_(?:size|avail)|boot_time|context|forks|procs_|vmstat_|uname|pressure|filefd)/;
  const devices = /device="(?:z?ram\d+|lo|ifb\d+|tmpfs)"|mountpoint="\/run/;
  const missing = [...theirs].filter(([key, { name }]) => shared.test(name) && !devices.test(key) && !ours.has(key));
  expect(missing.map(([key]) => key)).toEqual([]);
  // What does not change between the two readings is the same number.
  const constant = /^node_(?:memory_MemTotal_bytes|boot_time_seconds|filesystem_size_bytes|filefd_maximum|uname_info)/;
  const fixed = [...theirs].filter(([key, { name }]) => constant.test(name) && ours.has(key));
  expect(fixed.length).toBeGreaterThan(3);
  for (const [key, { value }] of fixed) expect([key, ours.get(key)?.value]).toEqual([key, value]);
  const cpu = [...theirs].filter(([, { name }]) => name === 'node_cpu_seconds_total');
  for (const [key, { value }] of cpu) expect(Math.abs((ours.get(key)?.value ?? NaN) - value)).toBeLessThan(30);
});
