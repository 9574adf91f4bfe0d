import { expect, test } from 'vitest';
import { draftOfForm, EMPTY_DRAFT, formOfDraft } from '#renderer/pages/settings/job-draft.ts';
import { saveJob } from '#renderer/pages/settings/save-job.ts';
import {
  HearthError,
  type ConfigEdit,
  type ConfigView,
  type CoreClient,
  type JobForm,
} from '#shared/contract/index.ts';

function jobForm(jobName: string, change: Partial<JobForm> = {}): JobForm {
  return { ...formOfDraft(EMPTY_DRAFT), jobName, targets: [`${jobName}:1`], ...change };
}

/** A core with one file; whoever edits an old version of it gets a conflict. */
function fakeFile(jobs: readonly JobForm[]) {
  let version = 1;
  let current = [...jobs];
  const applied: ConfigEdit[] = [];
  const view = (): ConfigView => ({
    path: '/p.yml',
    text: '',
    version: String(version),
    problems: [],
    jobs: current.map((form, i) => ({ form, onlyYaml: null, line: i + 1 })),
    globalInterval: 15_000,
    globalTimeout: 10_000,
    storage: { retention: [], tiers: [], useTiers: false },
    editable: true,
    lastChange: null,
  });
  const client = {
    request: async (method: string, params: { baseVersion: string; edits: readonly ConfigEdit[] }) => {
      if (method === 'config.get') return view();
      if (params.baseVersion !== String(version)) {
        throw new HearthError({ kind: 'config-conflict', version: String(version) });
      }
      applied.push(...params.edits);
      version++;
      return view();
    },
    subscribe: () => () => undefined,
  } as unknown as CoreClient;
  const elsewhere = (next: readonly JobForm[]): void => {
    current = [...next];
    version++;
  };
  return { client, view, applied, elsewhere };
}

test('an edit of a job updates it, a new one is added', async () => {
  const file = fakeFile([jobForm('a')]);
  const base = draftOfForm(jobForm('a'));
  const draft = { ...base, scrapeInterval: '5s' };
  const saved = await saveJob(file.client, { view: file.view(), base, draft, overwrite: false });
  expect(saved).toMatchObject({ kind: 'saved', jobName: 'a' });
  await saveJob(file.client, { view: file.view(), base: null, draft: draftOfForm(jobForm('b')), overwrite: false });
  expect(file.applied.map((edit) => edit.type)).toEqual(['update-job', 'add-job']);
});

test('a renamed job is updated under the name it has in the file', async () => {
  const file = fakeFile([jobForm('a')]);
  const base = draftOfForm(jobForm('a'));
  const saved = await saveJob(file.client, {
    view: file.view(),
    base,
    draft: { ...base, jobName: 'b' },
    overwrite: false,
  });
  expect(saved).toMatchObject({ kind: 'saved', jobName: 'b' });
  expect(file.applied[0]).toMatchObject({ type: 'update-job', jobName: 'a', form: { jobName: 'b' } });
});

test('a change of another job elsewhere is no conflict', async () => {
  const file = fakeFile([jobForm('a')]);
  const old = file.view();
  file.elsewhere([jobForm('a'), jobForm('z')]);
  const base = draftOfForm(jobForm('a'));
  const saved = await saveJob(file.client, {
    view: old,
    base,
    draft: { ...base, scrapeInterval: '5s' },
    overwrite: false,
  });
  expect(saved.kind).toBe('saved');
});

test('a change of the same job elsewhere is a conflict until overwriting is chosen', async () => {
  const file = fakeFile([jobForm('a')]);
  const old = file.view();
  file.elsewhere([jobForm('a', { scrapeInterval: '1m' })]);
  const base = draftOfForm(jobForm('a'));
  const draft = { ...base, scrapeInterval: '5s' };
  expect(await saveJob(file.client, { view: old, base, draft, overwrite: false })).toEqual({
    kind: 'conflict',
    removed: false,
  });
  expect(file.applied).toEqual([]);
  expect((await saveJob(file.client, { view: old, base, draft, overwrite: true })).kind).toBe('saved');
});

test('a job removed elsewhere is a conflict; overwriting adds it again', async () => {
  const file = fakeFile([jobForm('a')]);
  const old = file.view();
  file.elsewhere([]);
  const base = draftOfForm(jobForm('a'));
  const draft = { ...base, scrapeInterval: '5s' };
  expect(await saveJob(file.client, { view: old, base, draft, overwrite: false })).toEqual({
    kind: 'conflict',
    removed: true,
  });
  await saveJob(file.client, { view: old, base, draft, overwrite: true });
  expect(file.applied.map((edit) => edit.type)).toEqual(['add-job']);
});

test('a refusal is passed on as it is', async () => {
  const problems = [{ message: 'bad', line: 3, column: 1 }];
  const client = {
    request: () => Promise.reject(new HearthError({ kind: 'config-invalid', file: 'p.yml', problems })),
    subscribe: () => () => undefined,
  } as unknown as CoreClient;
  const file = fakeFile([]);
  const draft = draftOfForm(jobForm('a'));
  await expect(saveJob(client, { view: file.view(), base: null, draft, overwrite: false })).rejects.toMatchObject({
    detail: { kind: 'config-invalid', problems },
  });
});
