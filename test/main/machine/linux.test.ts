import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createReader } from '#main/exposition/index.ts';
import { formatSeries } from '#shared/model/index.ts';
import { linuxCollector } from '../../../src/main/machine/linux/collect.ts';
import { SystemFiles } from '../../../src/main/machine/linux/files.ts';
import { Filesystems } from '../../../src/main/machine/linux/filesystems.ts';
import { ExpositionWriter } from '#main/telemetry/index.ts';

/** A folder that looks like the root of a Linux machine. */
function machineOf(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'hearth-machine-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function samplesOf(files: Record<string, string>): Promise<Record<string, number>> {
  const body = await linuxCollector(machineOf(files), () => 1_700_000_000_500)();
  const reader = createReader('text');
  const parsed = reader.read(Buffer.from(body));
  return Object.fromEntries(
    Array.from({ length: parsed.count }, (_, i) => [formatSeries(reader.labelsOf(i)), parsed.values[i]]),
  );
}

test('CPU time by mode in seconds, and the counters beside it', async () => {
  const stat =
    'cpu  9 9 9 9\ncpu0 100 20 300 4000 50 6 7 8 9 1\ncpu1 1 2 3 4 5 6 7 8 0 0\nintr 55 1 2 3\nctxt 77\nbtime 1699999999\nprocesses 12\nprocs_running 3\nprocs_blocked 1\n';
  const samples = await samplesOf({ 'proc/stat': stat, 'proc/loadavg': '0.5 1.25 2 3/456 789\n' });
  expect(samples).toMatchObject({
    'node_cpu_seconds_total{cpu="0", mode="user"}': 1,
    'node_cpu_seconds_total{cpu="0", mode="idle"}': 40,
    'node_cpu_seconds_total{cpu="0", mode="steal"}': 0.08,
    'node_cpu_seconds_total{cpu="1", mode="irq"}': 0.06,
    'node_cpu_guest_seconds_total{cpu="0", mode="user"}': 0.09,
    'node_cpu_guest_seconds_total{cpu="0", mode="nice"}': 0.01,
    node_intr_total: 55,
    node_context_switches_total: 77,
    node_boot_time_seconds: 1699999999,
    node_forks_total: 12,
    node_procs_running: 3,
    node_procs_blocked: 1,
    node_load1: 0.5,
    node_load5: 1.25,
    node_load15: 2,
    node_processes_threads: 456,
    node_time_seconds: 1700000000.5,
  });
  expect(Object.keys(samples).some((name) => name.includes('cpu=""'))).toBe(false);
});

test('memory in bytes', async () => {
  const meminfo = 'MemTotal:       100 kB\nActive(anon):   2 kB\nHugePages_Total:       3\n';
  expect(await samplesOf({ 'proc/meminfo': meminfo })).toMatchObject({
    node_memory_MemTotal_bytes: 102_400,
    node_memory_Active_anon_bytes: 2048,
    node_memory_HugePages_Total: 3,
  });
});

test('disks, partitions left out; older kernels have fewer columns', async () => {
  const diskstats =
    ' 8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n 8 1 sda1 1 1 1 1 1 1 1 1 1 1 1\n 259 0 nvme0n1 1 2 3 1500 5 6 7 8 9 10 11 12 13 14 15 16 17\n 7 0 loop0 1 1 1 1 1 1 1 1 1 1 1\n';
  const samples = await samplesOf({ 'proc/diskstats': diskstats });
  expect(samples).toMatchObject({
    'node_disk_reads_completed_total{device="sda"}': 1,
    'node_disk_read_bytes_total{device="sda"}': 1536,
    'node_disk_written_bytes_total{device="sda"}': 7 * 512,
    'node_disk_io_now{device="sda"}': 9,
    'node_disk_read_time_seconds_total{device="nvme0n1"}': 1.5,
    'node_disk_flush_requests_time_seconds_total{device="nvme0n1"}': 0.017,
  });
  expect(Object.keys(samples).filter((name) => /sda1|loop0|discard.*sda/.test(name))).toEqual([]);
});

test('network interfaces, protocols and sockets', async () => {
  const samples = await samplesOf({
    'proc/net/dev':
      'Inter-|\n face |\n  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n  br-1:2 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n',
    'proc/net/snmp': 'Tcp: ActiveOpens MaxConn\nTcp: 5 -1\nUdp: InErrors\nUdp: 3\n',
    'proc/net/netstat': 'TcpExt: ListenDrops Other\nTcpExt: 4 9\n',
    'proc/net/sockstat': 'sockets: used 22\nTCP: inuse 6 orphan 0 tw 32 alloc 6 mem 2\n',
    'sys/class/net/eth0/operstate': 'up\n',
    'sys/class/net/eth0/mtu': '1500\n',
    'sys/class/net/eth0/speed': '1000\n',
    'sys/class/net/eth0/address': 'aa:bb\n',
  });
  expect(samples).toMatchObject({
    'node_network_receive_bytes_total{device="eth0"}': 1,
    'node_network_receive_bytes_total{device="br-1"}': 2,
    'node_network_transmit_bytes_total{device="eth0"}': 9,
    'node_network_transmit_compressed_total{device="eth0"}': 16,
    'node_network_up{device="eth0"}': 1,
    'node_network_speed_bytes{device="eth0"}': 125_000_000,
    node_netstat_Tcp_ActiveOpens: 5,
    node_netstat_Udp_InErrors: 3,
    node_netstat_TcpExt_ListenDrops: 4,
    node_sockstat_sockets_used: 22,
    node_sockstat_TCP_mem_bytes: 8192,
  });
  expect(Object.keys(samples)).not.toContain('node_netstat_Tcp_MaxConn');
});

test('pressure, files, temperatures, distribution', async () => {
  expect(
    await samplesOf({
      'proc/pressure/io':
        'some avg10=0.00 avg60=0 avg300=0 total=1500000\nfull avg10=0 avg60=0 avg300=0 total=500000\n',
      'proc/sys/fs/file-nr': '564\t0\t1000\n',
      'sys/class/thermal/thermal_zone0/temp': '45500\n',
      'sys/class/thermal/thermal_zone0/type': 'x86_pkg_temp\n',
      'sys/class/power_supply/BAT0/capacity': '81\n',
      'etc/os-release': 'ID=debian\nPRETTY_NAME="Debian 12"\n',
      'proc/vmstat': 'pgfault 7\nnr_free 9\n',
    }),
  ).toMatchObject({
    node_pressure_io_waiting_seconds_total: 1.5,
    node_pressure_io_stalled_seconds_total: 0.5,
    node_filefd_allocated: 564,
    node_filefd_maximum: 1000,
    'node_thermal_zone_temp{type="x86_pkg_temp", zone="0"}': 45.5,
    'node_power_supply_capacity{power_supply="BAT0"}': 81,
    'node_os_info{id="debian", pretty_name="Debian 12"}': 1,
    node_vmstat_pgfault: 7,
  });
});

test('file systems: pseudo ones left out, escapes resolved, one that hangs does not hold up the rest', async () => {
  const root = machineOf({
    'proc/self/mounts':
      '/dev/sda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\nsrv:/x /mnt/a\\040b nfs ro,hard 0 0\ntmpfs /dev/shm tmpfs rw 0 0\n',
  });
  const asked: string[] = [];
  const space = { bsize: 10, blocks: 100, bfree: 50, bavail: 40, files: 7, ffree: 6 };
  let wake = (): void => {};
  const filesystems = new Filesystems(new SystemFiles(root), 5, async (path) => {
    asked.push(path);
    if (path === '/mnt/a b') await new Promise<void>((resolve) => (wake = resolve));
    return space;
  });
  const collect = async (): Promise<string> => {
    const out = new ExpositionWriter();
    await filesystems.collect(out);
    return out.toString();
  };
  const text = await collect();
  expect(text).toContain('node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1000\n');
  expect(text).toContain('node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 400\n');
  expect(text).toContain('node_filesystem_readonly{device="srv:/x",fstype="nfs",mountpoint="/mnt/a b"} 1\n');
  expect(text).toContain('node_filesystem_device_error{device="srv:/x",fstype="nfs",mountpoint="/mnt/a b"} 1\n');
  expect(text).not.toContain('/dev/shm');
  await collect();
  expect(asked).toEqual(['/', '/mnt/a b', '/']);
  wake();
  await new Promise((resolve) => setImmediate(resolve));
  await collect();
  expect(asked.slice(3)).toEqual(['/', '/mnt/a b']);
  wake();
});

test('a machine that offers nothing gives nothing but the time and the kernel', async () => {
  expect(
    Object.keys(await samplesOf({}))
      .map((name) => name.replace(/\{.*/, ''))
      .sort(),
  ).toEqual(
    ['node_processes_pids', 'node_time_seconds', 'node_uname_info'].filter((name) => name !== 'node_processes_pids'),
  );
});
