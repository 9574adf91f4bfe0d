import { HearthError, type TargetRelabelStep } from '#shared/contract/index.ts';
import type { Labels } from '#shared/model/index.ts';
import type { ScrapeManager } from '#main/scrape/index.ts';

/** What a job's relabelling rules make of discovered labels, one after the other. @throws HearthError not-found */
export function relabelView(
  scrape: ScrapeManager,
  job: string,
  discovered: Labels,
): { readonly steps: readonly TargetRelabelStep[] } {
  const steps = scrape.relabelSteps(job, discovered);
  if (steps === null) throw new HearthError({ kind: 'not-found', what: `scrape pool "${job}"` });
  return {
    steps: steps.map(({ rule, before, after }) => ({
      rule: {
        action: rule.action,
        sourceLabels: rule.sourceLabels,
        separator: rule.separator,
        regex: rule.regex.pattern,
        modulus: rule.modulus === 0n ? null : String(rule.modulus),
        targetLabel: rule.targetLabel === '' ? null : rule.targetLabel,
        replacement: rule.replacement,
      },
      before,
      after,
    })),
  };
}
