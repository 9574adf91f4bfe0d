import type { Millis } from '#shared/model/index.ts';

/** What the allocator of the C library is told, and asked. */
export interface Allocator {
  /** Gives pages back to the system on which nothing is stored, in another thread. Resolves when done. */
  trim(): Promise<void>;
}

/** Blocks of this size and larger are pages of their own, given back as soon as they are freed. */
const OWN_PAGES_FROM = 1 << 20;
/** So much may be free at the end of the heap: the next query takes it again. Pages from the system are dear. */
const KEPT = 64 << 20;
/** glibc's names for these parameters. */
const M_MMAP_THRESHOLD = -3;
const M_TRIM_THRESHOLD = -1;

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
    return { trim: () => new Promise((resolve) => trim.async(0, () => resolve())) };
  } catch {
    // No koffi, or another C library, which has no such function.
    return null;
  }
}

/** From trim to trim; the first comes once what only a start needs has been freed. */
const EVERY: Millis = 15_000;

/** Gives free memory back again and again, for as long as the process lives. */
export function keepTrimmed(allocator: Allocator, schedule: (millis: Millis, action: () => void) => void): void {
  const next = (): void => schedule(EVERY, () => void again());
  const again = async (): Promise<void> => {
    await allocator.trim();
    next();
  };
  next();
}
