import type { Millis } from '#shared/model/index.ts';
import { linuxCollector } from './linux/collect.ts';
import { portableCollector } from './portable.ts';

export { findLocalTargets } from './find-local.ts';

/** This computer as a target: text exposition under node_exporter's names, made anew at each call. */
export function createMachineCollector(options: {
  readonly platform: NodeJS.Platform;
  readonly now: () => Millis;
}): () => Promise<Uint8Array> {
  const { platform, now } = options;
  const collect =
    platform === 'linux' ? linuxCollector('/', now) : portableCollector(() => import('systeminformation'), now);
  return async () => Buffer.from(await collect());
}
