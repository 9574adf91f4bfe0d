import { wordsOf } from '#shared/model/index.ts';

/** Floats of a slab: enough for the columns of many series over minutes, small enough to waste. */
const LEAST = 256;
const MOST = 8192;
/** Longer columns have buffers of their own. */
const LARGE = 1024;

/**
 * Hands out columns of floats that lie one behind the other in a few buffers. A query over minutes reads twenty samples of
 * each of hundreds of series: a buffer of its own for each costs more than what is read into it.
 */
export class FloatSlab {
  /** The buffer that is handed out now, and the same as words. */
  values = new Float64Array(0);
  words: Uint32Array = new Uint32Array(0);
  #used = 0;

  /** Makes room for `length` floats, which hold whatever is there. @returns at which element of `values` they begin */
  take(length: number): number {
    if (this.#used + length > this.values.length) {
      const size = length >= LARGE ? length : Math.max(length, Math.min(MOST, Math.max(LEAST, 2 * this.values.length)));
      this.values = new Float64Array(size);
      this.words = wordsOf(this.values);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += length;
    return at;
  }

  /** The last `length` floats that were handed out go back: nobody has them. */
  giveBack(length: number): void {
    this.#used -= length;
  }
}
