import type { AuthForm, OAuth2Form, SecretForm } from '#shared/contract/index.ts';
import { CARRIED, formOfDraft, type JobDraft } from './job-draft.ts';

/** What a change is counted by: one control of the form, or one row of labels. */
export type ChangedField =
  | 'jobName'
  | 'endpoint'
  | Exclude<(typeof CARRIED)[number], 'paused'>
  | `label-${number}`
  /** Rows that were there and are not any more. */
  | 'labels-removed';

/** The fields in which `draft` would be written differently from `base`. */
export function changedFields(base: JobDraft, draft: JobDraft): ReadonlySet<ChangedField> {
  const changed = new Set<ChangedField>();
  const before = formOfDraft(base);
  const after = formOfDraft(draft);
  if (before.jobName !== after.jobName) changed.add('jobName');
  for (const field of CARRIED)
    if (field !== 'auth' && field !== 'paused' && JSON.stringify(before[field]) !== JSON.stringify(after[field]))
      changed.add(field);
  const endpointOf = (form: typeof before): string =>
    JSON.stringify([form.targets, form.scheme, form.metricsPath, form.params]);
  if (endpointOf(before) !== endpointOf(after)) changed.add('endpoint');
  if (!sameAuth(before.auth, after.auth)) changed.add('auth');

  // Rows are matched by position: a row that was inserted counts once, because rows are only ever added at the end.
  const key = (row: { name: string; value: string }): string => JSON.stringify([row.name.trim(), row.value]);
  const rest = base.labels.map(key);
  for (const [i, row] of draft.labels.entries()) {
    const at = rest.indexOf(key(row));
    if (at >= 0) rest.splice(at, 1);
    else if (row.name !== '' || row.value !== '') changed.add(`label-${i}`);
  }
  const edited = [...changed].filter((field) => field.startsWith('label-')).length;
  if (rest.length > edited) changed.add('labels-removed');
  return changed;
}

const OAUTH_TEXTS = [
  'grant',
  'clientId',
  'tokenUrl',
  'scopes',
  'keyFile',
  'keyId',
  'issuer',
  'audience',
  'algorithm',
] as const satisfies readonly (keyof OAuth2Form)[];

function sameAuth(a: AuthForm, b: AuthForm): boolean {
  switch (a.type) {
    case 'none':
    case 'other':
      return b.type === a.type;
    case 'basic':
      return b.type === 'basic' && a.username === b.username && sameSecret(a.password, b.password);
    case 'bearer':
      return b.type === 'bearer' && sameSecret(a.token, b.token);
    case 'oauth2':
      return (
        b.type === 'oauth2' &&
        OAUTH_TEXTS.every((name) => a[name] === b[name]) &&
        sameSecret(a.clientSecret, b.clientSecret) &&
        sameSecret(a.key, b.key)
      );
  }
}

function sameSecret(a: SecretForm, b: SecretForm): boolean {
  if (a.kind === 'new') return b.kind === 'new' && a.text === b.text;
  return a.kind === b.kind;
}
