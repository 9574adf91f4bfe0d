import { HearthError } from '#shared/contract/index.ts';

/** Lets at most `most` run at the same time; the others wait in the order they came. */
export class Gate {
  private running = 0;
  private readonly most: number;
  private readonly waiting: (() => void)[] = [];

  constructor(most: number) {
    this.most = most;
  }

  /** @throws HearthError `canceled` when the signal is aborted while waiting */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.running >= this.most) await this.turn(signal);
    else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The place goes over to who waits longest.
      if (next === undefined) this.running--;
      else next();
    }
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        reject(new HearthError({ kind: 'canceled' }));
      };
      if (signal.aborted) {
        reject(new HearthError({ kind: 'canceled' }));
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(enter);
    });
  }
}
