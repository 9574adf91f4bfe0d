import { machine } from 'node:os';
import { words, type Collector } from './collector.ts';

/** Name and version of kernel and distribution. */
export const system: Collector = (files, out) => {
  const kernel = (file: string): string => files.proc(`sys/kernel/${file}`).trim();
  out.family('node_uname_info', 'gauge', 'The running kernel; always 1.');
  out.sample('node_uname_info', 1, {
    domainname: kernel('domainname'),
    machine: machine(),
    nodename: kernel('hostname'),
    release: kernel('osrelease'),
    sysname: kernel('ostype'),
    version: kernel('version'),
  });
  const release = new Map<string, string>();
  for (const line of files.etc('os-release').split('\n')) {
    const match = /^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line);
    if (match !== null) release.set(match[1], match[2] ?? match[3] ?? match[4]);
  }
  if (release.size === 0) return;
  const of = (key: string): string => release.get(key) ?? '';
  out.family('node_os_info', 'gauge', 'The distribution; always 1.');
  out.sample('node_os_info', 1, {
    id: of('ID'),
    id_like: of('ID_LIKE'),
    name: of('NAME'),
    pretty_name: of('PRETTY_NAME'),
    version: of('VERSION'),
    version_codename: of('VERSION_CODENAME'),
    version_id: of('VERSION_ID'),
  });
};

/** Open files and randomness. */
export const kernelState: Collector = (files, out) => {
  const [fileNr] = words(files.proc('sys/fs/file-nr'));
  if (fileNr !== undefined) {
    out.family('node_filefd_allocated', 'gauge', 'Open files.');
    out.sample('node_filefd_allocated', Number(fileNr[0]));
    out.family('node_filefd_maximum', 'gauge', 'Files that may be open.');
    out.sample('node_filefd_maximum', Number(fileNr[2]));
  }
  const entropy = files.proc('sys/kernel/random/entropy_avail').trim();
  if (entropy !== '') {
    out.family('node_entropy_available_bits', 'gauge', 'Bits of randomness available.');
    out.sample('node_entropy_available_bits', Number(entropy));
  }
};

/** Temperatures of thermal zones and sensor chips, and the charge of batteries. */
export const sensors: Collector = (files, out) => {
  const zones = files.listSys('class/thermal').filter((name) => /^thermal_zone\d+$/.test(name));
  const warm = zones
    .map((zone) => ({ zone, text: files.sys(`class/thermal/${zone}/temp`) }))
    .filter(({ text }) => text !== '');
  if (warm.length > 0) out.family('node_thermal_zone_temp', 'gauge', 'Temperature of a thermal zone in Celsius.');
  for (const { zone, text } of warm)
    out.sample('node_thermal_zone_temp', Number(text) / 1000, {
      type: files.sys(`class/thermal/${zone}/type`),
      zone: zone.slice('thermal_zone'.length),
    });

  const chips = files.listSys('class/hwmon').flatMap((hwmon) =>
    files
      .listSys(`class/hwmon/${hwmon}`)
      .filter((file) => /^temp\d+_input$/.test(file))
      .map((file) => ({
        hwmon,
        sensor: file.slice(0, -'_input'.length),
        text: files.sys(`class/hwmon/${hwmon}/${file}`),
      })),
  );
  const readable = chips.filter(({ text }) => text !== '');
  if (readable.length > 0) out.family('node_hwmon_temp_celsius', 'gauge', 'Temperature of a sensor in Celsius.');
  for (const { hwmon, sensor, text } of readable) {
    const parts = files.resolveSys(`class/hwmon/${hwmon}/device`).split('/').slice(-2);
    const chip = parts.join('').length > 0 ? parts.map(clean).join('_') : files.sys(`class/hwmon/${hwmon}/name`);
    out.sample('node_hwmon_temp_celsius', Number(text) / 1000, { chip, sensor });
  }

  const supplies = files.listSys('class/power_supply');
  for (const [name, file, help] of [
    ['node_power_supply_capacity', 'capacity', 'Charge of a battery in percent.'],
    ['node_power_supply_online', 'online', 'Whether a power supply is connected.'],
  ] as const) {
    const found = supplies.map((supply) => ({ supply, text: files.sys(`class/power_supply/${supply}/${file}`) }));
    const having = found.filter(({ text }) => text !== '');
    if (having.length > 0) out.family(name, 'gauge', help);
    for (const { supply, text } of having) out.sample(name, Number(text), { power_supply: supply });
  }
};

function clean(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9:_]/g, '_')
    .replace(/^_+|_+$/g, '');
}
