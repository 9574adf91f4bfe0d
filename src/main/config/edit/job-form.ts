import type { JobForm, TargetGroupForm } from '#shared/contract/index.ts';
import { discoveryOfJob, setDiscovery } from './discovery-form.ts';
import { accessOfJob, setAccess } from './job-form-access.ts';
import { listOfRules, rulesOfList } from './job-form-relabel.ts';
import { JobKeys } from './job-keys.ts';
import { asDesiredMap, asList, asMap, plainNumber, text, truth, type PlainMap, type SecretSink } from './plain-map.ts';
import type { Desired, Plain } from './plain-value.ts';

export type { SecretSink } from './plain-map.ts';

const DEFAULT_PATH = '/metrics';

function pairs(map: PlainMap): readonly (readonly [string, string])[] {
  return [...map].flatMap(([name, value]): (readonly [string, string])[] =>
    Array.isArray(value) ? (value as readonly Plain[]).map((item) => [name, text(item)]) : [[name, text(value)]],
  );
}

function groupForm(group: PlainMap): TargetGroupForm {
  return {
    targets: asList(group.get('targets')).map((target) => text(target)),
    labels: pairs(asMap(group.get('labels'))),
  };
}

/** The form of a job as it stands in the file, without what hearth.yml says. */
export function formOfJob(job: PlainMap): JobForm {
  const [first, ...moreGroups] = asList(job.get('static_configs')).map((group) => groupForm(asMap(group)));
  return {
    jobName: text(job.get('job_name')),
    targets: first?.targets ?? [],
    moreGroups,
    discovery: discoveryOfJob(job),
    scheme: text(job.get('scheme')) === 'https' ? 'https' : 'http',
    metricsPath: text(job.get('metrics_path'), DEFAULT_PATH),
    params: pairs(asMap(job.get('params'))),
    scrapeInterval: text(job.get('scrape_interval')),
    scrapeTimeout: text(job.get('scrape_timeout')),
    labels: first?.labels ?? [],
    honorLabels: truth(job.get('honor_labels'), false),
    honorTimestamps: truth(job.get('honor_timestamps'), true),
    sampleLimit: zeroIsNone(text(job.get('sample_limit'))),
    bodySizeLimit: zeroIsNone(text(job.get('body_size_limit'))),
    targetLimit: zeroIsNone(text(job.get('target_limit'))),
    labelLimit: zeroIsNone(text(job.get('label_limit'))),
    labelNameLengthLimit: zeroIsNone(text(job.get('label_name_length_limit'))),
    labelValueLengthLimit: zeroIsNone(text(job.get('label_value_length_limit'))),
    ...accessOfJob(job),
    relabelRules: rulesOfList(job.get('relabel_configs')),
    metricRelabelRules: rulesOfList(job.get('metric_relabel_configs')),
    paused: false,
    importance: 'normal',
    format: 'auto',
    jsonRules: [],
    kubeContext: '',
  };
}

function zeroIsNone(limit: string): string {
  return limit === '0' ? '' : limit;
}

/** Keys that are one text of the form, with the text that stands for their absence. */
const TEXT_KEYS = [
  ['scrape_interval', 'scrapeInterval', ''],
  ['scrape_timeout', 'scrapeTimeout', ''],
  ['scheme', 'scheme', 'http'],
  ['metrics_path', 'metricsPath', DEFAULT_PATH],
  ['sample_limit', 'sampleLimit', ''],
  ['body_size_limit', 'bodySizeLimit', ''],
  ['target_limit', 'targetLimit', ''],
  ['label_limit', 'labelLimit', ''],
  ['label_name_length_limit', 'labelNameLengthLimit', ''],
  ['label_value_length_limit', 'labelValueLengthLimit', ''],
] as const;

const RULE_KEYS = [
  ['relabel_configs', 'relabelRules'],
  ['metric_relabel_configs', 'metricRelabelRules'],
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
  const before = formOfJob(job);
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
  setAccess(keys, form, before, sink);
  for (const [key, field] of RULE_KEYS)
    if (JSON.stringify(form[field]) !== JSON.stringify(before[field]))
      keys.set(key, listOfRules(keys.get(key), form[field]));
  setDiscovery(keys, form.discovery, before.discovery, sink);
  if (isNew || !sameGroups(form, before)) setGroups(keys, form, before);
  return keys.toMap();
}

function samePairs(a: JobForm['labels'], b: JobForm['labels']): boolean {
  return a.length === b.length && a.every(([name, value], i) => name === b[i][0] && value === b[i][1]);
}

function paramsOf(params: JobForm['params']): Desired | undefined {
  const map = new Map<string, string[]>();
  for (const [name, value] of params) map.set(name, [...(map.get(name) ?? []), value]);
  return map.size === 0 ? undefined : map;
}

function groupsOf({ targets, labels, moreGroups }: JobForm): readonly TargetGroupForm[] {
  return [{ targets, labels }, ...moreGroups];
}

function sameGroups(a: JobForm, b: JobForm): boolean {
  return JSON.stringify(groupsOf(a)) === JSON.stringify(groupsOf(b));
}

/** Groups are those of the file by their place; a job that only finds targets needs none. */
function setGroups(keys: JobKeys, form: JobForm, before: JobForm): void {
  const written = keys.get('static_configs');
  const old = Array.isArray(written) ? (written as readonly Desired[]) : [];
  const groups = groupsOf(form).map(({ targets, labels }, i) => {
    const group = new Map(asDesiredMap(old[i]));
    group.set('targets', targets);
    if (!samePairs(labels, groupsOf(before).at(i)?.labels ?? [])) {
      if (labels.length === 0) group.delete('labels');
      else group.set('labels', new Map(labels));
    }
    return group;
  });
  const nothing = form.discovery.length > 0 && groupsOf(form).every((group) => group.targets.length === 0);
  keys.set('static_configs', nothing ? undefined : groups);
}
