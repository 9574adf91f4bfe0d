import { expect, test } from 'vitest';
import { changedFields } from '#renderer/pages/settings/draft-changes.ts';
import { draftProblems } from '#renderer/pages/settings/draft-problems.ts';
import {
  draftOfForm,
  EMPTY_DRAFT,
  formOfDraft,
  takePastedUrl,
  withAnotherTarget,
  withoutTarget,
  type JobDraft,
} from '#renderer/pages/settings/job-draft.ts';
import { EMPTY_JOB_FORM, type JobForm } from '#shared/contract/index.ts';

const form: JobForm = {
  ...EMPTY_JOB_FORM,
  jobName: 'shop',
  targets: ['localhost:3905'],
  scrapeInterval: '5s',
  labels: [['env', 'dev']],
  auth: { type: 'bearer', token: { kind: 'kept' } },
  sampleLimit: '10000',
};
const base = draftOfForm(form);
const around = { otherJobs: new Set(['node']), globalInterval: 15_000, globalTimeout: 10_000 };
const changes = (draft: JobDraft): string[] => [...changedFields(base, draft)];
const problems = (draft: JobDraft) => Object.fromEntries(draftProblems(draft, around));

test('a form through a draft is the same form', () => {
  expect(formOfDraft(base)).toEqual(form);
  const several: JobForm = { ...form, targets: ['a:1', 'b:2'], params: [['x', 'y']], metricsPath: '/m' };
  expect(formOfDraft(draftOfForm(several))).toEqual(several);
});

test('one target and its query are one URL', () => {
  const query: JobForm = { ...form, params: [['collect[]', 'cpu']] };
  expect(draftOfForm(query).endpoint).toEqual({ kind: 'one', url: 'http://localhost:3905/metrics?collect[]=cpu' });
});

test('a pasted URL with a user becomes address and basic access', () => {
  const pasted = takePastedUrl(base, 'https://ann:pw@db:9187/');
  expect(pasted?.endpoint).toEqual({ kind: 'one', url: 'https://db:9187/metrics' });
  expect(pasted?.auth).toEqual({ type: 'basic', username: 'ann', password: { kind: 'new', text: 'pw' } });
  expect(takePastedUrl(base, 'not a url')).toBeNull();
});

test('a second target shares path and parameters; the last one left is a URL again', () => {
  const several = withAnotherTarget({ kind: 'one', url: 'https://a:1/m?x=y' });
  expect(several).toEqual({
    kind: 'several',
    addresses: ['a:1', ''],
    scheme: 'https',
    path: '/m',
    params: [['x', 'y']],
  });
  expect(withoutTarget(several, 1)).toEqual({ kind: 'one', url: 'https://a:1/m?x=y' });
});

test('nothing is changed by writing the same thing otherwise', () => {
  expect(changes({ ...base, sampleLimit: '10,000' })).toEqual([]);
  expect(changes({ ...base, endpoint: { kind: 'one', url: 'localhost:3905' } })).toEqual([]);
  expect(changes({ ...base, labels: [...base.labels, { name: '', value: '' }] })).toEqual([]);
});

test('each changed control and each changed label row counts once', () => {
  expect(changes({ ...base, scrapeInterval: '10s', jobName: 'x' })).toEqual(['jobName', 'scrapeInterval']);
  expect(changes({ ...base, labels: [{ name: 'env', value: 'prod' }] })).toEqual(['label-0']);
  expect(changes({ ...base, labels: [...base.labels, { name: 'team', value: 'a' }] })).toEqual(['label-1']);
  expect(changes({ ...base, labels: [] })).toEqual(['labels-removed']);
});

test('a secret counts as changed only when a new one is typed', () => {
  expect(changes({ ...base, auth: { type: 'bearer', token: { kind: 'kept' } } })).toEqual([]);
  expect(changes({ ...base, auth: { type: 'bearer', token: { kind: 'new', text: 'x' } } })).toEqual(['auth']);
  expect(changes({ ...base, auth: { type: 'none' } })).toEqual(['auth']);
});

test('a draft that can be saved has no problem', () => {
  expect(problems(base)).toEqual({});
});

test('what cannot be saved is named at its field', () => {
  expect(problems({ ...EMPTY_DRAFT, jobName: '' })).toEqual({
    jobName: { kind: 'name-empty' },
    endpoint: { kind: 'url', problem: 'empty' },
  });
  expect(problems({ ...base, jobName: 'node' })).toEqual({ jobName: { kind: 'name-taken', name: 'node' } });
  expect(problems({ ...base, scrapeInterval: '5' })).toEqual({ scrapeInterval: { kind: 'duration', text: '5' } });
  expect(problems({ ...base, scrapeTimeout: '6s' })).toEqual({
    scrapeTimeout: { kind: 'timeout-over-interval', timeout: 6000, interval: 5000 },
  });
  expect(problems({ ...base, bodySizeLimit: '10 apples' })).toEqual({
    bodySizeLimit: { kind: 'size', text: '10 apples' },
  });
  expect(problems({ ...base, bodySizeLimit: '1.5MiB', sampleLimit: 'many' })).toEqual({
    sampleLimit: { kind: 'number', text: 'many' },
  });
  const rows = [...base.labels, { name: 'env', value: 'x' }, { name: '', value: 'y' }];
  expect(problems({ ...base, labels: rows })).toEqual({
    'label-1': { kind: 'label-twice', name: 'env' },
    'label-2': { kind: 'label-name-empty' },
  });
  expect(problems({ ...base, auth: { type: 'bearer', token: { kind: 'none' } } })).toEqual({
    secret: { kind: 'secret-empty' },
  });
});

test('several targets are checked one by one', () => {
  const endpoint = {
    kind: 'several',
    addresses: ['a:1', 'http://b', 'a:1', ''],
    scheme: 'http',
    path: 'm',
    params: [],
  };
  expect(problems({ ...base, endpoint: endpoint as JobDraft['endpoint'] })).toEqual({
    'address-1': { kind: 'address', address: 'http://b' },
    'address-2': { kind: 'address-twice', address: 'a:1' },
    path: { kind: 'path', path: 'm' },
  });
});
