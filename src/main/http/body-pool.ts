/** Where the bytes of a body are put together; whoever gave it may take it back when the body has been read. */
export interface BodyPool {
  /** A buffer of at least `size` bytes, with whatever is in it. */
  acquire(size: number): Buffer;
  /** Takes a buffer back; its bytes may change from now on. */
  release(buffer: Buffer): void;
}

/** Free buffers kept at most, in number and bytes. */
const MAX_FREE = 8;
const MAX_FREE_BYTES = 16 << 20;
const SMALLEST = 16 * 1024;

/** Buffers that are used again and again. Bodies are read one after the other, so a few serve any number of targets. */
export function createBodyPool(): BodyPool {
  const free: Buffer[] = [];
  let freeBytes = 0;
  return {
    acquire(size) {
      // The last one given back is the one that is still in the processor's cache.
      for (let i = free.length - 1; i >= 0; i--) {
        if (free[i].length < size) continue;
        const [found] = free.splice(i, 1);
        freeBytes -= found.length;
        return found;
      }
      return Buffer.allocUnsafeSlow(Math.max(SMALLEST, size + (size >> 2)));
    },
    release(buffer) {
      if (buffer.length > MAX_FREE_BYTES) return;
      free.push(buffer);
      freeBytes += buffer.length;
      // The one that has waited longest goes.
      while (free.length > MAX_FREE || freeBytes > MAX_FREE_BYTES) freeBytes -= free.shift()?.length ?? 0;
    },
  };
}

/** For bodies that their receiver keeps: each has bytes of its own. */
export const OWN_BYTES: BodyPool = {
  acquire: (size) => Buffer.allocUnsafeSlow(size),
  release() {},
};
