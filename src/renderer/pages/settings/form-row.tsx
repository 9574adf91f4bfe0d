import { useId, type ReactNode } from 'react';
import styles from './form.module.css';

interface FormRowProps {
  readonly label: string;
  /** What is wrong, as a sentence; said to screen readers when it appears. */
  readonly problem?: string | null;
  readonly hint?: ReactNode;
  /** Several controls under one name: the label names the group, and each control has its own. */
  readonly group?: boolean;
  /** Gets the id that the label points to and the id of the text below. */
  readonly children: (ids: { readonly input: string; readonly description: string | undefined }) => ReactNode;
}

/** A label at the right of its column, the control beside it, and below it what is wrong or worth knowing. */
export function FormRow({ label, problem = null, hint, group = false, children }: FormRowProps) {
  const id = useId();
  const described = problem !== null || hint !== undefined;
  return (
    <div className={styles.row}>
      {group ? (
        <span className={styles.label} id={`${id}-name`}>
          {label}
        </span>
      ) : (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      )}
      <div
        className={styles.control}
        role={group ? 'group' : undefined}
        aria-labelledby={group ? `${id}-name` : undefined}
      >
        {children({ input: id, description: described ? `${id}-below` : undefined })}
        {described && (
          <div id={`${id}-below`} className={styles.below}>
            {problem !== null && (
              <p className={styles.problem} role="alert">
                {problem}
              </p>
            )}
            {hint !== undefined && <div className={styles.hint}>{hint}</div>}
          </div>
        )}
      </div>
    </div>
  );
}

interface FormSectionProps {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}

export function FormSection({ title, note, children }: FormSectionProps) {
  return (
    <section className={styles.section}>
      <h2 className={styles.sectionTitle}>
        {title}
        {note !== undefined && <span className={styles.sectionNote}> {note}</span>}
      </h2>
      {children}
    </section>
  );
}
