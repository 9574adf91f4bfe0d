import type { AuthForm, JobForm, SecretForm } from '#shared/contract/index.ts';
import type { Desired, Plain } from './plain-value.ts';

type PlainMap = ReadonlyMap<string, Plain>;

/** Puts a new secret away and returns the text to write in its place (`hearth-secret:ID`). */
export type SecretSink = (text: string) => string;

/** What the form shows of a job, and why it cannot edit it (null when it can). What hearth.yml says is not in it. */
export interface FormOfJob {
  readonly form: JobForm;
  readonly onlyYaml: string | null;
}

const DEFAULT_PATH = '/metrics';

function text(value: Plain | undefined, fallback = ''): string {
  return typeof value === 'string' ? value : fallback;
}

function asMap(value: Plain | undefined): PlainMap {
  return value instanceof Map ? (value as PlainMap) : new Map();
}

function asList(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? (value as readonly Plain[]) : [];
}

function truth(value: Plain | undefined, fallback: boolean): boolean {
  return typeof value === 'string' ? /^(y|yes|true|on)$/i.test(value) : fallback;
}

function pairs(map: PlainMap): readonly (readonly [string, string])[] {
  return [...map].flatMap(([name, value]): (readonly [string, string])[] =>
    Array.isArray(value) ? (value as readonly Plain[]).map((item) => [name, text(item)]) : [[name, text(value)]],
  );
}

function secretForm(value: Plain | undefined): SecretForm {
  return text(value) === '' ? { kind: 'none' } : { kind: 'kept' };
}

function authForm(job: PlainMap): AuthForm {
  const basic = job.get('basic_auth');
  const authorization = job.get('authorization');
  const keys = (map: PlainMap, allowed: readonly string[]): boolean =>
    [...map.keys()].every((key) => allowed.includes(key));
  if (job.has('oauth2') || job.has('bearer_token_file')) return { type: 'other' };
  if (basic instanceof Map) {
    const map = asMap(basic);
    if (!keys(map, ['username', 'password'])) return { type: 'other' };
    return { type: 'basic', username: text(map.get('username')), password: secretForm(map.get('password')) };
  }
  if (authorization instanceof Map) {
    const map = asMap(authorization);
    const bearer = text(map.get('type'), 'Bearer').trim().toLowerCase() === 'bearer';
    if (!bearer || !keys(map, ['type', 'credentials'])) return { type: 'other' };
    return { type: 'bearer', token: secretForm(map.get('credentials')) };
  }
  const token = secretForm(job.get('bearer_token'));
  return token.kind === 'none' ? { type: 'none' } : { type: 'bearer', token };
}

/** The form of a job as it stands in the file. */
export function formOfJob(job: PlainMap): FormOfJob {
  const groups = asList(job.get('static_configs')).map(asMap);
  const group = groups[0] ?? new Map<string, Plain>();
  const form: JobForm = {
    jobName: text(job.get('job_name')),
    targets: groups.flatMap((each) => asList(each.get('targets')).map((target) => text(target))),
    scheme: text(job.get('scheme')) === 'https' ? 'https' : 'http',
    metricsPath: text(job.get('metrics_path'), DEFAULT_PATH),
    params: pairs(asMap(job.get('params'))),
    scrapeInterval: text(job.get('scrape_interval')),
    scrapeTimeout: text(job.get('scrape_timeout')),
    labels: pairs(asMap(group.get('labels'))),
    honorLabels: truth(job.get('honor_labels'), false),
    honorTimestamps: truth(job.get('honor_timestamps'), true),
    auth: authForm(job),
    sampleLimit: zeroIsNone(text(job.get('sample_limit'))),
    bodySizeLimit: zeroIsNone(text(job.get('body_size_limit'))),
    insecureSkipVerify: truth(asMap(job.get('tls_config')).get('insecure_skip_verify'), false),
    paused: false,
    importance: 'normal',
    format: 'auto',
    jsonRules: [],
  };
  const discovery = [...job.keys()].find((key) => key.endsWith('_sd_configs'));
  let onlyYaml: string | null = null;
  if (discovery !== undefined) onlyYaml = `its targets are found by ${discovery}`;
  else if (groups.length > 1) onlyYaml = `it has ${groups.length} groups of targets with labels of their own`;
  return { form, onlyYaml };
}

function zeroIsNone(limit: string): string {
  return limit === '0' ? '' : limit;
}

/** Order in which keys are written where the file gives none. */
const ORDER = [
  'job_name',
  'honor_labels',
  'honor_timestamps',
  'scrape_interval',
  'scrape_timeout',
  'scheme',
  'metrics_path',
  'params',
  'basic_auth',
  'authorization',
  'bearer_token',
  'tls_config',
  'sample_limit',
  'body_size_limit',
  'static_configs',
  'relabel_configs',
  'metric_relabel_configs',
];

/** A job's keys while they are being changed: new ones go where a person would write them. */
class JobKeys {
  private entries: [string, Desired][];
  constructor(job: PlainMap) {
    this.entries = [...job];
  }

  get(key: string): Desired | undefined {
    return this.entries.find(([name]) => name === key)?.[1];
  }

  set(key: string, value: Desired | undefined): void {
    const at = this.entries.findIndex(([name]) => name === key);
    if (value === undefined) this.entries = this.entries.filter(([name]) => name !== key);
    else if (at >= 0) this.entries[at] = [key, value];
    else {
      const later = new Set(ORDER.slice(ORDER.indexOf(key) + 1));
      const before = this.entries.findIndex(([name]) => later.has(name));
      this.entries.splice(before < 0 ? this.entries.length : before, 0, [key, value]);
    }
  }

  toMap(): ReadonlyMap<string, Desired> {
    return new Map(this.entries);
  }
}

/** Keys that are one text of the form, with the text that stands for their absence. */
const TEXT_KEYS = [
  ['scrape_interval', 'scrapeInterval', ''],
  ['scrape_timeout', 'scrapeTimeout', ''],
  ['scheme', 'scheme', 'http'],
  ['metrics_path', 'metricsPath', DEFAULT_PATH],
  ['sample_limit', 'sampleLimit', ''],
  ['body_size_limit', 'bodySizeLimit', ''],
] as const;

const FLAG_KEYS = [
  ['honor_labels', 'honorLabels', false],
  ['honor_timestamps', 'honorTimestamps', true],
] as const;

/**
 * What a job shall say after the form was filled in: what the form did not change is left as it is written, and so are keys
 * that the form does not know. `job` is empty for a new one.
 */
export function jobOfForm(job: PlainMap, form: JobForm, sink: SecretSink): ReadonlyMap<string, Desired> {
  const before = formOfJob(job).form;
  const isNew = job.size === 0;
  const keys = new JobKeys(job);
  if (isNew || form.jobName !== before.jobName) keys.set('job_name', form.jobName);
  for (const [key, field, none] of TEXT_KEYS) {
    const typed = form[field].trim();
    if (typed !== before[field]) keys.set(key, typed === none || typed === '' ? undefined : plainNumber(typed));
  }
  for (const [key, field, none] of FLAG_KEYS)
    if (form[field] !== before[field]) keys.set(key, form[field] === none ? undefined : form[field]);
  if (!samePairs(form.params, before.params)) keys.set('params', paramsOf(form.params));
  if (form.insecureSkipVerify !== before.insecureSkipVerify) setSkipVerify(keys, form.insecureSkipVerify);
  setAuth(keys, form.auth, before.auth, sink);
  if (isNew || !sameTexts(form.targets, before.targets) || !samePairs(form.labels, before.labels))
    setTargets(keys, form, !samePairs(form.labels, before.labels));
  return keys.toMap();
}

function plainNumber(typed: string): Desired {
  return /^[1-9][0-9]{0,14}$/.test(typed) ? Number(typed) : typed;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

function samePairs(a: JobForm['labels'], b: JobForm['labels']): boolean {
  return a.length === b.length && a.every(([name, value], i) => name === b[i][0] && value === b[i][1]);
}

function paramsOf(params: JobForm['params']): Desired | undefined {
  const map = new Map<string, string[]>();
  for (const [name, value] of params) map.set(name, [...(map.get(name) ?? []), value]);
  return map.size === 0 ? undefined : map;
}

function setSkipVerify(keys: JobKeys, skip: boolean): void {
  const tls = new Map(asDesiredMap(keys.get('tls_config')));
  if (skip) tls.set('insecure_skip_verify', true);
  else tls.delete('insecure_skip_verify');
  keys.set('tls_config', tls.size === 0 ? undefined : tls);
}

function asDesiredMap(value: Desired | undefined): ReadonlyMap<string, Desired> {
  return value instanceof Map ? (value as ReadonlyMap<string, Desired>) : new Map();
}

const AUTH_KEYS = ['basic_auth', 'authorization', 'bearer_token', 'bearer_token_file', 'oauth2'];

function setAuth(keys: JobKeys, auth: AuthForm, before: AuthForm, sink: SecretSink): void {
  if (auth.type === 'other') return;
  if (auth.type !== before.type) for (const key of AUTH_KEYS) keys.set(key, undefined);
  const same = auth.type === before.type;
  switch (auth.type) {
    case 'none':
      return;
    case 'basic': {
      const old = asDesiredMap(keys.get('basic_auth'));
      const basic = new Map(old);
      if (!same || before.type !== 'basic' || auth.username !== before.username) basic.set('username', auth.username);
      setSecret(basic, 'password', auth.password, sink);
      keys.set('basic_auth', basic);
      return;
    }
    case 'bearer': {
      if (auth.token.kind === 'kept' && same) return;
      if (keys.get('bearer_token') !== undefined) {
        const holder = new Map<string, Desired>();
        setSecret(holder, 'bearer_token', auth.token, sink);
        keys.set('bearer_token', holder.get('bearer_token'));
        return;
      }
      const authorization = new Map(asDesiredMap(keys.get('authorization')));
      setSecret(authorization, 'credentials', auth.token, sink);
      if (authorization.size === 0) authorization.set('type', 'Bearer');
      keys.set('authorization', authorization);
    }
  }
}

function setSecret(map: Map<string, Desired>, key: string, secret: SecretForm, sink: SecretSink): void {
  switch (secret.kind) {
    case 'none':
      map.delete(key);
      return;
    case 'kept':
      return;
    case 'new':
      map.set(key, sink(secret.text));
  }
}

function setTargets(keys: JobKeys, form: JobForm, labelsChanged: boolean): void {
  const groups = keys.get('static_configs');
  const [first] = Array.isArray(groups) ? (groups as readonly Desired[]) : [];
  const group = new Map(asDesiredMap(first));
  group.set('targets', form.targets);
  if (labelsChanged) {
    if (form.labels.length === 0) group.delete('labels');
    else group.set('labels', new Map(form.labels));
  }
  keys.set('static_configs', [group]);
}
