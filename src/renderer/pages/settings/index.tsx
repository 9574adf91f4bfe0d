import { IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TitleBreadcrumb, useRoute } from '#renderer/frame/index.ts';
import { SectionNav } from './section-nav.tsx';
import { sectionOf } from './sections.tsx';
import styles from './settings.module.css';
import { UndoLine } from './undo-line.tsx';
import { useDraftGuard } from './use-draft-guard.ts';

/** The settings window: sections at the left, the chosen one beside them. */
export default function SettingsPage() {
  const { t } = useTranslation('settings');
  const route = useRoute();
  const section = sectionOf(route.path[1]);
  const unsaved = useDraftGuard();
  const Content = section.component;
  return (
    <div className={styles.page}>
      <TitleBreadcrumb>
        <IconChevronRight size={14} stroke={1.6} aria-hidden />
        <span className={styles.crumb}>{t(section.title)}</span>
      </TitleBreadcrumb>
      <SectionNav current={section} unsaved={unsaved} />
      <main className={styles.content} aria-label={t(section.title)}>
        <h1 className={styles.heading}>{t(section.title)}</h1>
        <Content />
      </main>
      <UndoLine />
    </div>
  );
}
