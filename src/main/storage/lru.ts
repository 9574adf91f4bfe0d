/** Keeps what was used last, as far as it fits. */
export class Lru<Value> {
  readonly #entries = new Map<number, { readonly value: Value; readonly size: number }>();
  readonly #limit: number;
  size = 0;

  /** @param limit sum of the sizes kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: number): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Whether it is there; that is no use of it. */
  has(key: number): boolean {
    return this.#entries.has(key);
  }

  /** Puts a value in, or says its size anew. */
  set(key: number, value: Value, size: number): void {
    this.delete(key);
    this.#entries.set(key, { value, size });
    this.size += size;
    for (const [oldest, entry] of this.#entries) {
      if (this.size <= this.#limit) break;
      this.#entries.delete(oldest);
      this.size -= entry.size;
    }
  }

  delete(key: number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.size -= entry.size;
  }

  clear(): void {
    this.#entries.clear();
    this.size = 0;
  }
}
