import { words, type Collector } from './collector.ts';

const RECEIVE = ['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'];
const TRANSMIT = ['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'];

/** What each network interface received and sent. */
export const traffic: Collector = (files, out) => {
  const devices = files
    .proc('net/dev')
    .split('\n')
    .slice(2)
    .map((line) => /^\s*(.*?):\s*(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ device: match[1], columns: match[2].trim().split(/\s+/) }));
  for (const [i, field] of [...RECEIVE, ...TRANSMIT].entries()) {
    const direction = i < RECEIVE.length ? 'receive' : 'transmit';
    const name = `node_network_${direction}_${field}_total`;
    if (devices.length === 0) continue;
    out.family(name, 'counter', `Network interface: ${field} ${direction === 'receive' ? 'received' : 'sent'}.`);
    for (const { device, columns } of devices) out.sample(name, Number(columns[i]), { device });
  }
};

/** State and speed of each network interface. */
export const interfaces: Collector = (files, out) => {
  const devices = files.listSys('class/net').filter((device) => files.sys(`class/net/${device}/operstate`) !== '');
  if (devices.length === 0) return;
  const of = (device: string, file: string): string => files.sys(`class/net/${device}/${file}`);
  out.family('node_network_info', 'gauge', 'A network interface and what it is; always 1.');
  for (const device of devices)
    out.sample('node_network_info', 1, {
      address: of(device, 'address'),
      broadcast: of(device, 'broadcast'),
      device,
      duplex: of(device, 'duplex'),
      ifalias: of(device, 'ifalias'),
      operstate: of(device, 'operstate'),
    });
  out.family('node_network_up', 'gauge', 'Whether the network interface is up.');
  for (const device of devices) out.sample('node_network_up', of(device, 'operstate') === 'up' ? 1 : 0, { device });
  const numbers: readonly (readonly [
    name: string,
    file: string,
    factor: number,
    type: 'gauge' | 'counter',
    help: string,
  ])[] = [
    ['node_network_carrier', 'carrier', 1, 'gauge', 'Whether the network interface has a link.'],
    ['node_network_carrier_changes_total', 'carrier_changes', 1, 'counter', 'How often the link came or went.'],
    ['node_network_mtu_bytes', 'mtu', 1, 'gauge', 'Largest packet of the network interface in bytes.'],
    ['node_network_speed_bytes', 'speed', 125_000, 'gauge', 'Speed of the network interface in bytes a second.'],
  ];
  for (const [name, file, factor, type, help] of numbers) {
    const found = devices.map((device) => ({ device, text: of(device, file) })).filter(({ text }) => text !== '');
    if (found.length === 0) continue;
    out.family(name, type, help);
    for (const { device, text } of found) out.sample(name, Number(text) * factor, { device });
  }
};

const NETSTAT =
  /^(?:.*_(?:InErrors|InErrs)|Ip_Forwarding|Ip(?:6|Ext)_(?:InOctets|OutOctets)|Icmp6?_(?:InMsgs|OutMsgs)|TcpExt_(?:Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts)|Tcp_(?:ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|Udp6?_(?:InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$/;

/** Connections, segments, errors of the network protocols. */
export const protocols: Collector = (files, out) => {
  const found: [string, number][] = [];
  for (const file of ['net/netstat', 'net/snmp']) {
    const rows = words(files.proc(file));
    for (let i = 0; i + 1 < rows.length; i += 2)
      for (const [k, field] of rows[i].entries())
        if (k > 0) found.push([`${rows[i][0].slice(0, -1)}_${field}`, Number(rows[i + 1][k])]);
  }
  for (const [field, value] of words(files.proc('net/snmp6'))) {
    const match = /^(Ip6|Icmp6|UdpLite6|Udp6)(.+)$/.exec(field);
    if (match !== null) found.push([`${match[1]}_${match[2]}`, Number(value)]);
  }
  for (const [field, value] of found) {
    if (!NETSTAT.test(field)) continue;
    out.family(`node_netstat_${field}`, 'untyped', `Network protocols: ${field}.`);
    out.sample(`node_netstat_${field}`, value);
  }
};

const PAGE = 4096;

/** Sockets in use. */
export const sockets: Collector = (files, out) => {
  for (const [protocol, ...fields] of words(files.proc('net/sockstat'))) {
    const of = protocol.slice(0, -1);
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const name = `node_sockstat_${of}_${fields[i]}`;
      out.family(name, 'gauge', `Sockets: ${of} ${fields[i]}.`);
      out.sample(name, Number(fields[i + 1]));
      if (fields[i] !== 'mem') continue;
      out.family(`${name}_bytes`, 'gauge', `Sockets: memory of ${of} in bytes.`);
      out.sample(`${name}_bytes`, Number(fields[i + 1]) * PAGE);
    }
  }
};
