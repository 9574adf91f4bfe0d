/** The last `capacity` numbers, in order of time and of size: what medians and quantiles are read from. Memory is fixed. */
export class SortedWindow {
  readonly capacity: number;
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  #next = 0;
  #count = 0;
  #fractions = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#ring = new Float64Array(capacity);
    this.#sorted = new Float64Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  /** Whether all numbers are whole. */
  get whole(): boolean {
    return this.#fractions === 0;
  }

  get min(): number {
    return this.#sorted[0];
  }

  get max(): number {
    return this.#sorted[this.#count - 1];
  }

  get median(): number {
    const middle = this.#count >> 1;
    const sorted = this.#sorted;
    return this.#count % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  clear(): void {
    this.#count = 0;
    this.#next = 0;
    this.#fractions = 0;
  }

  push(value: number): void {
    const sorted = this.#sorted;
    if (!Number.isInteger(value)) this.#fractions++;
    let at = this.#place(value);
    if (this.#count < this.capacity) {
      sorted.copyWithin(at + 1, at, this.#count);
      this.#count++;
    } else {
      const old = this.#ring[this.#next];
      if (!Number.isInteger(old)) this.#fractions--;
      const gone = this.#place(old);
      if (gone < at) {
        at--;
        sorted.copyWithin(gone, gone + 1, at + 1);
      } else sorted.copyWithin(at + 1, at, gone);
    }
    sorted[at] = value;
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.capacity;
  }

  /** The distances from `center` at two ranks (0 is the nearest), `near` <= `far`. */
  distances(center: number, near: number, far: number): readonly [near: number, far: number] {
    const sorted = this.#sorted;
    let right = this.#place(center);
    let left = right - 1;
    let atNear = 0;
    let distance = 0;
    for (let rank = 0; rank <= far; rank++) {
      const below = left >= 0 ? center - sorted[left] : Infinity;
      const above = right < this.#count ? sorted[right] - center : Infinity;
      if (below <= above) {
        distance = below;
        left--;
      } else {
        distance = above;
        right++;
      }
      if (rank === near) atNear = distance;
    }
    return [atNear, distance];
  }

  /** Index of the first number that is not smaller. */
  #place(value: number): number {
    const sorted = this.#sorted;
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
