import type { ConfigEdit, ConfigProblem, StorageForm } from '#shared/contract/index.ts';
import { addJob, removeJob, updateJob } from '../edit/job-list.ts';
import { jobOfForm, type SecretSink } from '../edit/job-form.ts';
import type { Desired } from '../edit/plain-value.ts';
import { findJob, jobViews } from './job-views.ts';
import { HearthEntries } from './hearth-edit.ts';
import { setStorage } from './hearth-file.ts';

const METRIC_RULES = 'metric_relabel_configs';

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
export function applyEdits(texts: ConfigTexts, edits: readonly ConfigEdit[], sink: SecretSink): EditResult {
  let { config } = texts;
  const entries = HearthEntries.of(texts.hearth);
  if (entries === null) return { ok: false, problem: refuse('hearth.yml cannot be changed: repair it first') };
  let storage: StorageForm | null = null;
  for (const edit of edits) {
    if (edit.type === 'set-storage') {
      ({ storage } = edit);
      continue;
    }
    const result = applyEdit(config, edit, sink, entries);
    if (typeof result !== 'string') return { ok: false, problem: result };
    config = result;
  }
  const own = entries.toText();
  const hearth = storage === null || own === null ? own : setStorage(own, storage);
  if (hearth === null)
    return { ok: false, problem: refuse('hearth.yml is not laid out in a way that the form can keep') };
  return { ok: true, texts: { config, hearth } };
}

function refuse(message: string, line = 1): ConfigProblem {
  return { message, line, column: 1 };
}

type JobEdit = Exclude<ConfigEdit, { type: 'set-storage' }>;

function applyEdit(text: string, edit: JobEdit, sink: SecretSink, entries: HearthEntries): string | ConfigProblem {
  if (edit.type === 'add-job') {
    entries.setForm(edit.form.jobName, edit.form);
    return (
      addJob(text, jobOfForm(new Map(), edit.form, sink)) ??
      refuse('a job cannot be added to this file by the form: its jobs are written on one line; use the YAML view')
    );
  }
  const found = findJob(text, edit.jobName);
  if (found === null) return refuse(`there is no job "${edit.jobName}" in the file`);
  switch (edit.type) {
    case 'pause-job':
      entries.setPaused(edit.jobName, edit.paused);
      return text;
    case 'remove-job':
      entries.remove(edit.jobName);
      return removeJob(text, found.index) ?? refuse(onlyYaml(edit.jobName, 'all jobs are written on one line'));
    case 'drop-metrics': {
      const job = new Map<string, Desired>(found.job as ReadonlyMap<string, Desired>);
      const rules = job.get(METRIC_RULES);
      const rule = new Map<string, Desired>([
        ['source_labels', ['__name__']],
        ['regex', edit.regex],
        ['action', 'drop'],
      ]);
      job.set(METRIC_RULES, [...(Array.isArray(rules) ? (rules as readonly Desired[]) : []), rule]);
      return (
        updateJob(text, found.index, job) ??
        refuse(onlyYaml(edit.jobName, 'its text is not laid out in a way that a rule can be added'))
      );
    }
    case 'update-job': {
      const view = jobViews(text, new Map())[found.index];
      if (view.onlyYaml !== null) return refuse(onlyYaml(edit.jobName, view.onlyYaml), view.line);
      entries.setForm(edit.jobName, edit.form);
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
