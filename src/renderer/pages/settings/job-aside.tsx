import { SegmentedControl } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '#renderer/ui/index.ts';
import styles from './test-panel.module.css';

/** What stands beside the form: what one scrape gives, what discovery finds, what saving changes. */
export type AsideView = 'test' | 'found' | 'changes';

interface JobAsideProps {
  readonly views: readonly AsideView[];
  readonly shown: AsideView;
  /** Whether it lies over the form where there is no room beside it. */
  readonly open: boolean;
  readonly changes: number;
  readonly note: ReactNode;
  readonly onShow: (view: AsideView) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function JobAside({ views, shown, open, changes, note, onShow, onClose, children }: JobAsideProps) {
  const { t } = useTranslation('settings');
  const titles: Readonly<Record<AsideView, string>> = {
    test: t('test.title'),
    found: t('look.title'),
    changes: t('changes.title', { count: changes }),
  };
  return (
    <aside className={styles.panel} aria-label={titles[shown]} data-open={open || undefined}>
      <div className={styles.bar}>
        {views.length === 1 ? (
          <h2>{titles[shown]}</h2>
        ) : (
          <SegmentedControl
            size="xs"
            aria-label={t('aside')}
            data={views.map((value) => ({ value, label: titles[value] }))}
            value={shown}
            onChange={(next) => onShow(next)}
          />
        )}
        <span className={styles.when}>{note}</span>
        <span className={styles.close}>
          <IconButton label={t('test.close')} onClick={onClose}>
            <IconX size={14} stroke={1.6} />
          </IconButton>
        </span>
      </div>
      <div className={styles.scroll}>{children}</div>
    </aside>
  );
}
