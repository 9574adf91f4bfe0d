import type { ConfigEdit, ConfigProblem, StorageForm } from '#shared/contract/index.ts';
import { addJob, removeJob, updateJob } from '../edit/job-list.ts';
import { jobOfForm, type SecretSink } from '../edit/job-form.ts';
import { findJob, jobViews } from './job-views.ts';
import { setPausedJobs, setStorage } from './hearth-file.ts';

/** The two files that edits change. */
export interface ConfigTexts {
  readonly config: string;
  readonly hearth: string;
}

export type EditResult =
  | { readonly ok: true; readonly texts: ConfigTexts }
  /** The edit does not apply to this text. */
  | { readonly ok: false; readonly problem: ConfigProblem };

/** Applies edits of the form one after the other. Whether the result is a valid configuration is for the caller to check. */
export function applyEdits(
  texts: ConfigTexts,
  edits: readonly ConfigEdit[],
  sink: SecretSink,
  paused: ReadonlySet<string>,
): EditResult {
  let { config } = texts;
  const pausedAfter = new Set(paused);
  let storage: StorageForm | null = null;
  for (const edit of edits) {
    if (edit.type === 'set-storage') {
      ({ storage } = edit);
      continue;
    }
    const result = applyEdit(config, edit, sink, pausedAfter);
    if (typeof result !== 'string') return { ok: false, problem: result };
    config = result;
  }
  const changed = pausedAfter.size !== paused.size || [...pausedAfter].some((name) => !paused.has(name));
  let hearth = changed ? setPausedJobs(texts.hearth, pausedAfter) : texts.hearth;
  if (storage !== null && hearth !== null) hearth = setStorage(hearth, storage);
  if (hearth === null)
    return { ok: false, problem: { message: 'hearth.yml cannot be changed: repair it first', line: 1, column: 1 } };
  return { ok: true, texts: { config, hearth } };
}

type JobEdit = Exclude<ConfigEdit, { type: 'set-storage' }>;

function applyEdit(text: string, edit: JobEdit, sink: SecretSink, paused: Set<string>): string | ConfigProblem {
  const refuse = (message: string, line = 1): ConfigProblem => ({ message, line, column: 1 });
  if (edit.type === 'add-job') {
    if (edit.form.paused) paused.add(edit.form.jobName);
    return (
      addJob(text, jobOfForm(new Map(), edit.form, sink)) ??
      refuse('a job cannot be added to this file by the form: its jobs are written on one line; use the YAML view')
    );
  }
  const found = findJob(text, edit.jobName);
  if (found === null) return refuse(`there is no job "${edit.jobName}" in the file`);
  const setPaused = (name: string, on: boolean): void => {
    if (on) paused.add(name);
    else paused.delete(name);
  };
  switch (edit.type) {
    case 'pause-job':
      setPaused(edit.jobName, edit.paused);
      return text;
    case 'remove-job':
      setPaused(edit.jobName, false);
      return removeJob(text, found.index) ?? refuse(onlyYaml(edit.jobName, 'all jobs are written on one line'));
    case 'update-job': {
      const view = jobViews(text, paused)[found.index];
      if (view.onlyYaml !== null) return refuse(onlyYaml(edit.jobName, view.onlyYaml), view.line);
      setPaused(edit.jobName, false);
      setPaused(edit.form.jobName, edit.form.paused);
      const job = jobOfForm(found.job, edit.form, sink);
      return (
        updateJob(text, found.index, job) ??
        refuse(onlyYaml(edit.jobName, 'its text is not laid out in a way that the form can keep'), view.line)
      );
    }
  }
}

function onlyYaml(jobName: string, reason: string): string {
  return `job "${jobName}" can only be changed in the YAML view: ${reason}`;
}
