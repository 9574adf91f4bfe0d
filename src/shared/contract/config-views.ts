import type { Millis } from '../model/index.ts';
import type { ConfigProblem } from './errors.ts';
import type { JobForm } from './job-form.ts';

/** A job as the settings window lists it. */
export interface JobView {
  readonly form: JobForm;
  /** Null when the form can edit the job; else why only the YAML view can. */
  readonly onlyYaml: string | null;
  /** Position in the file, 1-based. */
  readonly line: number;
}

export interface ConfigView {
  readonly path: string;
  readonly text: string;
  /** Names this text; sent back with an edit so that nobody's change is overwritten. */
  readonly version: string;
  /** Problems of the text as it stands on disk; empty when it is what is running. */
  readonly problems: readonly ConfigProblem[];
  readonly jobs: readonly JobView[];
  readonly globalInterval: Millis;
  readonly globalTimeout: Millis;
  /** Settings of storage as hearth.yml has them. */
  readonly storage: StorageForm;
  /** False when the file cannot be written (read-only, or a flag forbids). */
  readonly editable: boolean;
  /** The newest change that can be taken back, by its id for `config.undo`: after a change the one that was just made. */
  readonly lastChange: string | null;
}

/** A file as it is and as it would be; secrets are masked in both. */
export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** One change of prometheus.yml (and hearth.yml) made by the form. */
export type ConfigEdit =
  | { readonly type: 'add-job'; readonly form: JobForm }
  | { readonly type: 'update-job'; readonly jobName: string; readonly form: JobForm }
  | { readonly type: 'remove-job'; readonly jobName: string }
  | { readonly type: 'pause-job'; readonly jobName: string; readonly paused: boolean }
  /** Adds a rule to `metric_relabel_configs` that drops the metrics whose whole name matches. */
  | { readonly type: 'drop-metrics'; readonly jobName: string; readonly regex: string }
  | { readonly type: 'set-storage'; readonly storage: StorageForm };

/** What hearth.yml says of storage; text is as typed, the core checks it. */
export interface StorageForm {
  /** Selectors with a time of their own; the first that a series matches decides. */
  readonly retention: readonly { readonly match: string; readonly keep: string }[];
  /** Downsampled tiers: length of a bucket, and how long it is kept. */
  readonly tiers: readonly { readonly resolution: string; readonly keep: string }[];
  /** Whether queries read tiers where they do not say otherwise. */
  readonly useTiers: boolean;
}
