import { IconChevronRight, IconLayoutSidebar, IconLayoutSidebarRight, IconSearch } from '@tabler/icons-react';
import type { RefCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useCore } from '#renderer/data/index.ts';
import { openPalette, togglePanel } from '#renderer/frame/index.ts';
import { IconButton, KeyCap, Mark, modKey } from '#renderer/ui/index.ts';
import type { PageInfo } from './pages.ts';
import styles from './title-bar.module.css';

interface TitleBarProps {
  readonly page: PageInfo;
  /** The settings window of the desktop: no wordmark, no search. */
  readonly bare: boolean;
  readonly breadcrumbRef: RefCallback<HTMLElement>;
  readonly actionsRef: RefCallback<HTMLElement>;
}

export function TitleBar({ page, bare, breadcrumbRef, actionsRef }: TitleBarProps) {
  const { t } = useTranslation();
  const { native } = useCore();
  const mac = native?.platform === 'darwin';
  return (
    <header className={`${styles['bar']} ${mac ? styles['mac'] : ''}`}>
      <div className={styles['side']}>
        {!bare && (
          <span className={styles['brand']}>
            <Mark size={18} />
            <span className={styles['wordmark']}>{t('app')}</span>
          </span>
        )}
        <nav className={styles['crumbs']} aria-label={t('title.breadcrumb')}>
          {!bare && <IconChevronRight size={14} stroke={1.6} aria-hidden />}
          <span className={styles['crumb']}>{t(page.title)}</span>
          <span ref={breadcrumbRef} className={styles['slot']} />
        </nav>
      </div>
      {!bare && (
        <button type="button" className={styles['search']} onClick={() => openPalette()} aria-keyshortcuts="Control+K">
          <IconSearch size={14} stroke={1.6} aria-hidden />
          <span>{t('title.search')}</span>
          <KeyCap>{modKey('K')}</KeyCap>
        </button>
      )}
      <div className={`${styles['side']} ${styles['end']}`}>
        <div ref={actionsRef} className={styles['slot']} />
        {!bare && (
          <>
            <IconButton label={t('title.list')} shortcut={modKey('\\')} onClick={() => togglePanel('list')}>
              <IconLayoutSidebar size={16} stroke={1.6} />
            </IconButton>
            <IconButton label={t('title.inspector')} shortcut={modKey('I')} onClick={() => togglePanel('inspector')}>
              <IconLayoutSidebarRight size={16} stroke={1.6} />
            </IconButton>
          </>
        )}
      </div>
    </header>
  );
}
