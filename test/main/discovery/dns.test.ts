import { createSocket, type Socket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import { systemDns } from '#main/discovery/index.ts';
import { addresses, configured, flat, run, type Running } from './stand-in.ts';

type Zone = Readonly<Record<string, Readonly<Record<number, readonly Buffer[]>>>>;

const A = 1;
const NS = 2;
const MX = 15;
const AAAA = 28;
const SRV = 33;

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

function words(...values: readonly number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
}

/** A name server on loopback: enough of RFC 1035 to answer one question a message. */
async function nameServer(zone: () => Zone | 'refuse'): Promise<{ readonly address: string; readonly socket: Socket }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    let end = 12;
    const labels: string[] = [];
    while (query[end] !== 0) {
      labels.push(query.toString('latin1', end + 1, end + 1 + query[end]));
      end += 1 + query[end];
    }
    const type = query.readUInt16BE(end + 1);
    const records = zone();
    const found = records === 'refuse' ? undefined : records[labels.join('.').toLowerCase()];
    const answers = found?.[type] ?? [];
    const code = records === 'refuse' ? 5 : found === undefined ? 3 : 0;
    const reply = Buffer.concat([
      query.subarray(0, 2),
      words(0x8580 | code, 1, answers.length, 0, 0),
      query.subarray(12, end + 5),
      ...answers.map((data) => Buffer.concat([words(0xc00c, type, 1, 0, 60, data.length), data])),
    ]);
    socket.send(reply, peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${socket.address().port}`, socket };
}

const open: { readonly running: Running; readonly socket: Socket }[] = [];
afterEach(async () => {
  for (const { running, socket } of open.splice(0)) {
    await running.stop();
    socket.close();
  }
});

async function start(yaml: string, zone: () => Zone | 'refuse'): Promise<Running> {
  const { address, socket } = await nameServer(zone);
  const running = run(configured(yaml), { dns: systemDns([address]) });
  open.push({ running, socket });
  return running;
}

const ZONE: Zone = {
  'web.test': {
    [A]: [Buffer.from([10, 0, 0, 1]), Buffer.from([10, 0, 0, 2])],
    [AAAA]: [Buffer.concat([words(0xfd00, 0, 0, 0, 0, 0, 0, 1)])],
    [NS]: [encodeName('ns1.test')],
    [MX]: [Buffer.concat([words(10), encodeName('mail.test')])],
  },
  '_p._tcp.test': {
    [SRV]: [
      Buffer.concat([words(0, 5, 9100), encodeName('n1.test')]),
      Buffer.concat([words(0, 5, 9101), encodeName('n2.test')]),
    ],
  },
};

test('SRV records name hosts and ports', async () => {
  const running = await start('dns_sd_configs: [{names: [_p._tcp.test]}]', () => ZONE);
  const groups = await running.groups();
  expect(groups[0].source).toBe('_p._tcp.test');
  expect(flat(groups)[0]).toEqual({
    __address__: 'n1.test:9100',
    __meta_dns_name: '_p._tcp.test',
    __meta_dns_srv_record_target: 'n1.test.',
    __meta_dns_srv_record_port: '9100',
  });
  expect(addresses(groups)).toEqual(['n1.test:9100', 'n2.test:9101']);
});

test.each([
  ['A', ['10.0.0.1:80', '10.0.0.2:80'], {}],
  ['AAAA', ['[fd00::1]:80'], {}],
  ['MX', ['mail.test:80'], { __meta_dns_mx_record_target: 'mail.test.' }],
  ['NS', ['ns1.test:80'], { __meta_dns_ns_record_target: 'ns1.test.' }],
])('%s records name hosts; the port is configured', async (type, expected, meta) => {
  const running = await start(`dns_sd_configs: [{names: [web.test], type: ${type}, port: 80}]`, () => ZONE);
  const groups = await running.groups();
  expect([...addresses(groups)].sort()).toEqual(expected);
  expect(flat(groups)[0]).toMatchObject({ __meta_dns_name: 'web.test', ...meta });
});

test('a name that is gone has no targets; one that nobody answers for keeps them', async () => {
  let zone: Zone | 'refuse' = ZONE;
  const running = await start(
    'dns_sd_configs: [{names: [web.test, none.test], type: A, port: 1, refresh_interval: 20ms}]',
    () => zone,
  );
  expect(addresses(await running.groups())).toHaveLength(2);
  zone = 'refuse';
  expect(await running.problem((text) => text !== null)).toContain('web.test');
  expect(addresses(await running.groups())).toHaveLength(2);
  zone = {};
  await running.groups((groups) => addresses(groups).length === 0);
});
