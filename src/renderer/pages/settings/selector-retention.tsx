import { useTranslation } from 'react-i18next';
import type { StorageForm } from '#shared/contract/index.ts';
import { parseDuration } from '#shared/model/index.ts';
import { parseSelector } from '#shared/promql/index.ts';
import styles from './form.module.css';
import { StorageRows } from './storage-rows.tsx';
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
  const storage = useStorageEdit(['retention']);
  const { value, base, editable, changed, edit } = storage;
  const rules = value.retention;
  const change = (at: number, part: Partial<Rule>): void =>
    edit({ retention: rules.map((rule, i) => (i === at ? { ...rule, ...part } : rule)) });
  return (
    <StorageRows
      title={t('storage.bySelector')}
      note={t('storage.bySelectorNote')}
      label={t('storage.selector')}
      hint={t('storage.bySelectorHint')}
      storage={storage}
      rows={rules}
      problemOf={({ match, keep }) => {
        if (!isSelector(match)) return t('storage.badSelector', { text: match });
        return parseDuration(keep.trim()) === null ? t('problem.duration', { text: keep }) : null;
      }}
      removeLabel={(i) => t('storage.removeSelector', { number: i + 1 })}
      addLabel={t('storage.addSelector')}
      next={{ match: '', keep: '1d' }}
      withRows={(retention) => ({ retention })}
      saved={{ retention: rules.map(({ match, keep }) => ({ match: match.trim(), keep: keep.trim() })) }}
    >
      {(rule, i, described) => (
        <>
          <TextField
            label={t('storage.selectorNumber', { number: i + 1 })}
            {...described}
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
        </>
      )}
    </StorageRows>
  );
}
