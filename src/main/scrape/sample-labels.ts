import {
  getLabel,
  isLegacyLabelName,
  isLegacyMetricName,
  labelPairs,
  labelsFromPairs,
  METRIC_NAME,
  quoteGo,
  type Labels,
} from '#shared/model/index.ts';
import type { ScrapeConfig } from '#main/config/index.ts';
import { relabel } from './relabel.ts';
import { ScrapeError } from './scrape-error.ts';

export type SampleRules = Pick<
  ScrapeConfig,
  | 'honorLabels'
  | 'metricRelabelConfigs'
  | 'metricNameValidationScheme'
  | 'labelLimit'
  | 'labelNameLengthLimit'
  | 'labelValueLengthLimit'
>;

/**
 * The label set under which a scraped sample is stored: the target's labels joined, clashes resolved, relabelled.
 * @returns null when the rules drop the sample
 * @throws ScrapeError when the result breaks a limit or is no valid series: the whole scrape then fails
 */
export function sampleLabels(exposed: Labels, target: Labels, rules: SampleRules): Labels | null {
  const labels = relabel(
    joinedLabels(exposed, target, rules),
    rules.metricRelabelConfigs,
    rules.metricNameValidationScheme,
  );
  if (labels === null) return null;
  const name = getLabel(labels, METRIC_NAME);
  if (name === '') throw new ScrapeError('parse', `missing metric name (${METRIC_NAME} label)`);
  checkNames(labels, name, rules);
  checkLimits(labels, name, rules);
  return labels;
}

/** What a scraped sample carries before its job's rules: its own labels and the target's, clashes resolved. */
export function joinedLabels(exposed: Labels, target: Labels, rules: Pick<SampleRules, 'honorLabels'>): Labels {
  return rules.honorLabels ? joinHonoring(exposed, target) : joinRenaming(exposed, target);
}

/** The series of the target itself (`up` and the like). */
export function reportLabels(name: string, target: Labels): Labels {
  return labelsFromPairs([...labelPairs(target), [METRIC_NAME, name]]);
}

function joinHonoring(exposed: Labels, target: Labels): Labels {
  return labelsFromPairs([...labelPairs(target), ...labelPairs(exposed)]);
}

function joinRenaming(exposed: Labels, target: Labels): Labels {
  const joined = new Map(labelPairs(exposed));
  const clashes: [string, string][] = [];
  for (const [name, value] of labelPairs(target)) {
    const before = joined.get(name);
    if (before !== undefined) clashes.push([name, before]);
    joined.set(name, value);
  }
  // Short names first, so that `exported_job` of the target finds a name after `job` took its own.
  clashes.sort(([a], [b]) => a.length - b.length);
  for (const [name, value] of clashes) {
    let renamed = `exported_${name}`;
    while (joined.has(renamed)) renamed = `exported_${renamed}`;
    joined.set(renamed, value);
  }
  return labelsFromPairs(joined);
}

function checkNames(labels: Labels, name: string, rules: SampleRules): void {
  if (rules.metricNameValidationScheme === 'utf8') return;
  const bad = [...labelPairs(labels)].some(([label]) => !isLegacyLabelName(label));
  if (bad || !isLegacyMetricName(name))
    throw new ScrapeError('parse', `invalid metric name or label names: ${quoteGo(name)}`);
}

function checkLimits(labels: Labels, name: string, rules: SampleRules): void {
  const { labelLimit, labelNameLengthLimit, labelValueLengthLimit } = rules;
  const metric = name.slice(0, 50);
  const count = labels.length / 2;
  if (labelLimit > 0 && count > labelLimit)
    throw new ScrapeError(
      'limit',
      `label_limit exceeded (metric: ${metric}, number of labels: ${count}, limit: ${labelLimit})`,
    );
  if (labelNameLengthLimit === 0 && labelValueLengthLimit === 0) return;
  for (const [label, value] of labelPairs(labels)) {
    const nameLength = Buffer.byteLength(label);
    if (labelNameLengthLimit > 0 && nameLength > labelNameLengthLimit)
      throw new ScrapeError(
        'limit',
        `label_name_length_limit exceeded (metric: ${metric}, label name: ${label.slice(0, 50)}, length: ${nameLength}, limit: ${labelNameLengthLimit})`,
      );
    const valueLength = Buffer.byteLength(value);
    if (labelValueLengthLimit > 0 && valueLength > labelValueLengthLimit)
      throw new ScrapeError(
        'limit',
        `label_value_length_limit exceeded (metric: ${metric}, label name: ${label.slice(0, 50)}, value: ${quoteGo(value.slice(0, 50))}, length: ${valueLength}, limit: ${labelValueLengthLimit})`,
      );
  }
}
