import { getLabel, isLegacyLabelName, labelPairs, METRIC_NAME, quoteGo, type Labels } from '#shared/model/index.ts';
import styles from './explore.module.css';

/** A series as PromQL writes it, in the colours of the editor. */
export function SeriesText({ labels }: { readonly labels: Labels }) {
  const pairs = [...labelPairs(labels)].filter(([name]) => name !== METRIC_NAME);
  const metric = getLabel(labels, METRIC_NAME);
  return (
    <span className={styles.series}>
      {metric}
      {(pairs.length > 0 || metric === '') && (
        <>
          <span className={styles.op}>{'{'}</span>
          {pairs.map(([name, value], i) => (
            <span key={name}>
              {i > 0 && <span className={styles.op}>, </span>}
              <span className={styles.labelName}>{isLegacyLabelName(name) ? name : quoteGo(name)}</span>
              <span className={styles.op}>=</span>
              <span className={styles.labelValue}>{quoteGo(value)}</span>
            </span>
          ))}
          <span className={styles.op}>{'}'}</span>
        </>
      )}
    </span>
  );
}
