import { words, type Collector } from './collector.ts';

/** Every field of /proc/meminfo, in bytes where it has a unit. */
export const memory: Collector = (files, out) => {
  for (const [field, value, unit] of words(files.proc('meminfo'))) {
    const plain = field.replace(/:$/, '').replace(/\((.*)\)$/, '_$1');
    const inBytes = unit === 'kB';
    const name = `node_memory_${plain}${inBytes ? '_bytes' : ''}`;
    out.family(name, 'gauge', `Memory: ${plain}${inBytes ? ', in bytes' : ''}.`);
    out.sample(name, Number(value) * (inBytes ? 1024 : 1));
  }
};

const VMSTAT = /^(?:oom_kill|pgpg|pswp|pg.*fault)/;

/** Paging, swapping, page faults, and kills for want of memory. */
export const vmstat: Collector = (files, out) => {
  for (const [field, value] of words(files.proc('vmstat'))) {
    if (!VMSTAT.test(field)) continue;
    // node_exporter calls these untyped, though they only grow.
    out.family(`node_vmstat_${field}`, 'untyped', `Virtual memory: ${field}.`);
    out.sample(`node_vmstat_${field}`, Number(value));
  }
};
