import type { ReactNode } from 'react';
import styles from './ui.module.css';

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** A sentence where content would be, and what can be done about it. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className={styles['empty']} role="status">
      <p className={styles['emptyTitle']}>{title}</p>
      {children !== undefined && <div className={styles['emptyBody']}>{children}</div>}
      {action !== undefined && <div className={styles['emptyAction']}>{action}</div>}
    </div>
  );
}
