import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** /proc and /sys, or folders that look like them. Their files are memory: reading them waits for no disk. */
export class SystemFiles {
  readonly #proc: string;
  readonly #sys: string;
  readonly #etc: string;

  constructor(root: string) {
    this.#proc = join(root, 'proc');
    this.#sys = join(root, 'sys');
    this.#etc = join(root, 'etc');
  }

  /** A file under /proc; '' when it is not there or may not be read. */
  proc(path: string): string {
    return read(join(this.#proc, path));
  }

  /** A file under /sys without the line feed at its end; '' when it is not there. */
  sys(path: string): string {
    return read(join(this.#sys, path)).trim();
  }

  etc(path: string): string {
    return read(join(this.#etc, path));
  }

  listProc(path: string): string[] {
    return list(join(this.#proc, path));
  }

  listSys(path: string): string[] {
    return list(join(this.#sys, path));
  }

  /** Where a link under /sys leads in the end; '' when it is none. */
  resolveSys(path: string): string {
    try {
      return realpathSync(join(this.#sys, path));
    } catch {
      return '';
    }
  }

  /** What a link under /sys says; '' when it is none. */
  linkSys(path: string): string {
    try {
      return readlinkSync(join(this.#sys, path));
    } catch {
      return '';
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
