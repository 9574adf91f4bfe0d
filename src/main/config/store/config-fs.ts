import { randomBytes } from 'node:crypto';
import { constants, globSync, readFileSync, watch, type FSWatcher } from 'node:fs';
import { access, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What the configuration asks of the file system. */
export interface ConfigFs {
  /** The text of a file; null when there is none. @throws when it cannot be read */
  read(path: string): Promise<string | null>;
  /** Replaces a file as a whole: whoever reads sees the old text or the new one, also after a crash. */
  write(path: string, text: string): Promise<void>;
  /** Whether `write` can be expected to work. */
  canWrite(path: string): Promise<boolean>;
  /** As `read`, for files that a configuration includes. */
  readSync(path: string): string;
  /** Files that match a pattern, sorted. */
  glob(pattern: string): readonly string[];
  /**
   * Calls the listener soon after one of the files may have changed, until the returned function is called. A last path element
   * with a star stands for all files of the folder.
   */
  watch(paths: readonly string[], listener: () => void): () => void;
}

/** Waits out the several events that editors cause by one save. */
const SETTLE_MILLIS = 60;

/** The real file system. */
export function nodeConfigFs(): ConfigFs {
  return {
    async read(path) {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    write: writeWhole,
    async canWrite(path) {
      try {
        await access(dirname(path), constants.W_OK);
        await access(path, constants.W_OK);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT';
      }
    },
    readSync: (path) => readFileSync(path, 'utf8'),
    glob: (pattern) => globSync(escapeBraces(pattern)).toSorted(),
    watch: watchFiles,
  };
}

/** Go's patterns know no braces: they stand for themselves. */
function escapeBraces(pattern: string): string {
  return pattern.replace(/[{}()!+@]/g, (char) => `[${char}]`).replaceAll('**', '*');
}

/** Writes beside the file, makes it durable, then takes the old one's place. Through a symbolic link the target is replaced, not the link. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  );
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there the rename itself has to do.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Watches the folders, not the files: an editor that writes anew and renames would leave a watched file behind. */
function watchFiles(paths: readonly string[], listener: () => void): () => void {
  const names = new Map<string, Set<string>>();
  for (const path of paths) {
    const folder = dirname(path);
    names.set(folder, (names.get(folder) ?? new Set()).add(basename(path)));
  }
  let timer: NodeJS.Timeout | null = null;
  const soon = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      listener();
    }, SETTLE_MILLIS);
  };
  const watchers: FSWatcher[] = [];
  for (const [folder, files] of names) {
    const all = [...files].some((name) => name.includes('*'));
    try {
      const watcher = watch(folder, (_, name) => {
        if (all || name === null || files.has(name)) soon();
      });
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    } catch {
      // A folder that is not there cannot be watched; `reload` still works.
    }
  }
  return () => {
    if (timer !== null) clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
