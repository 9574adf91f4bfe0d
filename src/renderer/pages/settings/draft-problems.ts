import { fileFields, saysNothing } from '#shared/contract/index.ts';
import { parseDuration, type Millis } from '#shared/model/index.ts';
import { formOfDraft, type JobDraft } from './job-draft.ts';
import { isTargetAddress, parseTargetUrl, type TargetUrlProblem } from '#renderer/target-url/index.ts';

/** What the form knows to be wrong before the core is asked. The core decides; this only spares a round trip. */
export type DraftProblem =
  | { readonly kind: 'name-empty' }
  | { readonly kind: 'name-taken'; readonly name: string }
  | { readonly kind: 'url'; readonly problem: TargetUrlProblem }
  | { readonly kind: 'no-targets' }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'address-twice'; readonly address: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'duration'; readonly text: string }
  | { readonly kind: 'timeout-over-interval'; readonly timeout: Millis; readonly interval: Millis }
  | { readonly kind: 'label-name-empty' }
  | { readonly kind: 'label-twice'; readonly name: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'size'; readonly text: string }
  | { readonly kind: 'username-empty' }
  | { readonly kind: 'setting-empty'; readonly key: string }
  | { readonly kind: 'secret-empty' };

const COUNTS = ['sampleLimit', 'targetLimit', 'labelLimit', 'labelNameLengthLimit', 'labelValueLengthLimit'] as const;

export type ProblemField =
  | 'jobName'
  | 'endpoint'
  | `address-${number}`
  | 'path'
  | 'scrapeInterval'
  | 'scrapeTimeout'
  | `label-${number}`
  | 'sampleLimit'
  | 'bodySizeLimit'
  | (typeof COUNTS)[number]
  | `discovery-${number}`
  | 'username'
  | 'secret';

export type DraftProblems = ReadonlyMap<ProblemField, DraftProblem>;

export interface DraftSurroundings {
  /** Names of the other jobs. */
  readonly otherJobs: ReadonlySet<string>;
  readonly globalInterval: Millis;
  readonly globalTimeout: Millis;
}

/** `512KB`, `10MiB`, `1.5GB`: powers of two whichever way they are written, as Prometheus takes them. */
const SIZE = /^(?:0|(?:\d+(?:\.\d+)?[KMGTPE]?i?B)+)$/;

export function draftProblems(draft: JobDraft, around: DraftSurroundings): DraftProblems {
  const problems = new Map<ProblemField, DraftProblem>();
  const form = formOfDraft(draft);

  if (form.jobName === '') problems.set('jobName', { kind: 'name-empty' });
  else if (around.otherJobs.has(form.jobName)) problems.set('jobName', { kind: 'name-taken', name: form.jobName });

  endpointProblems(draft, problems);

  for (const [i, { kind, values }] of draft.discovery.entries()) {
    const missing = fileFields(kind).find(({ key, required }) => required === true && saysNothing(values[key]));
    if (missing !== undefined) problems.set(`discovery-${i}`, { kind: 'setting-empty', key: missing.key });
  }

  const interval = form.scrapeInterval === '' ? around.globalInterval : parseDuration(form.scrapeInterval);
  if (interval === null || interval === 0)
    problems.set('scrapeInterval', { kind: 'duration', text: form.scrapeInterval });
  const timeout = form.scrapeTimeout === '' ? null : parseDuration(form.scrapeTimeout);
  if (form.scrapeTimeout !== '' && (timeout === null || timeout === 0))
    problems.set('scrapeTimeout', { kind: 'duration', text: form.scrapeTimeout });
  else if (timeout !== null && interval !== null && interval > 0 && timeout > interval)
    problems.set('scrapeTimeout', { kind: 'timeout-over-interval', timeout, interval });

  const seen = new Set<string>();
  for (const [i, row] of draft.labels.entries()) {
    const name = row.name.trim();
    if (name === '' && row.value === '') continue;
    if (name === '') problems.set(`label-${i}`, { kind: 'label-name-empty' });
    else if (seen.has(name)) problems.set(`label-${i}`, { kind: 'label-twice', name });
    seen.add(name);
  }

  for (const field of COUNTS)
    if (!/^\d*$/.test(form[field])) problems.set(field, { kind: 'number', text: draft[field] });
  if (form.bodySizeLimit !== '' && !SIZE.test(form.bodySizeLimit))
    problems.set('bodySizeLimit', { kind: 'size', text: draft.bodySizeLimit });

  if (form.auth.type === 'basic' && form.auth.username === '') problems.set('username', { kind: 'username-empty' });
  const secret = form.auth.type === 'bearer' ? form.auth.token : null;
  if (secret !== null && (secret.kind === 'none' || (secret.kind === 'new' && secret.text === '')))
    problems.set('secret', { kind: 'secret-empty' });
  return problems;
}

function endpointProblems(draft: JobDraft, problems: Map<ProblemField, DraftProblem>): void {
  const { endpoint } = draft;
  if (endpoint.kind === 'one') {
    const parsed = parseTargetUrl(endpoint.url);
    if (!parsed.ok) problems.set('endpoint', { kind: 'url', problem: parsed.problem });
    return;
  }
  const seen = new Set<string>();
  for (const [i, text] of endpoint.addresses.entries()) {
    const address = text.trim();
    if (address === '') continue;
    if (!isTargetAddress(address)) problems.set(`address-${i}`, { kind: 'address', address });
    else if (seen.has(address)) problems.set(`address-${i}`, { kind: 'address-twice', address });
    seen.add(address);
  }
  const elsewhere = draft.discovery.length > 0 || formOfDraft(draft).moreGroups.length > 0;
  if (seen.size === 0 && !elsewhere) problems.set('endpoint', { kind: 'no-targets' });
  const path = endpoint.path.trim();
  if (path !== '' && !path.startsWith('/')) problems.set('path', { kind: 'path', path });
}
