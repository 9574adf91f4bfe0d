import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCore, useOpenFindings } from '#renderer/data/index.ts';
import { openSettings } from '#renderer/frame/index.ts';
import { pages, type PageInfo } from './pages.ts';
import styles from './rail.module.css';

/** The screens, icon and label always; settings at the bottom. */
export function Rail({ current }: { readonly current: PageInfo }) {
  const { t } = useTranslation();
  return (
    <nav className={styles['rail']} aria-label={t('nav.label')}>
      {pages
        .filter((page) => page.rail === 'top')
        .map((page) => (
          <RailItem key={page.name} page={page} current={page === current} />
        ))}
      <div className={styles['space']} />
      {pages
        .filter((page) => page.rail === 'bottom')
        .map((page) => (
          <RailItem key={page.name} page={page} current={page === current} />
        ))}
    </nav>
  );
}

function RailItem({ page, current }: { readonly page: PageInfo; readonly current: boolean }) {
  const { t } = useTranslation();
  const { native } = useCore();
  const Icon = page.icon;
  return (
    <a
      className={styles['item']}
      href={`#/${page.name}`}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (page.name !== 'settings' || native === null) return;
        event.preventDefault();
        openSettings(native, []);
      }}
    >
      <Icon size={18} stroke={1.5} aria-hidden />
      <span>{t(page.title)}</span>
      {page.name === 'quality' && <FindingsBadge />}
    </a>
  );
}

/** How many findings are open. */
function FindingsBadge() {
  const { t } = useTranslation();
  const count = useOpenFindings();
  if (count === 0) return null;
  return (
    <span className={styles['badge']}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <VisuallyHidden>{t('nav.findings', { count })}</VisuallyHidden>
    </span>
  );
}
