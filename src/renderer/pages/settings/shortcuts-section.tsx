import { useTranslation } from 'react-i18next';
import { KeyCap, modKey } from '#renderer/ui/index.ts';
import { FormSection } from './form-row.tsx';
import styles from './form.module.css';

const GROUPS: readonly {
  readonly title: 'anywhere' | 'explore' | 'settings';
  readonly keys: readonly (readonly [key: string, does: string])[];
}[] = [
  {
    title: 'anywhere',
    keys: [
      [modKey('\\'), 'list'],
      [modKey('I'), 'inspector'],
    ],
  },
  {
    title: 'explore',
    keys: [
      [modKey('↵'), 'run'],
      ['Ctrl Space', 'complete'],
      ['Tab', 'accept'],
      ['Esc', 'stop'],
    ],
  },
  {
    title: 'settings',
    keys: [
      ['N', 'add'],
      [modKey('S'), 'save'],
      [modKey('T'), 'test'],
    ],
  },
];

/** The keys that do something, by where they do it. */
export function ShortcutsSection() {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.scroll}>
      {GROUPS.map((group) => (
        <FormSection key={group.title} title={t(`keys.${group.title}`)}>
          <dl className={styles.keys}>
            {group.keys.map(([key, does]) => (
              <div key={key} style={{ display: 'contents' }}>
                <dt>
                  <KeyCap>{key}</KeyCap>
                </dt>
                <dd>{t(`keys.${does}`)}</dd>
              </div>
            ))}
          </dl>
        </FormSection>
      ))}
    </div>
  );
}
