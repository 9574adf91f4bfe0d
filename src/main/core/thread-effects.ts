import { availableParallelism, hostname } from 'node:os';
import type { CoreEffects } from './effects.ts';
import type { HostServices } from './host-services.ts';

/** The real surroundings of a core on this thread. */
export function threadEffects(services: HostServices | null): CoreEffects {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    hostname: hostname(),
    workingDirectory: process.cwd(),
    cpus: availableParallelism(),
    platform: process.platform,
    env: process.env,
    services,
    writeLog: (line) => void process.stderr.write(`${line}\n`),
  };
}
