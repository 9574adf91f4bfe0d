import type { Labels } from '#shared/model/index.ts';
import type { ScrapeConfig, TargetGroup } from '#main/config/index.ts';
import { discoveredLabels, makeTarget } from './target.ts';

/** What a job would make of these groups: each target's labels before its rules, and its URL; null where it would not be scraped. */
export function previewTargets(
  config: ScrapeConfig,
  groups: readonly TargetGroup[],
): readonly { readonly discovered: Labels; readonly url: string | null }[] {
  return groups.flatMap((group) =>
    group.targets.map((own) => {
      const discovered = discoveredLabels(config, group, own);
      const result = makeTarget(config, discovered);
      return { discovered, url: result.kind === 'target' ? result.target.url : null };
    }),
  );
}
