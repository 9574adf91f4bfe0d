import type { Millis } from '#shared/model/index.ts';
import type { ListenAddress } from '#main/web/index.ts';
import type { Again } from './again.ts';

/** What the system asks of a running server. */
export type Order = 'stop' | 'reload';

/** What the server is run with. */
export interface Life {
  /** When the program was started, ms since the epoch. */
  readonly startedAt: Millis;
  /** After a crash: where it served, and why it ended. Null at the start of the program. */
  readonly again: Pick<Again, 'listen' | 'reason'> | null;
  /** Called each time the program is told to. */
  readonly onOrder: (kind: Order, action: () => void) => void;
  /** Called once it answers, with the ports that were given. */
  readonly onServing: (listen: readonly ListenAddress[]) => void;
}

/** What the process gives: the only place here that knows it. */
export interface LifeEffects {
  readonly startedAt: Millis;
  readonly again: Again | null;
  /** One line for people, on standard error. */
  complain(line: string): void;
  onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', action: () => void): void;
  /** Called with what nobody caught: nothing that was going on can be relied on after that. */
  onCrash(action: (error: unknown) => void): void;
  /** Runs `action` after `millis`; returns a function that prevents it. */
  schedule(millis: Millis, action: () => void): () => void;
  /** The server; resolves with its exit code. */
  run(life: Life): Promise<number>;
  /** Has a new process go on in the place of this one, at once: this function does not come back. */
  succeed(again: Again): void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** How long the server may take to stop before the process is ended; what was acknowledged is in the journal anyway. */
const STOP_WITHIN: Millis = 15_000;

/** How long to wait before each further start in a row; the last one repeats. */
const RETRY_DELAYS: readonly Millis[] = [100, 250, 500, 1000, 2000];

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Runs the server until it ends, passes signals on to it, and has a new process go on at the same addresses when it
 * crashed after it had served.
 * @returns the exit code
 */
export async function live(effects: LifeEffects): Promise<number> {
  const { again } = effects;
  const startedAt = again?.startedAt ?? effects.startedAt;
  const orders = new Map<Order, () => void>();
  let served = again?.listen ?? null;
  let failures = again?.failures ?? 0;
  let stopping = false;
  let wake = (): void => {};
  let stopped = (): void => {};

  effects.onCrash((error) => {
    if (served !== null && !stopping) effects.succeed({ startedAt, listen: served, reason: text(error), failures });
    else {
      effects.complain(`hearth: ${text(error)}`);
      effects.exit(1);
    }
  });
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    wake();
    stopped = effects.schedule(STOP_WITHIN, () => effects.exit(0));
    orders.get('stop')?.();
  };
  effects.onSignal('SIGINT', stop);
  effects.onSignal('SIGTERM', stop);
  effects.onSignal('SIGHUP', () => orders.get('reload')?.());

  if (again !== null)
    await new Promise<void>((resolve) => {
      const delay = RETRY_DELAYS[Math.min(failures, RETRY_DELAYS.length - 1)];
      const cancel = effects.schedule(delay, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  if (stopping) {
    stopped();
    return 0;
  }
  failures++;
  const code = await effects.run({
    startedAt,
    again,
    onOrder: (kind, action) => {
      orders.set(kind, action);
      if (kind === 'stop' && stopping) action();
    },
    onServing: (listen) => {
      served = listen;
      failures = 0;
    },
  });
  stopped();
  // What cannot start tells why by itself; what was running may only be in the way of itself for a moment.
  if (code !== 0 && served !== null && !stopping)
    effects.succeed({ startedAt, listen: served, reason: 'it could not start', failures });
  return code;
}
