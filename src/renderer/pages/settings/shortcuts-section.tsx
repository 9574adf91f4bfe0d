import { useTranslation } from 'react-i18next';
import { KEY_MAP } from '#renderer/frame/index.ts';
import { KeyCap } from '#renderer/ui/index.ts';
import { FormSection } from './form-row.tsx';
import styles from './form.module.css';

/** The keys that do something, by where they do it. */
export function ShortcutsSection() {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('section.shortcuts')}>
      {KEY_MAP.map((group) => (
        <FormSection key={group.title} title={t(`common:keySheet.group.${group.title}`)}>
          <dl className={styles.keys}>
            {group.keys.map(([keys, does]) => (
              <div key={does} style={{ display: 'contents' }}>
                <dt>
                  {keys.map((key) => (
                    <KeyCap key={key}>{key}</KeyCap>
                  ))}
                </dt>
                <dd>{t(`common:keySheet.does.${does}`)}</dd>
              </div>
            ))}
          </dl>
        </FormSection>
      ))}
    </div>
  );
}
