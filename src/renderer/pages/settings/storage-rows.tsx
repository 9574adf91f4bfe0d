import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote } from '#renderer/ui/index.ts';
import { ChangesPanel } from './changes-panel.tsx';
import { FormRow, FormSection } from './form-row.tsx';
import styles from './form.module.css';
import type { StorageEdit } from './use-storage-edit.ts';

interface StorageRowsProps<Row, Form> {
  readonly title: string;
  readonly note: string;
  /** Stands before the first row. */
  readonly label: string;
  readonly hint: string;
  readonly storage: StorageEdit<Form>;
  readonly rows: readonly Row[];
  /** What is wrong with a row; nothing is saved while something is. */
  readonly problemOf: (row: Row, at: number) => string | null;
  /** A row's fields. @param describedBy id of the problem's text, for them to name */
  readonly children: (row: Row, at: number, describedBy: { readonly describedBy?: string }) => ReactNode;
  readonly removeLabel: (at: number) => string;
  readonly addLabel: string;
  /** What is added; null: no more can be. */
  readonly next: Row | null;
  /** What the form holds with these rows. */
  readonly withRows: (rows: readonly Row[]) => Form;
  /** What is saved: as `withRows`, tidied up. */
  readonly saved: Form;
  /** Beside the button that adds. */
  readonly extra?: ReactNode;
}

/** A list of rows of hearth.yml that are added, removed and saved together, with the difference that saving makes. */
export function StorageRows<Row, Form>({
  title,
  note,
  label,
  hint,
  storage,
  rows,
  problemOf,
  children,
  removeLabel,
  addLabel,
  next,
  withRows,
  saved,
  extra,
}: StorageRowsProps<Row, Form>) {
  const { t } = useTranslation('settings');
  const { editable, changed, conflict, saving, failure, edit, discard, save, view, editOf } = storage;
  const valid = rows.every((row, i) => problemOf(row, i) === null);
  return (
    <FormSection title={title} note={note}>
      {failure !== null && <ErrorNote error={failure} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) void save(saved);
        }}
      >
        {rows.map((row, i) => (
          <FormRow
            // Rows have no other identity than their place.
            key={i}
            label={i === 0 ? label : ''}
            problem={problemOf(row, i)}
            group
          >
            {({ description }) => (
              <div className={styles.line}>
                {children(row, i, description === undefined ? {} : { describedBy: description })}
                <Button
                  size="compact-sm"
                  disabled={!editable}
                  aria-label={removeLabel(i)}
                  onClick={() => edit(withRows(rows.filter((_, k) => k !== i)))}
                >
                  {t('storage.remove')}
                </Button>
              </div>
            )}
          </FormRow>
        ))}
        <FormRow label="" group hint={conflict ? t('storage.changedElsewhere') : hint}>
          {() => (
            <div className={styles.line}>
              <Button
                size="compact-sm"
                disabled={!editable || next === null}
                onClick={() => {
                  if (next !== null) edit(withRows([...rows, next]));
                }}
              >
                {addLabel}
              </Button>
              {extra}
              {changed && (
                <>
                  <Button size="compact-sm" disabled={saving} onClick={discard}>
                    {t('save.discard')}
                  </Button>
                  <Button type="submit" size="compact-sm" variant="filled" loading={saving} disabled={!valid}>
                    {t('storage.save')}
                  </Button>
                </>
              )}
            </div>
          )}
        </FormRow>
        {view !== null && changed && valid && <ChangesPanel view={view} edit={editOf(saved)} />}
      </form>
    </FormSection>
  );
}
