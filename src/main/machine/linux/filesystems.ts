import { statfs } from 'node:fs/promises';
import type { ExpositionWriter } from '#main/telemetry/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { words } from './collector.ts';
import type { SystemFiles } from './files.ts';

const IGNORED_MOUNTS =
  /^\/(?:dev|proc|run\/credentials\/.+|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)(?:$|\/)/;
const IGNORED_TYPES =
  /^(?:autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$/;

interface Mount {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly readonly: boolean;
}

/** The part of statfs's answer that is used. */
export interface Space {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

const FIELDS: readonly (readonly [suffix: string, help: string, value: (s: Space) => number])[] = [
  ['size_bytes', 'Size of the file system in bytes.', (s) => s.blocks * s.bsize],
  ['free_bytes', 'Free bytes of the file system.', (s) => s.bfree * s.bsize],
  ['avail_bytes', 'Bytes of the file system that are free for users other than root.', (s) => s.bavail * s.bsize],
  ['files', 'Files that the file system can hold.', (s) => s.files],
  ['files_free', 'Files that the file system can still take.', (s) => s.ffree],
];

/**
 * File systems and their space. Asking one may wait for a server that is gone, so each is given little time, and one
 * that does not answer is not asked again until it does.
 */
export class Filesystems {
  readonly #files: SystemFiles;
  readonly #patience: Millis;
  readonly #stuck = new Set<string>();
  readonly #statfs: (path: string) => Promise<Space>;

  constructor(files: SystemFiles, patience: Millis, ask: (path: string) => Promise<Space> = (path) => statfs(path)) {
    this.#files = files;
    this.#patience = patience;
    this.#statfs = ask;
  }

  async collect(out: ExpositionWriter): Promise<void> {
    const mounts = this.#mounts();
    const stats = await Promise.all(mounts.map((mount) => this.#ask(mount.mountpoint)));
    if (mounts.length === 0) return;
    const labels = mounts.map(({ device, fstype, mountpoint }) => ({ device, fstype, mountpoint }));
    out.family('node_filesystem_device_error', 'gauge', 'Whether the file system could not be asked.');
    for (const i of mounts.keys()) out.sample('node_filesystem_device_error', stats[i] === null ? 1 : 0, labels[i]);
    out.family('node_filesystem_readonly', 'gauge', 'Whether the file system is mounted read-only.');
    for (const [i, mount] of mounts.entries())
      out.sample('node_filesystem_readonly', mount.readonly ? 1 : 0, labels[i]);
    for (const [suffix, help, value] of FIELDS) {
      out.family(`node_filesystem_${suffix}`, 'gauge', help);
      for (const [i, found] of stats.entries())
        if (found !== null) out.sample(`node_filesystem_${suffix}`, value(found), labels[i]);
    }
  }

  #mounts(): Mount[] {
    // The first process sees the mounts of the machine itself, not those of a sandbox around this one.
    const text = this.#files.proc('1/mounts') || this.#files.proc('self/mounts');
    const seen = new Set<string>();
    const mounts: Mount[] = [];
    for (const [device, mountpoint, fstype, options] of words(text)) {
      if (options === undefined || IGNORED_TYPES.test(fstype) || IGNORED_MOUNTS.test(mountpoint)) continue;
      const mount = {
        device: unescape(device),
        mountpoint: unescape(mountpoint),
        fstype,
        readonly: options.split(',').includes('ro'),
      };
      const key = `${mount.device} ${mount.mountpoint}`;
      if (seen.has(key)) continue;
      seen.add(key);
      mounts.push(mount);
    }
    return mounts;
  }

  async #ask(mountpoint: string): Promise<Space | null> {
    if (this.#stuck.has(mountpoint)) return null;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), this.#patience);
    });
    const asked = this.#statfs(mountpoint).catch(() => null);
    this.#stuck.add(mountpoint);
    const answered = asked.finally(() => this.#stuck.delete(mountpoint));
    try {
      return await Promise.race([answered, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Blanks and the like are written as octal escapes in mount tables. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
