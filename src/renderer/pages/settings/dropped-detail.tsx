import { useTranslation } from 'react-i18next';
import type { DroppedTargetView } from '#shared/contract/index.ts';
import { getLabel } from '#shared/model/index.ts';
import { useRequest } from '#renderer/data/index.ts';
import styles from './discovery.module.css';
import { FormSection } from './form-row.tsx';
import { LabelTable, RelabelSteps } from './relabel-steps.tsx';

/** Something discovered that nothing scrapes, and which rule left it out. */
export function DroppedDetail({ dropped: { job, discovered } }: { readonly dropped: DroppedTargetView }) {
  const { t } = useTranslation('settings');
  const { data } = useRequest('targets.relabel', { job, discovered });
  const step = data?.steps.findIndex(({ after }) => after === null) ?? -1;
  return (
    <div className={styles.detail}>
      <header className={styles.head}>
        <h2 className="num">{getLabel(discovered, '__address__')}</h2>
        <p>
          {step < 0 || data === undefined
            ? t('discovery.invalid', { job })
            : t('discovery.why', { job, number: step + 1, action: data.steps[step].rule.action })}
        </p>
      </header>
      <FormSection title={t('discovery.steps')}>
        <RelabelSteps job={job} discovered={discovered} />
      </FormSection>
      <FormSection title={t('discovery.labels')}>
        <LabelTable labels={discovered} title={t('discovery.before')} />
      </FormSection>
    </div>
  );
}
