import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyCap, modKey } from '#renderer/ui/index.ts';
import styles from './targets.module.css';

interface NoticeProps {
  readonly tone?: 'info' | 'crit';
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** Something to know before going on, with a way there. */
export function Notice({ tone = 'info', action, children }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone} role={tone === 'crit' ? 'alert' : 'status'}>
      <span>{children}</span>
      {action}
    </div>
  );
}

interface SaveBarProps {
  readonly changes: number;
  readonly saving: boolean;
  readonly disabled: boolean;
  readonly onDiscard: () => void;
  readonly onSave: () => void;
  /** Shows what they are; null where they are in view already. */
  readonly onShowChanges?: () => void;
}

/** How much is not saved, and what can be done with it. */
export function SaveBar({ changes, saving, disabled, onDiscard, onSave, onShowChanges }: SaveBarProps) {
  const { t } = useTranslation('settings');
  return (
    <span className={styles.actions}>
      {changes > 0 && onShowChanges === undefined && (
        <span className={styles.unsaved}>{t('save.unsaved', { count: changes })}</span>
      )}
      {changes > 0 && onShowChanges !== undefined && (
        <button type="button" className={styles.unsaved} title={t('save.show')} onClick={onShowChanges}>
          {t('save.unsaved', { count: changes })}
        </button>
      )}
      <Button variant="subtle" color="gray" disabled={changes === 0 || saving} onClick={onDiscard}>
        {t('save.discard')}
      </Button>
      <Button
        variant="filled"
        loading={saving}
        disabled={changes === 0 || disabled}
        rightSection={<KeyCap>{modKey('S')}</KeyCap>}
        onClick={onSave}
      >
        {t('save.save')}
      </Button>
    </span>
  );
}
