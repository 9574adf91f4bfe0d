import { compileAnchored } from '#shared/model/index.ts';
import type { RelabelConfig, ScrapeConfig } from '#main/config/index.ts';

/** One of several Hearths that share the targets of one configuration. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

const HASH = '__tmp_hearth_shard';

/**
 * The job with two rules more: what a person would write to shard by hashmod. They come last and look at the final
 * address and the `target` parameter, so that probes by one exporter are shared out too.
 */
export function withShard(config: ScrapeConfig, shard: Shard | null): ScrapeConfig {
  if (shard === null) return config;
  const rule = { separator: ';', modulus: 0n, targetLabel: '', replacement: '$1' } as const;
  const hash: RelabelConfig = {
    ...rule,
    sourceLabels: ['__address__', '__param_target'],
    regex: compileAnchored('(.*)'),
    modulus: BigInt(shard.of),
    targetLabel: HASH,
    action: 'hashmod',
  };
  const keep: RelabelConfig = {
    ...rule,
    sourceLabels: [HASH],
    regex: compileAnchored(String(shard.index)),
    action: 'keep',
  };
  return { ...config, relabelConfigs: [...config.relabelConfigs, hash, keep] };
}
