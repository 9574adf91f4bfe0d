import { create } from 'zustand';
import type { ErrorDetail, JobView } from '#shared/contract/index.ts';
import { changedFields } from './draft-changes.ts';
import { draftOfForm, EMPTY_DRAFT, type JobDraft } from './job-draft.ts';

/** Name of the job that is edited; null is the one that is not there yet. */
export type JobKey = string | null;

/** One job while it is edited. It stays, whatever else is shown, until it is saved or discarded. */
export interface JobEditing {
  /** The job as it was when editing began; null for a new one. */
  readonly base: JobDraft | null;
  readonly draft: JobDraft;
  /** Whether saving was tried: then empty fields are problems too. */
  readonly attempted: boolean;
  readonly saving: boolean;
  readonly failure: EditFailure | null;
}

export type EditFailure =
  | { readonly kind: 'error'; readonly error: ErrorDetail }
  /** The same job was changed or removed elsewhere since `base`. */
  | { readonly kind: 'conflict'; readonly removed: boolean };

/** The file as text while it is edited. */
export interface TextEditing {
  readonly baseVersion: string;
  readonly baseText: string;
  readonly text: string;
  readonly saving: boolean;
  readonly failure: EditFailure | null;
}

interface EditingState {
  readonly jobs: ReadonlyMap<JobKey, JobEditing>;
  readonly file: TextEditing | null;
  readonly edit: (key: JobKey, shown: JobView | null, change: (draft: JobDraft) => JobDraft) => void;
  readonly mark: (key: JobKey, change: Partial<Pick<JobEditing, 'attempted' | 'saving' | 'failure'>>) => void;
  readonly discard: (key: JobKey) => void;
  readonly editFile: (base: { readonly version: string; readonly text: string }, text: string) => void;
  readonly markFile: (change: Partial<Pick<TextEditing, 'saving' | 'failure'>>) => void;
  /** Goes on with the same text against another version of the file. */
  readonly rebaseFile: (base: { readonly version: string; readonly text: string }) => void;
  readonly discardFile: () => void;
}

/** Everything typed in this window and not saved. Outside the components, so that moving between them loses nothing. */
export const useEditing = create<EditingState>()((set) => ({
  jobs: new Map(),
  file: null,
  edit: (key, shown, change) =>
    set(({ jobs }) => {
      const editing = jobs.get(key) ?? startEditing(shown);
      return { jobs: new Map(jobs).set(key, { ...editing, draft: change(editing.draft), failure: null }) };
    }),
  mark: (key, change) =>
    set(({ jobs }) => {
      const editing = jobs.get(key) ?? (key === null ? startEditing(null) : undefined);
      return editing === undefined ? {} : { jobs: new Map(jobs).set(key, { ...editing, ...change }) };
    }),
  discard: (key) =>
    set(({ jobs }) => {
      const next = new Map(jobs);
      next.delete(key);
      return { jobs: next };
    }),
  editFile: (base, text) =>
    set(({ file }) => {
      const editing = file ?? { baseVersion: base.version, baseText: base.text, saving: false };
      // Typed back to where it began: nothing is unsaved any more.
      if (text === editing.baseText) return { file: null };
      return { file: { ...editing, text, failure: null } };
    }),
  markFile: (change) => set(({ file }) => (file === null ? {} : { file: { ...file, ...change } })),
  rebaseFile: (base) =>
    set(({ file }) =>
      file === null ? {} : { file: { ...file, baseVersion: base.version, baseText: base.text, failure: null } },
    ),
  discardFile: () => set({ file: null }),
}));

export function startEditing(shown: JobView | null): JobEditing {
  const base = shown === null ? null : draftOfForm(shown.form);
  return { base, draft: base ?? EMPTY_DRAFT, attempted: false, saving: false, failure: null };
}

/** Number of changes in a job's draft. A new job counts what was filled in. */
export function changeCount(editing: JobEditing | undefined): number {
  return editing === undefined ? 0 : changedFields(editing.base ?? EMPTY_DRAFT, editing.draft).size;
}

/** Whether closing the window would lose something. */
export function hasUnsaved(state: Pick<EditingState, 'jobs' | 'file'>): boolean {
  return state.file !== null || [...state.jobs.values()].some((editing) => changeCount(editing) > 0);
}
