import type { Millis } from '#shared/model/index.ts';
import type { ListenAddress } from '#main/web/index.ts';

/** What a process that crashed leaves to the one that goes on in its place. */
export interface Again {
  /** When the program was started, ms since the epoch: it has run since then, whatever became of its processes. */
  readonly startedAt: Millis;
  /** Where it served. */
  readonly listen: readonly ListenAddress[];
  /** Why it ended. */
  readonly reason: string;
  /** Starts in a row that failed since it last served. */
  readonly failures: number;
}

const VARIABLE = 'HEARTH_AGAIN';

/** Takes out of the environment what was left there: programs that are started from here on are no successors. */
export function takeAgain(env: NodeJS.ProcessEnv): Again | null {
  const text = env[VARIABLE];
  delete env[VARIABLE];
  return text === undefined ? null : (JSON.parse(text) as Again);
}

/** The environment of the successor. */
export function leaveAgain(env: NodeJS.ProcessEnv, again: Again): NodeJS.ProcessEnv {
  return { ...env, [VARIABLE]: JSON.stringify(again) };
}
