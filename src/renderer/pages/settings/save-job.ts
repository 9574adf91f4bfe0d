import { HearthError, type ConfigEdit, type ConfigView, type CoreClient } from '#shared/contract/index.ts';
import { changedFields } from './draft-changes.ts';
import { draftOfForm, formOfDraft, type JobDraft } from './job-draft.ts';

export interface SaveRequest {
  /** The file as it is shown. */
  readonly view: ConfigView;
  readonly base: JobDraft | null;
  readonly draft: JobDraft;
  /** True: what somebody else changed in this job meanwhile is replaced. */
  readonly overwrite: boolean;
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly view: ConfigView; readonly jobName: string }
  /** Somebody changed or removed the same job; nothing was written. */
  | { readonly kind: 'conflict'; readonly removed: boolean };

/** A file that changes faster than this can be saved to is reported as a conflict. */
const ATTEMPTS = 4;

/**
 * Writes a job. A change of the file elsewhere is no conflict as long as this job is still what it was when editing
 * began: then the edit is applied to the newer file.
 * @throws HearthError for everything but a conflict
 */
export async function saveJob(core: CoreClient, request: SaveRequest): Promise<SaveResult> {
  let { view } = request;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = compareWithFile(view, request.base);
    if (found !== 'same' && !request.overwrite) return { kind: 'conflict', removed: found === 'removed' };
    try {
      const edits = [editFor(view, request.base, request.draft)];
      const saved = await core.request('config.apply', { baseVersion: view.version, edits });
      return { kind: 'saved', view: saved, jobName: formOfDraft(request.draft).jobName };
    } catch (error) {
      if (!(error instanceof HearthError) || error.detail.kind !== 'config-conflict') throw error;
      view = await core.request('config.get', {});
    }
  }
  return { kind: 'conflict', removed: false };
}

/** The edit that puts the draft into this version of the file. */
export function editFor(view: ConfigView, base: JobDraft | null, draft: JobDraft): ConfigEdit {
  const form = formOfDraft(draft);
  const name = base === null ? null : formOfDraft(base).jobName;
  const there = name !== null && view.jobs.some((job) => job.form.jobName === name);
  return there ? { type: 'update-job', jobName: name, form } : { type: 'add-job', form };
}

/** Whether the job that is edited still stands in the file as it was. */
export function compareWithFile(view: ConfigView, base: JobDraft | null): 'same' | 'changed' | 'removed' {
  if (base === null) return 'same';
  const name = formOfDraft(base).jobName;
  const job = view.jobs.find((candidate) => candidate.form.jobName === name);
  if (job === undefined) return 'removed';
  return changedFields(base, draftOfForm(job.form)).size === 0 ? 'same' : 'changed';
}
