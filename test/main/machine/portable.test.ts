import * as systeminformation from 'systeminformation';
import { expect, test } from 'vitest';
import { createReader } from '#main/exposition/index.ts';
import { formatSeries } from '#shared/model/index.ts';
import { portableCollector, type SystemInformation } from '../../../src/main/machine/portable.ts';

const info: SystemInformation = {
  mem: () =>
    Promise.resolve({
      total: 100,
      free: 10,
      available: 20,
      active: 5,
      buffers: 1,
      cached: 2,
      swaptotal: 7,
      swapfree: 6,
    }),
  fsSize: () => Promise.resolve([{ fs: 'C:', type: 'NTFS', size: 1000, available: 400, mount: 'C:' }]),
  networkStats: () =>
    Promise.resolve([
      {
        iface: 'en0',
        operstate: 'up',
        rx_bytes: 1,
        rx_errors: 2,
        rx_dropped: 3,
        tx_bytes: 4,
        tx_errors: 5,
        tx_dropped: 6,
      },
    ]),
  disksIO: () => Promise.resolve(null),
  fsStats: () => Promise.reject(new Error('not here')),
};

async function read(collect: () => Promise<string>): Promise<Record<string, number>> {
  const reader = createReader('text');
  const parsed = reader.read(Buffer.from(await collect()));
  return Object.fromEntries(
    Array.from({ length: parsed.count }, (_, i) => [formatSeries(reader.labelsOf(i)), parsed.values[i]]),
  );
}

test('a machine that is not Linux, under the same names; what it does not tell is left out', async () => {
  const samples = await read(
    portableCollector(
      () => Promise.resolve(info),
      () => 5000,
    ),
  );
  expect(samples).toMatchObject({
    node_memory_MemTotal_bytes: 100,
    node_memory_SwapFree_bytes: 6,
    'node_filesystem_size_bytes{device="C:", fstype="NTFS", mountpoint="C:"}': 1000,
    'node_network_transmit_bytes_total{device="en0"}': 4,
    node_time_seconds: 5,
  });
  expect(samples['node_cpu_seconds_total{cpu="0", mode="idle"}']).toBeGreaterThan(0);
  expect(Object.keys(samples).some((name) => name.startsWith('node_disk'))).toBe(false);
});

test('what is slow to ask is not asked each time', async () => {
  let asked = 0;
  let now = 0;
  const counting = { ...info, fsSize: () => (asked++, info.fsSize()) };
  const collect = portableCollector(
    () => Promise.resolve(counting),
    () => now,
  );
  await collect();
  now = 10_000;
  await collect();
  expect(asked).toBe(1);
  now = 20_000;
  await collect();
  expect(asked).toBe(2);
});

test('the real library has what is used', () => {
  for (const name of ['mem', 'fsSize', 'networkStats', 'disksIO', 'fsStats'] as const)
    expect(typeof systeminformation[name]).toBe('function');
});
