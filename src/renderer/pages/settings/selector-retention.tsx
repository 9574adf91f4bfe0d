import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HearthError, type ErrorDetail, type StorageForm } from '#shared/contract/index.ts';
import { parseDuration } from '#shared/model/index.ts';
import { parseSelector } from '#shared/promql/index.ts';
import { errorDetail, useCore, useTopic } from '#renderer/data/index.ts';
import { ErrorNote } from '#renderer/ui/index.ts';
import { FormRow, FormSection } from './form-row.tsx';
import styles from './form.module.css';
import { TextField } from './text-field.tsx';

type Rule = StorageForm['retention'][number];

function isSelector(text: string): boolean {
  try {
    parseSelector(text);
    return true;
  } catch {
    return false;
  }
}

const sameRules = (a: readonly Rule[], b: readonly Rule[]): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Series that are kept for a time of their own: a list of selectors in hearth.yml, the first that matches decides. */
export function SelectorRetention() {
  const { t } = useTranslation('settings');
  const core = useCore();
  const view = useTopic('config', {}).data;
  const [edited, setEdited] = useState<{ readonly rules: readonly Rule[]; readonly base: readonly Rule[] } | null>(
    null,
  );
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  const inFile = view?.storage.retention ?? [];
  const rules = edited?.rules ?? inFile;
  const editable = view?.editable === true && !saving;
  const changed = edited !== null && !sameRules(edited.rules, edited.base);
  const conflict = edited !== null && !sameRules(edited.base, inFile) && !sameRules(edited.rules, inFile);
  const problemOf = ({ match, keep }: Rule): string | null => {
    if (!isSelector(match)) return t('storage.badSelector', { text: match });
    return parseDuration(keep.trim()) === null ? t('problem.duration', { text: keep }) : null;
  };
  const valid = rules.every((rule) => problemOf(rule) === null);
  const edit = (next: readonly Rule[]): void => setEdited({ rules: next, base: edited?.base ?? inFile });
  const change = (at: number, part: Partial<Rule>): void =>
    edit(rules.map((rule, i) => (i === at ? { ...rule, ...part } : rule)));

  const save = async (): Promise<void> => {
    if (view === null || !changed || !valid || saving) return;
    setSaving(true);
    setFailure(null);
    const retention = rules.map(({ match, keep }) => ({ match: match.trim(), keep: keep.trim() }));
    const apply = (baseVersion: string) =>
      core.request('config.apply', {
        baseVersion,
        edits: [{ type: 'set-storage', storage: { ...view.storage, retention } }],
      });
    try {
      try {
        await apply(view.version);
      } catch (error) {
        // Another part of the files was changed meanwhile: the list itself is compared above.
        if (!(error instanceof HearthError) || error.detail.kind !== 'config-conflict') throw error;
        await apply(error.detail.version);
      }
      setEdited(null);
    } catch (error) {
      setFailure(errorDetail(error));
    } finally {
      setSaving(false);
    }
  };

  return (
    <FormSection title={t('storage.bySelector')} note={t('storage.bySelectorNote')}>
      {failure !== null && <ErrorNote error={failure} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
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
                  changed={edited !== null && edited.base.at(i)?.match !== rule.match}
                  invalid={!isSelector(rule.match)}
                  disabled={!editable}
                  placeholder={'{__name__=~"debug_.*"}'}
                  autoFocus={edited !== null && rule.match === ''}
                />
                <TextField
                  label={t('storage.keepNumber', { number: i + 1 })}
                  className={styles.short}
                  value={rule.keep}
                  onChange={(keep) => change(i, { keep })}
                  changed={edited !== null && edited.base.at(i)?.keep !== rule.keep}
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
                  <Button size="compact-sm" disabled={saving} onClick={() => setEdited(null)}>
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
      </form>
    </FormSection>
  );
}
