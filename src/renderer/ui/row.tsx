import type { ReactNode } from 'react';
import styles from './ui.module.css';

/** A name and its value on one line. */
export function Row({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }) {
  return (
    <div className={styles['row']}>
      <span className={styles['rowName']}>{name}</span>
      <span className={styles['rowValue']}>{children}</span>
    </div>
  );
}
