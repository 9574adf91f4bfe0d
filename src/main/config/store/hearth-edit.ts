import type { JobForm, JsonRule } from '#shared/contract/index.ts';
import { parseYamlSource } from '../decode/yaml-source.ts';
import { saysAlready, toPlain, type Desired, type Plain } from '../edit/plain-value.ts';
import { editTop, mapOf } from './hearth-text.ts';

type Entry = ReadonlyMap<string, Desired>;

/** The entries of jobs in a hearth.yml while the form's edits change them; what they do not change stays as it is written. */
export class HearthEntries {
  readonly #text: string;
  readonly #jobs: Map<string, Entry>;
  #changed = false;

  private constructor(text: string, plain: Plain) {
    this.#text = text;
    this.#jobs = new Map([...mapOf(mapOf(plain).get('jobs'))].map(([name, job]) => [name, mapOf(job)]));
  }

  /** Null when the text does not parse. */
  static of(text: string): HearthEntries | null {
    const source = parseYamlSource(text);
    return source.problems.length > 0 ? null : new HearthEntries(text, toPlain(source.root, source.document));
  }

  setPaused(job: string, paused: boolean): void {
    this.#set(job, 'paused', paused ? true : undefined);
  }

  /** Says what the form of a job says; the entry follows when the job was called something else before. */
  setForm(before: string, form: JobForm): void {
    const { jobName, paused, importance, format, jsonRules, kubeContext } = form;
    const entry = this.#jobs.get(before);
    if (before !== jobName && entry !== undefined) {
      this.remove(before);
      this.#jobs.set(jobName, entry);
    }
    this.setPaused(jobName, paused);
    this.#set(jobName, 'importance', importance === 'normal' ? undefined : importance);
    // A mapping says by itself that it is JSON.
    const said = format === 'auto' || (format === 'json' && jsonRules.length > 0) ? undefined : format;
    const written = this.#jobs.get(jobName)?.get('format');
    if (!(format === 'json' && written === 'json')) this.#set(jobName, 'format', said);
    this.#set(jobName, 'json', jsonRules.length === 0 ? undefined : jsonRules.map(ruleOf));
    this.#set(jobName, 'kube_context', kubeContext === '' ? undefined : kubeContext);
  }

  remove(job: string): void {
    this.#changed = this.#jobs.delete(job) || this.#changed;
  }

  /** The text with what was set; null when it is laid out in a way that cannot be kept. */
  toText(): string | null {
    if (!this.#changed) return this.#text;
    return editTop(this.#text, (top) => {
      // A text is never emptied: what says nothing else keeps the key.
      if (this.#jobs.size > 0) top.set('jobs', this.#jobs);
      else if (top.size > 1) top.delete('jobs');
      else top.set('jobs', null);
    });
  }

  #set(job: string, key: string, value: Desired | undefined): void {
    const entry = new Map(this.#jobs.get(job));
    const before = entry.get(key);
    if (value === undefined ? before === undefined : before !== undefined && saysAlready(before as Plain, value))
      return;
    if (value === undefined) entry.delete(key);
    else entry.set(key, value);
    if (entry.size === 0) this.#jobs.delete(job);
    else this.#jobs.set(job, entry);
    this.#changed = true;
  }
}

function ruleOf({ each, name, value, time, labels, type, help }: JsonRule): Desired {
  const keys: [string, Desired][] = [
    ['each', each],
    ['name', name],
    ['value', value],
    ['time', time],
    ['labels', labels.length === 0 ? '' : new Map(labels)],
    ['type', type],
    ['help', help],
  ];
  return new Map(keys.filter(([, text]) => text !== ''));
}
