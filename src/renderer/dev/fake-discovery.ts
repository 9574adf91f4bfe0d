import type { DroppedTargetView, TargetRelabelStep } from '#shared/contract/index.ts';
import { getLabel, labelsFromRecord, labelsToRecord, type Labels } from '#shared/model/index.ts';
import type { FakeTarget } from './fake-targets.ts';

/** The one made-up job with relabelling rules, where it is watched: its old data centre is left out. */
const JOB = 'shop-api';

export function droppedOf(targets: readonly FakeTarget[]): readonly DroppedTargetView[] {
  if (!targets.some(({ job }) => job === JOB)) return [];
  return [{ job: JOB, discovered: labelsFromRecord({ __address__: '10.0.0.7:8080', __meta_dc: 'old' }) }];
}

export function droppedByJob(targets: readonly FakeTarget[]): Record<string, number> {
  const count = droppedOf(targets).length;
  return count === 0 ? {} : { [JOB]: count };
}

export function relabelSteps(
  targets: readonly FakeTarget[],
  job: string,
  discovered: Labels,
): { readonly steps: readonly TargetRelabelStep[] } {
  const dc = getLabel(discovered, '__meta_dc');
  if (job !== JOB || !targets.some((target) => target.job === JOB)) return { steps: [] };
  const named = dc === '' ? discovered : labelsFromRecord({ ...labelsToRecord(discovered), dc });
  const rule = { separator: ';', regex: '(.*)', modulus: null, targetLabel: null, replacement: '$1' } as const;
  return {
    steps: [
      {
        rule: { ...rule, action: 'replace', sourceLabels: ['__meta_dc'], targetLabel: 'dc' },
        before: discovered,
        after: named,
      },
      {
        rule: { ...rule, action: 'drop', sourceLabels: ['dc'], regex: 'old' },
        before: named,
        after: dc === 'old' ? null : named,
      },
    ],
  };
}
