import type { ReactNode } from 'react';
import styles from './ui.module.css';

interface SectionProps {
  readonly title: ReactNode;
  /** Beside the title, quieter. */
  readonly note?: ReactNode;
  /** At the right end. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** A titled part of a panel, split from the next by a hairline. */
export function Section({ title, note, actions, children }: SectionProps) {
  return (
    <section className={styles['section']}>
      <div className={styles['sectionBar']}>
        <h2 className={styles['sectionTitle']}>{title}</h2>
        {note !== undefined && <span className={styles['sectionNote']}>{note}</span>}
        {actions !== undefined && <span className={styles['sectionActions']}>{actions}</span>}
      </div>
      {children}
    </section>
  );
}

/** A name and its value on one line. */
export function Row({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }) {
  return (
    <div className={styles['row']}>
      <span className={styles['rowName']}>{name}</span>
      <span className={styles['rowValue']}>{children}</span>
    </div>
  );
}
