import { useTranslation } from 'react-i18next';
import { routeTo } from '#renderer/frame/index.ts';
import { sections, type SectionInfo } from './sections.tsx';
import styles from './settings.module.css';

interface SectionNavProps {
  readonly current: SectionInfo;
  /** Whether something typed under Targets is not saved. */
  readonly unsaved: boolean;
}

const GROUPS = ['collect', 'app'] as const;

export function SectionNav({ current, unsaved }: SectionNavProps) {
  const { t } = useTranslation('settings');
  return (
    <nav className={styles.nav} aria-label={t('sections')}>
      {GROUPS.map((group) => (
        <div key={group} className={styles.navGroup}>
          <span className={styles.navGroupTitle}>{t(`group.${group}`)}</span>
          {sections
            .filter((section) => section.group === group)
            .map((section) => (
              <a
                key={section.id}
                className={styles.navItem}
                href={routeTo(['settings', section.id])}
                aria-current={section === current ? 'page' : undefined}
                title={t(section.title)}
              >
                <section.icon size={14} stroke={1.6} aria-hidden />
                <span>{t(section.title)}</span>
                {section.id === 'targets' && unsaved && (
                  <span className={styles.unsavedDot} role="img" aria-label={t('unsavedMark')} />
                )}
              </a>
            ))}
        </div>
      ))}
    </nav>
  );
}
