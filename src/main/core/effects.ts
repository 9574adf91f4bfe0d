import type { Millis } from '#shared/model/index.ts';
import type { HostServices } from './host-services.ts';

/** What the core takes from its surroundings; nothing else reads a clock or the environment. */
export interface CoreEffects {
  /** Time of day in integer ms. */
  now(): Millis;
  /** Ms that only ever grow, with fractions. */
  monotonic(): number;
  readonly hostname: string;
  readonly workingDirectory: string;
  readonly cpus: number;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the host keeps for the core; null where files have to do. */
  readonly services: HostServices | null;
  /** Takes one line of the log. */
  writeLog(line: string): void;
}
