import type { TFunction } from 'i18next';
import type { RelabelRule, RelabelStepView, TestScrapeView } from '#shared/contract/index.ts';
import { getLabel, labelPairs } from '#shared/model/index.ts';

/** The result of a test scrape and the rules that it was made with. */
export interface TestedRules {
  readonly result: TestScrapeView;
  readonly relabelRules: readonly RelabelRule[];
  readonly metricRelabelRules: readonly RelabelRule[];
}

/** What each rule for targets did to the tested one; null from the first rule on that was changed since. */
export function targetEffects(
  t: TFunction<'settings'>,
  rules: readonly RelabelRule[],
  tested: TestedRules | null,
): readonly (string | null)[] {
  const known = unchangedUpTo(rules, tested?.relabelRules ?? []);
  return rules.map((_, i) => {
    const steps = tested?.result.targetSteps ?? [];
    if (i >= known) return null;
    if (i >= steps.length) return steps.length > 0 ? t('relabel.effect.notReached') : null;
    const { after } = steps[i];
    if (after === null) return t('relabel.effect.dropsTarget');
    const changes = labelChanges(steps[i]);
    return changes === '' ? t('relabel.effect.nothing') : changes;
  });
}

/** What each rule for series did to those of the tested target. */
export function seriesEffects(
  t: TFunction<'settings'>,
  rules: readonly RelabelRule[],
  tested: TestedRules | null,
): readonly (string | null)[] {
  const known = unchangedUpTo(rules, tested?.metricRelabelRules ?? []);
  return rules.map((_, i) => {
    const step = tested?.result.seriesSteps.at(i);
    if (step === undefined || i >= known) return null;
    const counts = t('relabel.effect.series', { count: step.series, dropped: step.dropped, changed: step.changed });
    if (step.example === null) return counts;
    const { before, after } = step.example;
    const name = getLabel(before, '__name__');
    return `${counts} ${after === null ? t('relabel.effect.exampleDropped', { name }) : t('relabel.effect.example', { name, changes: labelChanges(step.example) })}`;
  });
}

function unchangedUpTo(rules: readonly RelabelRule[], before: readonly RelabelRule[]): number {
  const at = rules.findIndex((rule, i) => JSON.stringify(rule) !== JSON.stringify(before[i]));
  return at < 0 ? rules.length : at;
}

/** `job: "a" → "b"`, for all labels that differ. */
function labelChanges({ before, after }: RelabelStepView): string {
  if (after === null) return '';
  const names = new Set([...labelPairs(before), ...labelPairs(after)].map(([name]) => name));
  return [...names]
    .filter((name) => getLabel(before, name) !== getLabel(after, name))
    .map((name) => `${name}: ${JSON.stringify(getLabel(before, name))} → ${JSON.stringify(getLabel(after, name))}`)
    .join(', ');
}
