/** Lets at most so many through at a time; the others wait in order. */
export class Gate {
  #limit: number;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves when there is room; call `leave` afterwards. */
  async enter(): Promise<void> {
    if (this.#inside < this.#limit) {
      this.#inside++;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    this.#inside--;
    this.#admit();
  }

  /** Another limit; those that are inside stay. */
  setLimit(limit: number): void {
    this.#limit = limit;
    this.#admit();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  #admit(): void {
    while (this.#inside < this.#limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#inside++;
      next();
    }
  }
}
