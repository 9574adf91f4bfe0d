import type { ReactNode } from 'react';
import styles from './ui.module.css';

/** A key, as drawn in buttons and menus where it acts. */
export function KeyCap({ children }: { readonly children: ReactNode }) {
  return <kbd className={styles['key']}>{children}</kbd>;
}
