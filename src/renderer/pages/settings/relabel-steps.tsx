import { useTranslation } from 'react-i18next';
import type { RelabelRule, RelabelStepView } from '#shared/contract/index.ts';
import { getLabel, labelPairs, type Labels } from '#shared/model/index.ts';
import { useRequest } from '#renderer/data/index.ts';
import { ErrorNote } from '#renderer/ui/index.ts';
import styles from './discovery.module.css';

interface RelabelStepsProps {
  readonly job: string;
  readonly discovered: Labels;
}

/** What each relabelling rule of the job made of the labels, one after the other. */
export function RelabelSteps({ job, discovered }: RelabelStepsProps) {
  const { t } = useTranslation('settings');
  const { data, error } = useRequest('targets.relabel', { job, discovered });
  if (error !== null) return <ErrorNote error={error} />;
  if (data === undefined) return null;
  if (data.steps.length === 0) return <p className={styles.quiet}>{t('discovery.noRules')}</p>;
  return (
    <ol className={styles.steps}>
      {data.steps.map((step, i) => (
        // Rules have no name but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={i}>
          <p className={styles.rule}>
            <strong>{step.rule.action}</strong> {ruleText(step.rule)}
          </p>
          <Effect step={step} />
        </li>
      ))}
    </ol>
  );
}

/** The rule in short: what it reads, what it looks for, what it writes. */
function ruleText({ action, sourceLabels, separator, regex, targetLabel, replacement }: RelabelRule): string {
  const reads = sourceLabels.length === 0 ? '' : `[${sourceLabels.join(separator === ';' ? ', ' : ` ${separator} `)}]`;
  const looks = regex === null || regex === '(.*)' ? '' : `=~ ${regex}`;
  const writes = targetLabel === null ? '' : `→ ${targetLabel}`;
  const made = replacement === '$1' || action !== 'replace' ? '' : `= ${replacement}`;
  return [reads, looks, writes, made].filter((part) => part !== '').join(' ');
}

function Effect({ step: { before, after } }: { readonly step: RelabelStepView }) {
  const { t } = useTranslation('settings');
  if (after === null) return <p className={styles.drops}>{t('discovery.dropsHere')}</p>;
  const names = new Set([...labelPairs(before), ...labelPairs(after)].map(([name]) => name));
  const changed = [...names].filter((name) => getLabel(before, name) !== getLabel(after, name));
  if (changed.length === 0) return <p className={styles.quiet}>{t('discovery.unchanged')}</p>;
  return (
    <ul className={styles.changes}>
      {changed.map((name) => (
        <li key={name}>
          {getLabel(before, name) !== '' && (
            <del>
              {name}=&quot;{getLabel(before, name)}&quot;
            </del>
          )}
          {getLabel(after, name) !== '' && (
            <ins>
              {name}=&quot;{getLabel(after, name)}&quot;
            </ins>
          )}
        </li>
      ))}
    </ul>
  );
}

/** A label set as a table. */
export function LabelTable({ labels, title }: { readonly labels: Labels; readonly title: string }) {
  return (
    <table className={styles.labels}>
      <caption>{title}</caption>
      <tbody>
        {[...labelPairs(labels)].map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
