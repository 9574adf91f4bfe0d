import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './status-bar.module.css';

/** The bottom line: what runs, how much, how late. */
export function StatusBar({ children }: { readonly children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <footer className={styles['bar']} aria-label={t('region.status')}>
      {children}
    </footer>
  );
}
