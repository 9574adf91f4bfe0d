import { createHash } from 'node:crypto';
import {
  HearthError,
  type ConfigEdit,
  type ConfigProblem,
  type ConfigView,
  type JobForm,
  type JobView,
  type MethodResults,
} from '#shared/contract/index.ts';
import type { Problem } from '../decode/yaml-source.ts';
import { loadPrometheusConfig } from '../load.ts';
import type { PrometheusConfig, ScrapeConfig } from '../model.ts';
import type { ConfigFs } from './config-fs.ts';
import { DEFAULT_CONFIG_TEXT } from './default-file.ts';
import { applyEdits, type ConfigTexts } from './edit-texts.ts';
import { mergeTexts } from '../edit/merge-texts.ts';
import { DEFAULT_HEARTH, loadHearthConfig, storageTexts, type HearthConfig } from './hearth-file.ts';
import { DEFAULT_JOB, type HearthJob } from './hearth-job.ts';
import { jobViews } from './job-views.ts';
import { maskSecrets, unmaskSecrets } from './mask-secrets.ts';
import { newSecretId, secretReference, type SecretStore } from './secret-store.ts';

export interface ConfigStoreOptions {
  /** Path of prometheus.yml. */
  readonly configFile: string;
  /** Path of hearth.yml. */
  readonly hearthFile: string;
  /** The file was named by the user: it must be there, is not made, and this computer is scraped only if hearth.yml says so. */
  readonly configFileGiven: boolean;
  readonly fs: ConfigFs;
  readonly secrets: SecretStore;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly agent?: boolean;
  /** Nothing is written, whatever the file system allows. */
  readonly readOnly?: boolean;
}

/** What is in force: the last configuration that was good. */
export interface RunningConfig {
  readonly prometheus: PrometheusConfig;
  readonly hearth: HearthConfig;
  /** Whether this computer is scraped, from hearth.yml or by default. */
  readonly machineEnabled: boolean;
  /** Names the texts it was made of. */
  readonly version: string;
  readonly warnings: readonly string[];
}

export interface ConfigStore {
  /** Reads the files (makes them on a first run) and watches them. Does not fail for a bad file: see `problems`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  running(): RunningConfig;
  /** What is wrong with the files as they are on disk; empty when they are what is running. */
  problems(): readonly ConfigProblem[];
  view(): ConfigView;
  /** What would be wrong with a text, and its jobs. */
  check(text: string): { readonly problems: readonly ConfigProblem[]; readonly jobs: readonly JobView[] };
  /** What `apply` would write. @throws HearthError config-conflict, config-invalid */
  preview(baseVersion: string, edits: readonly ConfigEdit[]): Promise<MethodResults['config.preview']>;
  /** The job that a form stands for, as it would be scraped; nothing is written. @throws HearthError config-invalid */
  draft(form: JobForm): { readonly config: ScrapeConfig; readonly own: HearthJob };
  /** @throws HearthError config-conflict, config-invalid; the files are unchanged then */
  apply(baseVersion: string, edits: readonly ConfigEdit[]): Promise<ConfigView>;
  /** @throws HearthError config-conflict, config-invalid; the file is unchanged then */
  save(baseVersion: string, text: string, hearth?: string): Promise<ConfigView>;
  /** Both texts as they are on disk, without secrets. */
  files(): { readonly prometheus: string; readonly hearth: string };
  /**
   * Takes back one `apply` or `save`, whatever was changed elsewhere in the files since. @throws HearthError not-found when there is no such
   * change (any more), config-overlap when later changes touch the same lines, config-invalid when what is left would not be valid
   */
  undo(change: string): Promise<ConfigView>;
  /** Reads the files again, included ones too. Problems do not throw: they are in the view, and what ran goes on. */
  reload(): Promise<ConfigView>;
  /** Called after every change of what runs or of what is shown; `running` tells whether the former changed. */
  onChange(listener: (change: { readonly running: boolean }) => void): () => void;
}

/** What was written once, to be taken back. */
interface Change {
  readonly id: string;
  readonly before: ConfigTexts;
  readonly after: ConfigTexts;
}

const UNDO_DEPTH = 20;

const EMPTY: PrometheusConfig = (() => {
  const result = loadPrometheusConfig('', { file: '/', readFile: () => '', glob: () => [], env: {} });
  if (!result.ok) throw new Error('an empty configuration is refused');
  return result.config;
})();

export function createConfigStore(options: ConfigStoreOptions): ConfigStore {
  return new FileConfigStore(options);
}

class FileConfigStore implements ConfigStore {
  private readonly options: ConfigStoreOptions;
  private disk: ConfigTexts = { config: '', hearth: '' };
  private diskProblems: readonly ConfigProblem[] = [];
  private current: RunningConfig;
  private editable = false;
  /** The file is not there. */
  private missing = false;
  private changes: readonly Change[] = [];
  private nextChange = 0;
  private shown: { readonly of: string; readonly text: string } | null = null;
  private listed: {
    readonly of: string;
    readonly own: RunningConfig['hearth']['jobs'];
    readonly jobs: readonly JobView[];
  } | null = null;
  private readonly listeners = new Set<(change: { readonly running: boolean }) => void>();
  private stopWatching: () => void = () => undefined;
  /** Changes and reloads wait for each other. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: ConfigStoreOptions) {
    this.options = options;
    this.current = {
      prometheus: EMPTY,
      hearth: DEFAULT_HEARTH,
      machineEnabled: !options.configFileGiven,
      version: '',
      warnings: [],
    };
  }

  async start(): Promise<void> {
    const { fs, configFile, hearthFile, configFileGiven, readOnly } = this.options;
    if (!configFileGiven && readOnly !== true && (await fs.read(configFile)) === null)
      await fs.write(configFile, DEFAULT_CONFIG_TEXT);
    await this.enqueue(() => this.readAndRun());
    this.stopWatching = fs.watch([configFile, hearthFile], () => {
      void this.enqueue(() => this.reloadIfChanged());
    });
    // What changed between reading and watching.
    await this.enqueue(() => this.reloadIfChanged());
  }

  async stop(): Promise<void> {
    this.stopWatching();
    await this.queue;
  }

  running(): RunningConfig {
    return this.current;
  }

  problems(): readonly ConfigProblem[] {
    return this.diskProblems;
  }

  view(): ConfigView {
    const { global } = this.current.prometheus;
    const text = this.masked();
    return {
      path: this.options.configFile,
      text,
      version: versionOf(this.disk),
      problems: this.diskProblems,
      jobs: this.jobs(text),
      globalInterval: global.scrapeInterval,
      globalTimeout: global.scrapeTimeout,
      storage: storageTexts(this.disk.hearth) ?? { retention: [], tiers: [], useTiers: false },
      editable: this.editable,
      lastChange: this.changes.at(-1)?.id ?? null,
    };
  }

  /** Parsing a large file takes long enough to be done once for each text. */
  private masked(): string {
    if (this.shown?.of !== this.disk.config) this.shown = { of: this.disk.config, text: maskSecrets(this.disk.config) };
    return this.shown.text;
  }

  private jobs(text: string): readonly JobView[] {
    const own = this.current.hearth.jobs;
    if (this.listed?.of !== text || this.listed.own !== own) this.listed = { of: text, own, jobs: jobViews(text, own) };
    return this.listed.jobs;
  }

  check(text: string): { readonly problems: readonly ConfigProblem[]; readonly jobs: readonly JobView[] } {
    const result = this.load(text);
    const unmasked = unmaskSecrets(text, this.disk.config);
    const problems = [...(result.ok ? [] : result.problems), ...(unmasked.ok ? [] : unmasked.lost.map(lostProblem))];
    return { problems: problems.map(toContract), jobs: jobViews(text, this.current.hearth.jobs) };
  }

  preview(baseVersion: string, edits: readonly ConfigEdit[]): Promise<MethodResults['config.preview']> {
    return this.enqueue(async () => {
      await this.expectVersion(baseVersion);
      const { config, hearth } = this.edited(edits, () => secretReference('(new)'));
      const result = this.load(config);
      const { configFile, hearthFile } = this.options;
      const text = maskSecrets(config);
      const files = [
        { path: configFile, before: this.masked(), after: text },
        { path: hearthFile, before: this.disk.hearth, after: hearth },
      ].filter(({ before, after }) => before !== after);
      return { text, problems: result.ok ? [] : result.problems.map(toContract), files };
    });
  }

  draft(form: JobForm): { readonly config: ScrapeConfig; readonly own: HearthJob } {
    const named = form.jobName === '' ? { ...form, jobName: 'test scrape' } : form;
    const { jobName } = named;
    const known = jobViews(this.disk.config, new Map()).some((job) => job.form.jobName === jobName);
    const edit: ConfigEdit = known ? { type: 'update-job', jobName, form: named } : { type: 'add-job', form: named };
    const texts = this.edited([edit], (text) => text);
    const result = this.load(texts.config);
    if (!result.ok) throw this.invalid(result.problems);
    const hearth = loadHearthConfig(texts.hearth);
    if (!hearth.ok) throw this.invalid(hearth.problems);
    const config = result.config.scrapeConfigs.find((one) => one.jobName === jobName);
    if (config === undefined) throw this.invalid([{ message: `job ${jobName} is not there`, line: 1, column: 1 }]);
    return { config, own: hearth.hearth.jobs.get(jobName) ?? DEFAULT_JOB };
  }

  apply(baseVersion: string, edits: readonly ConfigEdit[]): Promise<ConfigView> {
    return this.enqueue(async () => {
      await this.expectVersion(baseVersion);
      const secrets = new Map<string, string>();
      const texts = this.edited(edits, (text) => {
        const id = newSecretId();
        secrets.set(id, text);
        return secretReference(id);
      });
      this.expectValid(texts);
      for (const [id, text] of secrets) await this.options.secrets.put(id, text);
      try {
        await this.write(texts);
      } catch (error) {
        for (const id of secrets.keys()) await this.options.secrets.delete(id);
        throw error;
      }
      return this.view();
    });
  }

  files(): { readonly prometheus: string; readonly hearth: string } {
    return { prometheus: this.masked(), hearth: this.disk.hearth };
  }

  save(baseVersion: string, text: string, hearth = this.disk.hearth): Promise<ConfigView> {
    return this.enqueue(async () => {
      await this.expectVersion(baseVersion);
      const unmasked = unmaskSecrets(text, this.disk.config);
      if (!unmasked.ok) throw this.invalid(unmasked.lost.map(lostProblem));
      const texts = { config: unmasked.text, hearth };
      this.expectValid(texts);
      await this.write(texts);
      return this.view();
    });
  }

  undo(id: string): Promise<ConfigView> {
    return this.enqueue(async () => {
      await this.refresh();
      const change = this.changes.find((one) => one.id === id);
      if (change === undefined) throw new HearthError({ kind: 'not-found', what: 'undo' });
      const without = {
        config: await this.without(change, 'config', this.options.configFile),
        hearth: await this.without(change, 'hearth', this.options.hearthFile),
      };
      // Back at a text that ran there is nothing to check: what it includes may have changed since.
      if (versionOf(without) !== versionOf(change.before)) this.expectValid(without);
      await this.writeFiles(without);
      this.changes = this.changes.filter((one) => one !== change);
      this.run();
      return this.view();
    });
  }

  private async without({ before, after }: Change, file: keyof ConfigTexts, path: string): Promise<string> {
    const text = await mergeTexts(after[file], before[file], this.disk[file]);
    if (text === null) throw new HearthError({ kind: 'config-overlap', file: path });
    return text;
  }

  reload(): Promise<ConfigView> {
    return this.enqueue(async () => {
      await this.readAndRun();
      return this.view();
    });
  }

  onChange(listener: (change: { readonly running: boolean }) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  /** Reads the files without making them run; says whether they differ from what was known. */
  private async refresh(): Promise<boolean> {
    const { fs, configFile, hearthFile, readOnly } = this.options;
    const before = versionOf(this.disk);
    const config = await fs.read(configFile);
    this.disk = { config: config ?? '', hearth: (await fs.read(hearthFile)) ?? '' };
    this.missing = config === null;
    this.editable = readOnly !== true && (await fs.canWrite(configFile));
    return versionOf(this.disk) !== before;
  }
  private async readAndRun(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.report([{ message: message(error), line: 1, column: 1 }]);
      return;
    }
    this.run();
  }

  private async reloadIfChanged(): Promise<void> {
    const wasMissing = this.missing;
    const changed = await this.refresh().catch(() => true);
    if (changed || wasMissing !== this.missing) await this.readAndRun();
  }

  /** Makes the files as they were read run, if they are good. */
  private run(): void {
    const { configFile, configFileGiven } = this.options;
    if (this.missing) {
      this.report([{ message: `open ${configFile}: no such file or directory`, line: 1, column: 1 }]);
      return;
    }
    const config = this.load(this.disk.config);
    const hearth = loadHearthConfig(this.disk.hearth);
    if (!config.ok || !hearth.ok) {
      // Columns are told for the text that is shown: without secrets.
      const shown = config.ok ? config : this.load(maskSecrets(this.disk.config));
      const problems = [
        ...(shown.ok ? (config.ok ? [] : config.problems) : shown.problems),
        ...(hearth.ok ? [] : hearth.problems),
      ];
      this.report(problems.map(toContract));
      return;
    }
    this.current = {
      prometheus: config.config,
      hearth: hearth.hearth,
      machineEnabled: hearth.hearth.machine.enabled ?? !configFileGiven,
      version: versionOf(this.disk),
      warnings: config.warnings,
    };
    this.diskProblems = [];
    this.notify(true);
  }

  private report(problems: readonly ConfigProblem[]): void {
    this.diskProblems = problems;
    this.notify(false);
  }

  private notify(running: boolean): void {
    for (const listener of this.listeners) listener({ running });
  }

  private load(text: string) {
    const { configFile, fs, env, agent } = this.options;
    return loadPrometheusConfig(text, {
      file: configFile,
      readFile: (path) => fs.readSync(path),
      glob: (pattern) => fs.glob(pattern),
      env,
      ...(agent === undefined ? {} : { agent }),
    });
  }

  private async expectVersion(baseVersion: string): Promise<void> {
    const changed = await this.refresh();
    if (changed) this.run();
    const version = versionOf(this.disk);
    if (version !== baseVersion) throw new HearthError({ kind: 'config-conflict', version });
    if (!this.editable) throw this.invalid([{ message: 'the file cannot be written', line: 1, column: 1 }]);
  }

  private edited(edits: readonly ConfigEdit[], sink: (text: string) => string): ConfigTexts {
    const result = applyEdits(this.disk, edits, sink);
    if (!result.ok) throw this.invalid([result.problem]);
    return result.texts;
  }

  private expectValid(texts: ConfigTexts): void {
    const config = this.load(texts.config);
    if (!config.ok) throw this.invalid(config.problems);
    const hearth = loadHearthConfig(texts.hearth);
    if (!hearth.ok) throw this.invalid(hearth.problems);
  }

  private invalid(problems: readonly ConfigProblem[]): HearthError {
    return new HearthError({
      kind: 'config-invalid',
      file: this.options.configFile,
      problems: problems.map(toContract),
    });
  }

  private async write(texts: ConfigTexts): Promise<void> {
    const before = this.disk;
    await this.writeFiles(texts);
    const id = `${(this.nextChange += 1)}`;
    this.changes = [...this.changes, { id, before, after: texts }].slice(-UNDO_DEPTH);
    this.run();
  }

  /** Both files or none, as far as a file system can promise that. */
  private async writeFiles(texts: ConfigTexts): Promise<void> {
    const { fs, configFile, hearthFile } = this.options;
    const before = this.disk;
    if (texts.config !== before.config) await fs.write(configFile, texts.config);
    try {
      if (texts.hearth !== before.hearth) await fs.write(hearthFile, texts.hearth);
    } catch (error) {
      if (texts.config !== before.config) await fs.write(configFile, before.config);
      throw error;
    }
    this.disk = texts;
  }
}

function versionOf({ config, hearth }: ConfigTexts): string {
  return createHash('sha256').update(config).update('\0').update(hearth).digest('hex').slice(0, 16);
}

function toContract({ message, line, column }: ConfigProblem): ConfigProblem {
  return { message, line, column };
}

function lostProblem(place: { readonly line: number; readonly column: number }): Problem {
  return {
    kind: 'value',
    message: '<secret> stands for no value that was here before: type the secret itself',
    ...place,
  };
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
