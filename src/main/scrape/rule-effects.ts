import type { RelabelStepView, SeriesStepView } from '#shared/contract/index.ts';
import { labelsKey, type Labels } from '#shared/model/index.ts';
import type { RelabelConfig } from '#main/config/index.ts';
import { explainRelabel, relabel, type NameValidation } from './relabel.ts';

/** What each rule does to one target's discovered labels; ends with the rule that drops it. */
export function targetSteps(
  discovered: Labels,
  rules: readonly RelabelConfig[],
  validation: NameValidation,
): readonly RelabelStepView[] {
  return explainRelabel(discovered, rules, validation).map(({ before, after }) => ({ before, after }));
}

/** What each rule does to all series of a body, with one example of what it drops or changes. */
export function seriesSteps(
  series: readonly Labels[],
  rules: readonly RelabelConfig[],
  validation: NameValidation,
): readonly SeriesStepView[] {
  let left = series;
  return rules.map((rule) => {
    const after: Labels[] = [];
    let dropped = 0;
    let changed = 0;
    let example: RelabelStepView | null = null;
    for (const before of left) {
      const result = relabel(before, [rule], validation);
      if (result === null) dropped++;
      else after.push(result);
      if (result !== null && labelsKey(result) === labelsKey(before)) continue;
      if (result !== null) changed++;
      example ??= { before, after: result };
    }
    const step: SeriesStepView = { series: left.length, dropped, changed, example };
    left = after;
    return step;
  });
}
