import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StorageForm } from '#shared/contract/index.ts';
import { parseDuration } from '#shared/model/index.ts';
import { parseSelector } from '#shared/promql/index.ts';
import { ErrorNote } from '#renderer/ui/index.ts';
import { ChangesPanel } from './changes-panel.tsx';
import { FormRow, FormSection } from './form-row.tsx';
import styles from './form.module.css';
import { TextField } from './text-field.tsx';
import { useStorageEdit } from './use-storage-edit.ts';

type Rule = StorageForm['retention'][number];

function isSelector(text: string): boolean {
  try {
    parseSelector(text);
    return true;
  } catch {
    return false;
  }
}

/** Series that are kept for a time of their own: a list of selectors in hearth.yml, the first that matches decides. */
export function SelectorRetention() {
  const { t } = useTranslation('settings');
  const {
    value,
    base,
    editable,
    changed,
    conflict,
    saving,
    failure,
    edit: put,
    discard,
    view,
    editOf,
    save,
  } = useStorageEdit(['retention']);
  const rules = value.retention;
  const problemOf = ({ match, keep }: Rule): string | null => {
    if (!isSelector(match)) return t('storage.badSelector', { text: match });
    return parseDuration(keep.trim()) === null ? t('problem.duration', { text: keep }) : null;
  };
  const valid = rules.every((rule) => problemOf(rule) === null);
  const tidy = rules.map(({ match, keep }) => ({ match: match.trim(), keep: keep.trim() }));
  const edit = (retention: readonly Rule[]): void => put({ retention });
  const change = (at: number, part: Partial<Rule>): void =>
    edit(rules.map((rule, i) => (i === at ? { ...rule, ...part } : rule)));

  return (
    <FormSection title={t('storage.bySelector')} note={t('storage.bySelectorNote')}>
      {failure !== null && <ErrorNote error={failure} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) void save({ retention: tidy });
        }}
      >
        {rules.map((rule, i) => (
          <FormRow
            // Rows have no other identity than their place: the order decides.
            key={i}
            label={i === 0 ? t('storage.selector') : ''}
            problem={problemOf(rule)}
            group
          >
            {({ description }) => (
              <div className={styles.line}>
                <TextField
                  label={t('storage.selectorNumber', { number: i + 1 })}
                  {...(description !== undefined && { describedBy: description })}
                  className={styles.grow}
                  value={rule.match}
                  onChange={(match) => change(i, { match })}
                  changed={base.retention.at(i)?.match !== rule.match}
                  invalid={!isSelector(rule.match)}
                  disabled={!editable}
                  placeholder={'{__name__=~"debug_.*"}'}
                  autoFocus={changed && rule.match === ''}
                />
                <TextField
                  label={t('storage.keepNumber', { number: i + 1 })}
                  className={styles.short}
                  value={rule.keep}
                  onChange={(keep) => change(i, { keep })}
                  changed={base.retention.at(i)?.keep !== rule.keep}
                  invalid={parseDuration(rule.keep.trim()) === null}
                  disabled={!editable}
                  placeholder="1d"
                />
                <Button
                  size="compact-sm"
                  disabled={!editable}
                  aria-label={t('storage.removeSelector', { number: i + 1 })}
                  onClick={() => edit(rules.filter((_, k) => k !== i))}
                >
                  {t('storage.remove')}
                </Button>
              </div>
            )}
          </FormRow>
        ))}
        <FormRow label="" group hint={conflict ? t('storage.changedElsewhere') : t('storage.bySelectorHint')}>
          {() => (
            <div className={styles.line}>
              <Button
                size="compact-sm"
                disabled={!editable}
                onClick={() => edit([...rules, { match: '', keep: '1d' }])}
              >
                {t('storage.addSelector')}
              </Button>
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
        {view !== null && changed && valid && <ChangesPanel view={view} edit={editOf({ retention: tidy })} />}
      </form>
    </FormSection>
  );
}
