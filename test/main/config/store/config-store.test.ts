import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EMPTY_JOB_FORM, HearthError, type JobForm } from '#shared/contract/index.ts';
import {
  createConfigStore,
  fileSecretStore,
  nodeConfigFs,
  resolveSecret,
  type ConfigStore,
  type ConfigStoreOptions,
} from '#main/config/index.ts';

let folder: string;
let store: ConfigStore;
const stores: ConfigStore[] = [];

const path = (name: string): string => join(folder, name);
const onDisk = (name = 'prometheus.yml'): string => readFileSync(path(name), 'utf8');

async function open(options: Partial<ConfigStoreOptions> = {}): Promise<ConfigStore> {
  const fs = nodeConfigFs();
  const opened = createConfigStore({
    configFile: path('prometheus.yml'),
    hearthFile: path('hearth.yml'),
    configFileGiven: false,
    fs,
    secrets: fileSecretStore(path('secrets.json'), fs),
    env: {},
    ...options,
  });
  stores.push(opened);
  await opened.start();
  return opened;
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not happen within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function failure(work: Promise<unknown>): Promise<HearthError['detail']> {
  try {
    await work;
  } catch (error) {
    if (error instanceof HearthError) return error.detail;
    throw error;
  }
  throw new Error('it did not fail');
}

function pausedJobs(of: ConfigStore): string[] {
  return [...of.running().hearth.jobs].flatMap(([name, { paused }]) => (paused ? [name] : []));
}

function formOf(jobName: string, change: Partial<JobForm> = {}): JobForm {
  return {
    ...EMPTY_JOB_FORM,
    jobName,
    targets: ['localhost:1'],
    ...change,
  };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-store-'));
});

afterEach(async () => {
  for (const opened of stores.splice(0)) await opened.stop();
});

describe('a first run', () => {
  test('writes a commented file that is a valid configuration, and watches this computer', async () => {
    store = await open();
    expect(onDisk()).toMatch(/^# /);
    expect(store.problems()).toEqual([]);
    expect(store.running().prometheus.scrapeConfigs).toEqual([]);
    expect(store.running().machineEnabled).toBe(true);
    expect(store.view()).toMatchObject({ editable: true, globalInterval: 15_000, jobs: [] });
  });

  test('a job added to it is scraped, and the comments are still there', async () => {
    store = await open();
    const before = onDisk();
    const view = await store.apply(store.view().version, [{ type: 'add-job', form: formOf('web') }]);
    expect(view.jobs.map((job) => job.form.jobName)).toEqual(['web']);
    expect(store.running().prometheus.scrapeConfigs.map((job) => job.jobName)).toEqual(['web']);
    expect(onDisk().startsWith(before.trimEnd())).toBe(true);
  });

  test('a file named by the user is not made, and this computer not watched', async () => {
    store = await open({ configFileGiven: true });
    expect(existsSync(path('prometheus.yml'))).toBe(false);
    expect(store.problems()[0].message).toContain('no such file');
    expect(store.running().machineEnabled).toBe(false);
  });
});

describe('edits', () => {
  beforeEach(async () => {
    writeFileSync(path('prometheus.yml'), '# top\nscrape_configs:\n  - job_name: a # one\n  - job_name: b\n');
    store = await open();
  });

  test('a preview writes nothing', async () => {
    const before = onDisk();
    const preview = await store.preview(store.view().version, [{ type: 'remove-job', jobName: 'b' }]);
    const text = '# top\nscrape_configs:\n  - job_name: a # one\n';
    expect(preview).toEqual({ text, problems: [], files: [{ path: path('prometheus.yml'), before, after: text }] });
    expect(onDisk()).toBe(before);
    // What only hearth.yml says is shown too.
    const pause = await store.preview(store.view().version, [{ type: 'pause-job', jobName: 'b', paused: true }]);
    expect(pause.files).toEqual([
      { path: path('hearth.yml'), before: '', after: expect.stringContaining('b:\n    paused: true') },
    ]);
  });

  test('both files can be saved together; one that is not valid keeps both as they are', async () => {
    const before = onDisk();
    const { version } = store.view();
    const files = store.files();
    expect(files).toEqual({ prometheus: before, hearth: '' });
    const bad = await failure(store.save(version, `${before}# new\n`, 'nope: 1\n'));
    expect(bad.kind).toBe('config-invalid');
    expect(onDisk()).toBe(before);
    await store.save(version, `${before}# new\n`, 'version: 1\njobs:\n  b:\n    paused: true\n');
    expect(onDisk()).toBe(`${before}# new\n`);
    expect(pausedJobs(store)).toEqual(['b']);
  });

  test('undo brings the file back byte for byte, step by step', async () => {
    const texts = [onDisk()];
    const changes: string[] = [];
    for (const jobName of ['c', 'd']) {
      const { lastChange } = await store.apply(store.view().version, [{ type: 'add-job', form: formOf(jobName) }]);
      changes.push(String(lastChange));
      texts.push(onDisk());
    }
    await store.undo(changes[1]);
    expect(onDisk()).toBe(texts[1]);
    expect(store.view().lastChange).toBe(changes[0]);
    const view = await store.undo(changes[0]);
    expect(onDisk()).toBe(texts[0]);
    expect(view.lastChange).toBe(null);
    expect(store.running().prometheus.scrapeConfigs.map((job) => job.jobName)).toEqual(['a', 'b']);
    expect(await failure(store.undo(changes[0]))).toEqual({ kind: 'not-found', what: 'undo' });
  });

  test('undo takes back the change that is meant and leaves later ones, by hand or not, as they are', async () => {
    const form = (jobName: string) => store.view().jobs.find((job) => job.form.jobName === jobName)?.form ?? formOf('');
    const first = await store.apply(store.view().version, [
      { type: 'update-job', jobName: 'a', form: { ...form('a'), scrapeInterval: '5s' } },
    ]);
    await store.apply(store.view().version, [{ type: 'add-job', form: formOf('c') }]);
    await store.apply(store.view().version, [{ type: 'pause-job', jobName: 'b', paused: true }]);
    writeFileSync(path('prometheus.yml'), `${onDisk()}# by hand\n`);
    await store.undo(String(first.lastChange));
    expect(form('a').scrapeInterval).toBe('');
    expect(store.view().jobs.map((job) => job.form.jobName)).toEqual(['a', 'b', 'c']);
    expect(onDisk()).toMatch(/^# top\nscrape_configs:\n  - job_name: a # one\n  - job_name: b\n[^]*# by hand\n$/);
    expect(pausedJobs(store)).toEqual(['b']);
  });

  test('undo is refused where a later change touches the same lines, or where what is left would not be valid', async () => {
    const before = await store.apply(store.view().version, [{ type: 'add-job', form: formOf('c') }]);
    const change = String(before.lastChange);
    const { form } = store.view().jobs[2];
    await store.apply(store.view().version, [
      { type: 'update-job', jobName: 'c', form: { ...form, scrapeInterval: '7s' } },
    ]);
    const text = onDisk();
    expect(await failure(store.undo(change))).toEqual({ kind: 'config-overlap', file: path('prometheus.yml') });
    // Removed, and another of that name added meanwhile: both together are one too many.
    const removed = await store.apply(store.view().version, [{ type: 'remove-job', jobName: 'a' }]);
    await store.apply(store.view().version, [{ type: 'add-job', form: formOf('a') }]);
    expect((await failure(store.undo(String(removed.lastChange)))).kind).toBe('config-invalid');
    expect(onDisk()).not.toBe(text);
    expect(store.view().jobs.map((job) => job.form.jobName)).toEqual(['b', 'c', 'a']);
  });

  test("nobody else's change is overwritten", async () => {
    const { version } = store.view();
    writeFileSync(path('prometheus.yml'), '# changed by hand\n');
    const edit = [{ type: 'remove-job', jobName: 'b' }] as const;
    const detail = await failure(store.apply(version, edit));
    expect(detail.kind).toBe('config-conflict');
    expect(detail).toMatchObject({ version: store.view().version });
    expect((await failure(store.save(version, 'global: {}\n'))).kind).toBe('config-conflict');
    expect(onDisk()).toBe('# changed by hand\n');
  });

  test('what is not valid is refused with its place, and the file stays', async () => {
    const before = onDisk();
    const detail = await failure(
      store.apply(store.view().version, [
        { type: 'update-job', jobName: 'b', form: formOf('b', { scrapeInterval: '5x' }) },
      ]),
    );
    expect(detail).toMatchObject({ kind: 'config-invalid', problems: [{ line: 5, column: 22 }] });
    const double = await failure(store.apply(store.view().version, [{ type: 'add-job', form: formOf('a') }]));
    expect(double).toMatchObject({ kind: 'config-invalid', problems: [{ message: expect.stringContaining('"a"') }] });
    expect((await failure(store.save(store.view().version, 'nope: 1\n'))).kind).toBe('config-invalid');
    expect(onDisk()).toBe(before);
    expect(readdirSync(folder)).toEqual(['prometheus.yml']);
  });

  test('pausing is kept in hearth.yml and follows the name of the job', async () => {
    writeFileSync(path('hearth.yml'), '# mine\nmachine:\n  interval: 5s # slow\n');
    await store.reload();
    let view = await store.apply(store.view().version, [{ type: 'pause-job', jobName: 'b', paused: true }]);
    expect(view.jobs.map((job) => job.form.paused)).toEqual([false, true]);
    expect(onDisk('hearth.yml')).toBe('# mine\nmachine:\n  interval: 5s # slow\njobs:\n  b:\n    paused: true\n');
    expect(store.running().hearth.machine.interval).toBe(5000);
    view = await store.apply(view.version, [
      { type: 'update-job', jobName: 'b', form: { ...view.jobs[1].form, jobName: 'z' } },
    ]);
    expect(pausedJobs(store)).toEqual(['z']);
    view = await store.apply(view.version, [{ type: 'remove-job', jobName: 'z' }]);
    expect(onDisk('hearth.yml')).toBe('# mine\nmachine:\n  interval: 5s # slow\n');
    await store.undo(String(view.lastChange));
    expect(pausedJobs(store)).toEqual(['z']);
  });

  test('how JSON is read is kept in hearth.yml, follows the name of the job, and goes with it', async () => {
    writeFileSync(path('hearth.yml'), 'version: 1\njobs:\n  b: # mine\n    paused: true # for now\n');
    await store.reload();
    let view = store.view();
    const rule = {
      each: '$.x[*]',
      name: 'm',
      value: '$.v',
      time: '',
      labels: [['l', '$.id']],
      type: '',
      help: '',
    } as const;
    const form = { ...view.jobs[1].form, format: 'json', jsonRules: [rule] } as const;
    view = await store.apply(view.version, [{ type: 'update-job', jobName: 'b', form }]);
    expect(onDisk('hearth.yml')).toBe(
      'version: 1\njobs:\n  b: # mine\n    paused: true # for now\n    json:\n      - each: $.x[*]\n        name: m\n        value: $.v\n        labels:\n          l: $.id\n',
    );
    expect(view.jobs[1].form).toEqual(form);
    expect(store.draft({ ...form, jsonRules: [] }).own).toMatchObject({ format: 'json', jsonRules: [] });
    const after = await store.apply(view.version, [
      {
        type: 'update-job',
        jobName: 'b',
        form: { ...form, jobName: 'z', jsonRules: [{ ...rule, help: 'Text: "x"' }] },
      },
    ]);
    expect(after.jobs[1].form).toMatchObject({ jobName: 'z', paused: true, jsonRules: [{ help: 'Text: "x"' }] });
    view = await store.apply(after.version, [
      { type: 'update-job', jobName: 'z', form: { ...after.jobs[1].form, format: 'influx', jsonRules: [] } },
    ]);
    expect(store.running().hearth.jobs.get('z')).toMatchObject({ format: 'influx', jsonRules: [], paused: true });
    await store.apply(view.version, [{ type: 'remove-job', jobName: 'z' }]);
    expect(onDisk('hearth.yml')).toBe('version: 1\n');
  });

  test('what load may do and which share is scraped', async () => {
    writeFileSync(
      path('hearth.yml'),
      'load: { stretch: 8, max_interval: 5m }\nshard: { index: 1, of: 3 }\njobs: { a: { importance: low } }\n',
    );
    await store.reload();
    expect(store.problems()).toEqual([]);
    expect(store.running().hearth).toMatchObject({
      load: { stretch: 8, maxInterval: 300_000 },
      shard: { index: 1, of: 3 },
    });
    expect(store.running().hearth.jobs.get('a')?.importance).toBe('low');
    for (const [text, problem] of [
      ['shard: { index: 3, of: 3 }', /shard\.index: must be below "of"/],
      ['shard: { index: 0 }', /shard\.of/],
      ['load: { stretch: 0 }', /load\.stretch: must be a whole number from 1 to 100/],
      ['load: { max_interval: 1x }', /load\.max_interval/],
      ['jobs: { a: { importance: urgent } }', /must be low, normal or high/],
    ] as const) {
      writeFileSync(path('hearth.yml'), text);
      await store.reload();
      expect(store.problems()[0].message).toMatch(problem);
    }
    // What ran goes on.
    expect(store.running().hearth.shard).toEqual({ index: 1, of: 3 });
  });

  test('a mapping that cannot be is refused with its place', async () => {
    writeFileSync(path('hearth.yml'), 'jobs:\n  b:\n    json:\n      - name: m\n        value: $.v[\n');
    await store.reload();
    expect(store.problems()).toEqual([
      {
        message: expect.stringMatching(/^hearth\.yml: jobs\.b\.json\.0\.value: not a JSONPath expression: /),
        line: 5,
        column: 16,
      },
    ]);
    writeFileSync(path('hearth.yml'), 'jobs:\n  b:\n    format: influx\n    json: [{ name: m }]\n');
    await store.reload();
    expect(store.problems()[0].message).toMatch(/of no use where the format is influx/);
  });

  test('a pause in a fresh hearth.yml', async () => {
    await store.apply(store.view().version, [{ type: 'pause-job', jobName: 'a', paused: true }]);
    expect(onDisk('hearth.yml')).toMatch(/^# .*\nversion: 1\njobs:\n {2}a:\n {4}paused: true\n$/);
    store = await open();
    expect(pausedJobs(store)).toEqual(['a']);
  });

  test('retention by selector is shown, edited and kept beside the comments', async () => {
    const own = '# mine\nstorage:\n  # noisy\n  retention:\n    - match: \'{job="a"}\' # why\n      keep: 1d\n';
    writeFileSync(path('hearth.yml'), own);
    store = await open();
    const view = store.view();
    expect(view.storage).toEqual({ retention: [{ match: '{job="a"}', keep: '1d' }], tiers: [], useTiers: false });
    expect(store.running().hearth.storage.retention).toEqual([
      { match: '{job="a"}', matchers: [{ name: 'job', type: '=', value: 'a' }], keep: 86_400_000 },
    ]);
    const retention = [...view.storage.retention, { match: 'debug_x', keep: '0s' }];
    const after = await store.apply(view.version, [{ type: 'set-storage', storage: { ...view.storage, retention } }]);
    expect(after.storage.retention).toEqual(retention);
    expect(onDisk('hearth.yml')).toBe(`${own}    - match: debug_x\n      keep: 0s\n`);
    expect(store.running().hearth.storage.retention[1]).toMatchObject({ match: 'debug_x', keep: null });
    await store.apply(after.version, [{ type: 'set-storage', storage: { ...view.storage, retention: [] } }]);
    expect(store.running().hearth.storage.retention).toEqual([]);
  });

  test('tiers are shown, edited and kept; what is none is refused', async () => {
    writeFileSync(path('hearth.yml'), 'storage:\n  tiers:\n    - resolution: 1h # coarse\n      keep: 2y\n');
    store = await open();
    const view = store.view();
    expect(view.storage).toEqual({ retention: [], tiers: [{ resolution: '1h', keep: '2y' }], useTiers: false });
    const tiers = [...view.storage.tiers, { resolution: '5m', keep: '0s' }];
    const after = await store.apply(view.version, [
      { type: 'set-storage', storage: { ...view.storage, tiers, useTiers: true } },
    ]);
    expect(after.storage).toEqual({ retention: [], tiers, useTiers: true });
    expect(store.running().hearth.storage).toMatchObject({
      tiers: [
        { resolution: 300_000, keep: null },
        { resolution: 3_600_000, keep: 2 * 365 * 86_400_000 },
      ],
      useTiers: true,
    });
    for (const resolution of ['7m', '30s', 'x', '5m']) {
      const storage = { ...after.storage, tiers: [...tiers, { resolution, keep: '1d' }] };
      const failure: unknown = await store
        .apply(after.version, [{ type: 'set-storage', storage }])
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ detail: { kind: 'config-invalid' } });
    }
  });

  test('tiers of a store in memory are refused, with their place and what to do', async () => {
    writeFileSync(path('hearth.yml'), 'storage:\n  engine: memory\n');
    store = await open();
    const before = store.view();
    const storage = { ...before.storage, tiers: [{ resolution: '1h', keep: '2y' }] };
    const failure: unknown = await store
      .apply(before.version, [{ type: 'set-storage', storage }])
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      detail: {
        kind: 'config-invalid',
        problems: [{ line: 4, message: expect.stringContaining('engine: sqlite') as string }],
      },
    });
  });

  test('a selector that does not parse is refused with its place', async () => {
    const edit = {
      type: 'set-storage',
      storage: { retention: [{ match: '{job=', keep: '1d' }], tiers: [], useTiers: false },
    } as const;
    const failure: unknown = await store.apply(store.view().version, [edit]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ detail: { kind: 'config-invalid' } });
    const [problem] = (failure as { detail: { problems: { message: string; line: number }[] } }).detail.problems;
    expect(problem.message).toContain('storage.retention.0.match: "{job="');
    expect(problem.line).toBeGreaterThan(1);
    expect(store.running().hearth.storage.retention).toEqual([]);
  });

  test('edits made at once do not lose each other: the second learns of the first', async () => {
    const { version } = store.view();
    const results = await Promise.allSettled([
      store.apply(version, [{ type: 'add-job', form: formOf('x') }]),
      store.apply(version, [{ type: 'add-job', form: formOf('y') }]),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected']);
    expect(store.view().jobs.map((job) => job.form.jobName)).toEqual(['a', 'b', 'x']);
  });
});

describe('secrets', () => {
  const text = `remote_write:
  - url: http://me:hunter2@h/write
scrape_configs:
  - job_name: a
    basic_auth:
      username: u
      password: hunter2 # mine
  - job_name: b
    authorization: {credentials: "hunter2"}
`;

  test('they are not in the view, and come back when the text is saved', async () => {
    writeFileSync(path('prometheus.yml'), text);
    store = await open();
    const view = store.view();
    expect(JSON.stringify(view)).not.toContain('hunter2');
    expect(view.text).toContain('password: <secret> # mine');
    expect(view.jobs[0].form.auth).toEqual({ type: 'basic', username: 'u', password: { kind: 'kept' } });
    expect(store.check(view.text).problems).toEqual([]);
    const saved = await store.save(view.version, view.text.replace('job_name: b', 'scheme: https\n    job_name: b'));
    expect(JSON.stringify(saved)).not.toContain('hunter2');
    expect(onDisk()).toBe(
      text
        .replace('job_name: b', 'scheme: https\n    job_name: b')
        .replace('http://me:hunter2@h/write', '"http://me:hunter2@h/write"'),
    );
  });

  test('jobs that change places keep their own', async () => {
    writeFileSync(path('prometheus.yml'), text.replace('"hunter2"', '"other"'));
    store = await open();
    const view = store.view();
    const [head, a, b] = view.text.split(/(?= {2}- job_name)/);
    await store.save(view.version, head + b + a);
    const jobs = store.running().prometheus.scrapeConfigs;
    expect(jobs.map((job) => job.jobName)).toEqual(['b', 'a']);
    expect(jobs[0].http.authorization?.credentials).toBe('other');
    expect(jobs[1].http.basicAuth?.password).toBe('hunter2');
  });

  test('a mask that stands for nothing is refused with its place', async () => {
    writeFileSync(path('prometheus.yml'), text);
    store = await open();
    const view = store.view();
    const renamed = view.text.replace('job_name: a', 'job_name: z');
    expect(store.check(renamed).problems).toMatchObject([{ line: 7, column: 17 }]);
    expect(await failure(store.save(view.version, renamed))).toMatchObject({ problems: [{ line: 7, column: 17 }] });
  });

  test('they are masked in a file that does not parse', async () => {
    writeFileSync(path('prometheus.yml'), `${text}  - job_name: "c\n`);
    store = await open();
    expect(store.problems()).toHaveLength(1);
    expect(JSON.stringify(store.view())).not.toContain('hunter2');
  });

  test('a new one goes to the secret store, readable by its owner alone; the file names it', async () => {
    store = await open();
    const auth: JobForm['auth'] = { type: 'basic', username: 'u', password: { kind: 'new', text: 'hunter2' } };
    const edits = [{ type: 'add-job', form: formOf('a', { auth }) }] as const;
    const preview = await store.preview(store.view().version, edits);
    expect(preview.problems).toEqual([]);
    expect(existsSync(path('secrets.json'))).toBe(false);
    const view = await store.apply(store.view().version, edits);
    expect(onDisk()).not.toContain('hunter2');
    expect(view.text).toMatch(/password: hearth-secret:\S+/);
    expect(statSync(path('secrets.json')).mode & 0o777).toBe(0o600);
    const secret = store.running().prometheus.scrapeConfigs[0].http.basicAuth?.password ?? '';
    const fs = nodeConfigFs();
    expect(await resolveSecret(fileSecretStore(path('secrets.json'), fs), secret)).toBe('hunter2');
    await expect(resolveSecret(fileSecretStore(path('none.json'), fs), secret)).rejects.toThrow('enter it again');
    const kept = await store.apply(view.version, [
      { type: 'update-job', jobName: 'a', form: { ...view.jobs[0].form, scheme: 'https' } },
    ]);
    expect(kept.jobs[0].form).toMatchObject({ scheme: 'https', auth: { type: 'basic', password: { kind: 'kept' } } });
    expect(store.running().prometheus.scrapeConfigs[0].http.basicAuth?.password).toBe(secret);
  });
});

describe('changes from outside', () => {
  const good = (name: string): string => `scrape_configs:\n  - job_name: ${name}\n`;

  beforeEach(async () => {
    writeFileSync(path('prometheus.yml'), good('a'));
    store = await open();
  });

  const jobs = (): readonly string[] => store.running().prometheus.scrapeConfigs.map((job) => job.jobName);

  test('are noticed, written in place or renamed over, again and again', async () => {
    for (const [i, name] of ['b', 'c', 'd', 'e'].entries()) {
      if (i % 2 === 0) writeFileSync(path('prometheus.yml'), good(name));
      else {
        writeFileSync(path('other'), good(name));
        renameSync(path('other'), path('prometheus.yml'));
      }
      await until(() => jobs().join() === name);
    }
    writeFileSync(path('hearth.yml'), 'machine: {enabled: false}\n');
    await until(() => !store.running().machineEnabled);
    expect(jobs()).toEqual(['e']);
  });

  test('a bad file leaves what ran running and says what is wrong, until it is repaired', async () => {
    const changes: boolean[] = [];
    store.onChange(({ running }) => changes.push(running));
    writeFileSync(path('prometheus.yml'), 'scrape_configs:\n  - job_name: b\n    nope: 1\n');
    await until(() => store.problems().length > 0);
    expect(store.view().problems).toEqual([
      { message: 'field nope not found in type config.ScrapeConfig', line: 3, column: 5 },
    ]);
    expect(jobs()).toEqual(['a']);
    expect(changes).toEqual([false]);
    writeFileSync(path('prometheus.yml'), good('b'));
    await until(() => jobs().join() === 'b');
    expect(store.problems()).toEqual([]);
    expect(changes.at(-1)).toBe(true);
  });

  test('a bad hearth.yml is told with its place', async () => {
    writeFileSync(path('hearth.yml'), 'machine:\n  interval: 1ms\n');
    await store.reload();
    expect(store.problems()).toEqual([
      { message: 'hearth.yml: machine.interval: must be at least 500ms', line: 2, column: 13 },
    ]);
    writeFileSync(path('hearth.yml'), 'mashine: {}\n');
    await store.reload();
    expect(store.problems()[0].message).toContain('mashine');
    expect(jobs()).toEqual(['a']);
  });

  test('included files are read again on reload', async () => {
    writeFileSync(path('prometheus.yml'), 'scrape_config_files: [j/*.yml, k.yml]\n');
    writeFileSync(path('k.yml'), good('k1'));
    await store.reload();
    expect(jobs()).toEqual(['k1']);
    writeFileSync(path('k.yml'), good('k2'));
    await store.reload();
    expect(jobs()).toEqual(['k2']);
  });

  test('a file that was taken away is missed, and welcome back', async () => {
    renameSync(path('prometheus.yml'), path('gone'));
    await until(() => store.problems().length > 0);
    expect(jobs()).toEqual(['a']);
    renameSync(path('gone'), path('prometheus.yml'));
    await until(() => store.problems().length === 0);
  });

  test('the mode of the file stays', async () => {
    chmodSync(path('prometheus.yml'), 0o640);
    await store.reload();
    await store.apply(store.view().version, [{ type: 'add-job', form: formOf('z') }]);
    expect(statSync(path('prometheus.yml')).mode & 0o777).toBe(0o640);
  });

  test('a read-only store shows and refuses', async () => {
    store = await open({ readOnly: true });
    expect(store.view().editable).toBe(false);
    const detail = await failure(store.apply(store.view().version, [{ type: 'remove-job', jobName: 'a' }]));
    expect(detail.kind).toBe('config-invalid');
  });
});
