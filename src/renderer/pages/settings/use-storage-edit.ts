import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  HearthError,
  type ConfigEdit,
  type ConfigView,
  type ErrorDetail,
  type StorageForm,
} from '#shared/contract/index.ts';
import { errorDetail, useCore, useTopic } from '#renderer/data/index.ts';
import { offerUndo } from './undo-store.ts';

/** A part of the form for storage while it is edited. */
export interface StorageEdit<T> {
  readonly value: T;
  /** What the edit began from. */
  readonly base: T;
  /** Whether it can be changed now. */
  readonly editable: boolean;
  readonly changed: boolean;
  /** Changed elsewhere since the edit began. */
  readonly conflict: boolean;
  readonly saving: boolean;
  readonly failure: ErrorDetail | null;
  readonly edit: (next: T) => void;
  readonly discard: () => void;
  /** The files as they are; null before they are known. */
  readonly view: ConfigView | null;
  /** What saving does; null before the files are known. */
  readonly editOf: (next: T) => ConfigEdit | null;
  /** @param next what is written, tidied up */
  readonly save: (next: T) => Promise<void>;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A part of what hearth.yml says of storage, as it is in the file or as it is being edited. */
export function useStorageEdit<K extends keyof StorageForm>(keys: readonly K[]): StorageEdit<Pick<StorageForm, K>> {
  type Part = Pick<StorageForm, K>;
  const core = useCore();
  const { t } = useTranslation('settings');
  const view = useTopic('config', {}).data;
  const [edited, setEdited] = useState<{ readonly value: Part; readonly base: Part } | null>(null);
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  const all: StorageForm = view?.storage ?? { retention: [], tiers: [], useTiers: false };
  const inFile = Object.fromEntries(keys.map((key) => [key, all[key]])) as unknown as Part;
  const changed = edited !== null && !same(edited.value, edited.base);

  const editOf = (next: Part): ConfigEdit | null =>
    view === null ? null : { type: 'set-storage', storage: { ...view.storage, ...next } };

  const save = async (next: Part): Promise<void> => {
    const change = editOf(next);
    if (view === null || change === null || !changed || saving) return;
    setSaving(true);
    setFailure(null);
    const apply = (baseVersion: string) => core.request('config.apply', { baseVersion, edits: [change] });
    try {
      let after: ConfigView;
      try {
        after = await apply(view.version);
      } catch (error) {
        // Another part of the files was changed meanwhile: this one is compared by `conflict`.
        if (!(error instanceof HearthError) || error.detail.kind !== 'config-conflict') throw error;
        after = await apply(error.detail.version);
      }
      setEdited(null);
      offerUndo(core, after, t('undo.storage'));
    } catch (error) {
      setFailure(errorDetail(error));
    } finally {
      setSaving(false);
    }
  };

  return {
    value: edited?.value ?? inFile,
    base: edited?.base ?? inFile,
    editable: view?.editable === true && !saving,
    changed,
    conflict: edited !== null && !same(edited.base, inFile) && !same(edited.value, inFile),
    saving,
    failure,
    view,
    editOf,
    edit: (value) => setEdited({ value, base: edited?.base ?? inFile }),
    discard: () => setEdited(null),
    save,
  };
}
