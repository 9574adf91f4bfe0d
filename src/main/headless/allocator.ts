import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Millis } from '#shared/model/index.ts';

/** What the C library is told, and asked. */
export interface Allocator {
  /** Gives pages back to the system on which nothing is stored, in another thread. Resolves when done. */
  trim(): Promise<void>;
  /** Lets go of the pages of the program's own file: those that are used come back by themselves. */
  dropProgram(): Promise<void>;
}

/** Blocks of this size and larger are pages of their own, given back as soon as they are freed. */
const OWN_PAGES_FROM = 1 << 20;
/** So much may be free at the end of the heap: the next query takes it again. Pages from the system are dear. */
const KEPT = 64 << 20;
/** glibc's names for these parameters. */
const M_MMAP_THRESHOLD = -3;
const M_TRIM_THRESHOLD = -1;
/** The advice of madvise(2) that pages are not needed for now. */
const MADV_DONTNEED = 4;

/** Where a file is mapped, as /proc/self/smaps tells: addresses, from (inclusive) to (exclusive). */
export interface Mapping {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * The mappings of a file that hold what the file holds, and nothing else: read-only ones without a page of their own. A
 * page of those that is let go is read again where it is touched.
 * @param smaps text of /proc/self/smaps
 */
export function cleanMappings(smaps: string, file: string): readonly Mapping[] {
  const found: Mapping[] = [];
  let current: Mapping | null = null;
  for (const line of smaps.split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$/.exec(line);
    if (head !== null) {
      const [, from, to, rights, name] = head;
      current =
        name === file && !rights.includes('w') && rights.includes('r') && rights.endsWith('p')
          ? { from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) }
          : null;
    } else if (current !== null && line.startsWith('Private_Dirty:')) {
      if (/^Private_Dirty: +0 kB$/.test(line)) found.push(current);
      current = null;
    }
  }
  return found;
}

/**
 * The allocator of this process, where it can be asked: glibc, by way of koffi, an optional package. Null elsewhere.
 * glibc keeps what is freed between what is not, of each of its threads: after some minutes of scraping and sealing a
 * hundred targets that is a quarter of the process.
 */
export async function systemAllocator(platform: string): Promise<Allocator | null> {
  if (platform !== 'linux') return null;
  try {
    const { default: koffi } = await import('koffi');
    const c = koffi.load(null);
    const mallopt = c.func('int mallopt(int param, int value)');
    mallopt(M_MMAP_THRESHOLD, OWN_PAGES_FROM);
    mallopt(M_TRIM_THRESHOLD, KEPT);
    const trim = c.func('int malloc_trim(size_t pad)');
    const madvise = c.func('int madvise(uintptr_t address, size_t length, int advice)');
    return {
      trim: () => new Promise((resolve) => trim.async(0, () => resolve())),
      dropProgram: async () => {
        const smaps = await readFile('/proc/self/smaps', 'latin1').catch(() => '');
        for (const { from, to } of cleanMappings(smaps, process.execPath)) madvise(from, to - from, MADV_DONTNEED);
      },
    };
  } catch {
    // No koffi, or another C library, which has no such function.
    return null;
  }
}

/**
 * V8's own way to find all that is dead at once and to give back the pages of that. Exposed for the moment it takes to
 * get hold of it: as a flag of the process it would have Node's modules compiled anew at each start. It throws away code
 * that did not run lately, too, unless that is to be kept, and in any case what was compiled for objects that are dead.
 */
export function fullCollection(): (keepCode: boolean) => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as NodeJS.GCFunction;
  setFlagsFromString('--no-expose-gc');
  return (keepCode) => {
    if (keepCode) setFlagsFromString('--no-flush-bytecode');
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    if (keepCode) setFlagsFromString('--flush-bytecode');
  };
}

/** What memory is looked after with. */
export interface MemoryEffects {
  readonly allocator: Allocator | null;
  /** Has V8 find all that is dead and give back what it keeps. Takes some 50 ms. */
  readonly collect: (keepCode: boolean) => void;
  /** Bytes of the process that are in memory. */
  readonly resident: () => number;
  readonly schedule: (millis: Millis, action: () => void) => void;
}

/** From round to round. */
const EVERY: Millis = 15_000;
/** V8 is told again when so many times of what was left have come together, and not before so many rounds. */
const GROWN = 1.25;
const ROUNDS_APART = 40;

/**
 * Gives free memory back again and again, for as long as the process lives. A start leaves more dead than alive, and V8
 * keeps the pages of that for years where little dies; it touches twice as many pages of the program's own file as what
 * runs from then on, too. So in the first round all of that is let go, and V8 is told again when the process has grown.
 * Resolves after the first round.
 */
export async function lookAfterMemory({ allocator, collect, resident, schedule }: MemoryEffects): Promise<void> {
  let left = 0;
  let rounds = ROUNDS_APART;
  let isFirst = true;
  const round = async (): Promise<void> => {
    const due = rounds >= ROUNDS_APART && resident() > left * GROWN;
    // Code that only a start needs goes, too; later ones leave what queries need, however seldom there is one.
    if (due) collect(!isFirst);
    isFirst = false;
    await allocator?.trim();
    if (due) {
      await allocator?.dropProgram();
      left = resident();
      rounds = 0;
    }
    rounds++;
    schedule(EVERY, () => void round());
  };
  await round();
}
