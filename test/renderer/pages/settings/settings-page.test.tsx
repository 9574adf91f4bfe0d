import '../../support/dom.ts';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { useEditing } from '#renderer/pages/settings/editing-store.ts';
import SettingsPage from '#renderer/pages/settings/index.tsx';
import { useUndo } from '#renderer/pages/settings/undo-store.ts';
import { HearthError, type ConfigEdit, type ConfigView } from '#shared/contract/index.ts';
import { renderPage, scriptedCore, type ScriptedCore } from '../../support/render-page.tsx';

let core: ScriptedCore;

beforeEach(() => {
  core = scriptedCore();
  useEditing.setState({ jobs: new Map(), file: null });
  useUndo.setState({ last: null });
});
afterEach(cleanup);

async function open(job = 'shop-api'): Promise<void> {
  renderPage(SettingsPage, core, `#/settings/targets/${job}`);
  await screen.findByRole('textbox', { name: 'Name' });
}

const field = (name: string | RegExp): HTMLInputElement => screen.getByRole('textbox', { name });
const type = (name: string, value: string): void => {
  fireEvent.change(field(name), { target: { value } });
};
const press = (key: string, ctrlKey = true): void => {
  fireEvent.keyDown(document.body, { key, ctrlKey });
};
const applied = (): readonly ConfigEdit[] =>
  core.asked
    .filter(({ method }) => method === 'config.apply')
    .flatMap(({ params }) => (params as { edits: readonly ConfigEdit[] }).edits);

test('changes are counted, saved by Ctrl-S, and then are none', async () => {
  await open();
  type('Scrape every', '10s');
  type('Name', 'shop');
  screen.getByText('2 unsaved changes');
  press('s');
  await waitFor(() => expect(applied()).toHaveLength(1));
  expect(applied()[0]).toMatchObject({
    type: 'update-job',
    jobName: 'shop-api',
    form: { jobName: 'shop', scrapeInterval: '10s' },
  });
  await waitFor(() => expect(window.location.hash).toBe('#/settings/targets/shop'));
  expect(screen.queryByText(/unsaved change/)).toBeNull();
});

test('what cannot be saved is said at its field, and nothing is sent', async () => {
  await open();
  type('Scrape every', '5');
  screen.getByText('5 is no duration. Write it like 15s, 1m or 500ms.');
  const input = field('Scrape every');
  expect(input.getAttribute('aria-invalid')).toBe('true');
  const described = document.getElementById(input.getAttribute('aria-describedby') ?? '');
  expect(described?.textContent).toContain('is no duration');
  press('s');
  await new Promise((resolve) => setTimeout(resolve));
  expect(applied()).toEqual([]);
});

test('typed text is there after looking at another target, and Discard takes it back', async () => {
  await open();
  type('Scrape every', '10s');
  fireEvent.click(screen.getByRole('link', { name: /^prometheus, up/ }));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  await waitFor(() => expect(field('Name').value).toBe('prometheus'));
  window.location.hash = '#/settings/targets/shop-api';
  await waitFor(() => expect(field('Scrape every').value).toBe('10s'));
  fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
  expect(field('Scrape every').value).toBe('5s');
});

test('a pasted URL is taken apart, named, and added as a job of its own', async () => {
  await open('%00new');
  fireEvent.paste(field('URL'), { clipboardData: { getData: () => 'https://ann:pw@db.local:9187/' } });
  expect(field('URL').value).toBe('https://db.local:9187/metrics');
  expect(field('Name').value).toBe('postgres');
  expect(field('User').value).toBe('ann');
  press('s');
  await waitFor(() => expect(applied()).toHaveLength(1));
  expect(applied()[0]).toMatchObject({
    type: 'add-job',
    form: {
      jobName: 'postgres',
      targets: ['db.local:9187'],
      scheme: 'https',
      metricsPath: '/metrics',
      auth: { type: 'basic', username: 'ann', password: { kind: 'new', text: 'pw' } },
    },
  });
  await waitFor(() => expect(window.location.hash).toBe('#/settings/targets/postgres'));
});

test('the name goes along while the URL is typed, and leaving the URL leaves it alone', async () => {
  await open('%00new');
  for (const [typed, name] of [
    ['localhost', 'local-app'],
    ['localhost:', ''],
    ['localhost:9', 'local-9'],
    ['localhost:9187', 'postgres'],
  ]) {
    type('URL', typed);
    expect(field('Name').value).toBe(name);
  }
  type('Name', '');
  fireEvent.blur(field('URL'));
  expect(field('URL').value).toBe('http://localhost:9187/metrics');
  expect(field('Name').value).toBe('');
  type('Name', 'orders');
  type('URL', 'http://localhost:9121/metrics');
  fireEvent.blur(field('URL'));
  expect(field('Name').value).toBe('orders');
});

test('a refusal of the core is shown with its place, and the text stays', async () => {
  core.answer('config.apply', () => {
    const problems = [{ message: 'unknown field', line: 7, column: 3 }];
    throw new HearthError({ kind: 'config-invalid', file: 'prometheus.yml', problems });
  });
  await open();
  type('Scrape every', '10s');
  press('s');
  await screen.findByText('Line 7, column 3: unknown field');
  expect(field('Scrape every').value).toBe('10s');
});

test('a change of the same job elsewhere can be compared and overwritten', async () => {
  await open();
  type('Scrape every', '10s');
  const theirs = await core.client.request('config.get', {});
  const changed: ConfigView = {
    ...theirs,
    version: 'newer',
    jobs: theirs.jobs.map((job) =>
      job.form.jobName === 'shop-api' ? { ...job, form: { ...job.form, scrapeInterval: '1m' } } : job,
    ),
  };
  core.answer('config.get', () => changed);
  core.answer('config.apply', ({ baseVersion }) => {
    if (baseVersion !== 'newer') throw new HearthError({ kind: 'config-conflict', version: 'newer' });
    return changed;
  });
  press('s');
  const banner = await screen.findByText(/changed elsewhere/);
  expect(field('Scrape every').value).toBe('10s');
  fireEvent.click(within(banner.parentElement as HTMLElement).getByRole('button', { name: 'Overwrite with mine' }));
  await waitFor(() => expect(screen.queryByText(/changed elsewhere/)).toBeNull());
  expect(applied().at(-1)).toMatchObject({ type: 'update-job', form: { scrapeInterval: '10s' } });
});

test('removing can be undone from the line at the bottom', async () => {
  await open();
  fireEvent.click(screen.getByRole('button', { name: 'Remove' }));
  const undo = await screen.findByRole('button', { name: 'Undo' });
  await waitFor(() => expect(screen.queryByRole('link', { name: /shop-api/ })).toBeNull());
  fireEvent.click(undo);
  await screen.findByRole('link', { name: /shop-api/ });
  expect(core.asked.some(({ method }) => method === 'config.undo')).toBe(true);
});

test('what saving would change is shown beside the form, and saving can be undone', async () => {
  await open();
  type('Scrape every', '10s');
  const beside = await screen.findByRole('complementary', { name: '1 change' });
  await within(beside).findByLabelText('Added: scrape_interval: 10s', { exact: false });
  within(beside).getByText('+1 −1');
  press('s');
  const undo = await screen.findByRole('button', { name: 'Undo' });
  screen.getByText('shop-api was saved.');
  screen.getByRole('complementary', { name: 'Test scrape' });
  // Another change in between does not become the one that is undone.
  const { version, lastChange } = await core.client.request('config.get', {});
  await core.client.request('config.apply', {
    baseVersion: version,
    edits: [{ type: 'pause-job', jobName: 'prometheus', paused: true }],
  });
  fireEvent.click(undo);
  await waitFor(() => expect(field('Scrape every').value).toBe('5s'));
  expect(core.asked.find(({ method }) => method === 'config.undo')?.params).toEqual({ change: lastChange });
});

test('a cluster is picked from a kubeconfig file, looked into, and written as a job', async () => {
  await open('%00new');
  fireEvent.change(screen.getByRole('combobox', { name: 'Find targets by' }), { target: { value: 'kubernetes' } });
  const entry = await screen.findByRole('group', { name: 'Kubernetes' });
  expect(field('Name').value).toBe('kubernetes');
  // Nobody has to know where the file is.
  fireEvent.click(await within(entry).findByRole('button', { name: 'Use /home/you/.kube/config (2 clusters)' }));
  const context = await within(entry).findByRole('combobox', { name: 'context' });
  expect(
    within(context)
      .getAllByRole('option')
      .map((option) => option.textContent),
  ).toEqual(['current one (staging)', 'staging', 'production']);
  fireEvent.change(context, { target: { value: 'production' } });
  within(entry).getByText('https://k8s.example:443, logged in by aws');
  press('s');
  within(entry).getByText('role is needed.');
  expect(applied()).toEqual([]);
  fireEvent.change(within(entry).getByRole('combobox', { name: 'role' }), { target: { value: 'pod' } });
  fireEvent.change(within(entry).getByRole('textbox', { name: 'namespaces.names' }), {
    target: { value: 'shop, pay' },
  });
  fireEvent.click(screen.getByRole('button', { name: 'Look for targets' }));
  const found = await screen.findByRole('complementary', { name: 'Found' });
  await within(found).findByText('2 found, 1 would be scraped.');
  within(found).getByText('http://10.0.0.4:9100/metrics');
  press('s');
  await waitFor(() => expect(applied()).toHaveLength(1));
  expect(applied()[0]).toMatchObject({
    type: 'add-job',
    form: {
      jobName: 'kubernetes',
      targets: [],
      kubeContext: 'production',
      discovery: [
        {
          kind: 'kubernetes',
          at: null,
          values: { role: 'pod', kubeconfig_file: '/home/you/.kube/config', 'namespaces.names': ['shop', 'pay'] },
        },
      ],
    },
  });
});

test('groups of targets beyond the first are edited, and what the form does not know of a way is named', async () => {
  const view = await core.client.request('config.get', {});
  const form = {
    ...view.jobs[0].form,
    jobName: 'mixed',
    moreGroups: [{ targets: ['y:1', 'y:2'], labels: [['env', 'stage'] as const] }],
    discovery: [{ kind: 'eureka', at: 0, values: {}, kept: ['server'] }],
  };
  await core.client.request('config.apply', { baseVersion: view.version, edits: [{ type: 'add-job', form }] });
  await open('mixed');
  const group = screen.getByRole('group', { name: 'Group 2' });
  fireEvent.change(within(group).getByRole('textbox', { name: /^Addresses/ }), { target: { value: 'y:1' } });
  const eureka = screen.getByRole('group', { name: 'eureka_sd_configs' });
  within(eureka).getByText(/does not find targets this way/);
  within(eureka).getByText('server');
  press('s');
  await waitFor(() => expect(applied()).toHaveLength(2));
  expect(applied()[1]).toMatchObject({
    form: { moreGroups: [{ targets: ['y:1'], labels: [['env', 'stage']] }], discovery: form.discovery },
  });
});

test('pausing is an edit of its own and keeps what is typed', async () => {
  await open();
  type('Scrape every', '10s');
  fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
  await screen.findByRole('button', { name: 'Resume' });
  expect(applied()).toEqual([{ type: 'pause-job', jobName: 'shop-api', paused: true }]);
  expect(field('Scrape every').value).toBe('10s');
});

test('a test scrape says what it would read, and a failed one says why and what to do', async () => {
  await open();
  press('t');
  await screen.findByText('Hearth can read this target.');
  screen.getByRole('cell', { name: 'http_requests_total' });
  type('URL', 'http://localhost:9/metrics');
  press('t');
  await screen.findByText('http://localhost:9/metrics refuses connections.');
  screen.getByText('Is the program running, and is this its port?');
  expect(core.asked.some(({ method }) => method.startsWith('config.') && method !== 'config.get')).toBe(false);
});

test('a secret in the file is never shown, and goes back as kept', async () => {
  const view = await core.client.request('config.get', {});
  const [first, ...rest] = view.jobs;
  const secret: ConfigView = {
    ...view,
    jobs: [{ ...first, form: { ...first.form, auth: { type: 'bearer', token: { kind: 'kept' } } } }, ...rest],
  };
  const subscribe = core.client.subscribe.bind(core.client);
  const client = {
    ...core.client,
    subscribe: ((topic, params, listener) => {
      if (topic !== 'config') return subscribe(topic, params, listener);
      queueMicrotask(() => (listener as { event(view: ConfigView): void }).event(secret));
      return () => undefined;
    }) as typeof subscribe,
  };
  renderPage(SettingsPage, { ...core, client }, '#/settings/targets/shop-api');
  const token = await screen.findByLabelText('Token');
  expect((token as HTMLInputElement).value).toBe('');
  screen.getByText('Kept as it is. Type to replace it.');
  type('Scrape every', '10s');
  press('s');
  await waitFor(() => expect(applied()).toHaveLength(1));
  expect(applied()[0]).toMatchObject({ form: { auth: { type: 'bearer', token: { kind: 'kept' } } } });
});

test('a job that only YAML can edit says why and where', async () => {
  const view = await core.client.request('config.get', {});
  const [first, ...rest] = view.jobs;
  const only: ConfigView = { ...view, jobs: [{ ...first, onlyYaml: 'it uses relabel_configs', line: 12 }, ...rest] };
  const subscribe = core.client.subscribe.bind(core.client);
  const client = {
    ...core.client,
    subscribe: ((topic, params, listener) => {
      if (topic !== 'config') return subscribe(topic, params, listener);
      queueMicrotask(() => (listener as { event(view: ConfigView): void }).event(only));
      return () => undefined;
    }) as typeof subscribe,
  };
  renderPage(SettingsPage, { ...core, client }, '#/settings/targets/shop-api');
  await screen.findByText('This job can only be edited as YAML: it uses relabel_configs');
  expect(screen.getByRole('link', { name: 'Edit at line 12' }).getAttribute('href')).toBe(
    '#/settings/targets/shop-api?view=yaml',
  );
  expect(field('Name').disabled).toBe(true);
});

test('changes of the form go on as text in the YAML tab, and the form waits for it', async () => {
  core.answer('config.preview', () => ({ text: 'scrape_configs: []\n', problems: [], files: [] }));
  core.answer('config.check', () => ({ problems: [], jobs: [] }));
  await open();
  type('Scrape every', '10s');
  fireEvent.click(screen.getByRole('tab', { name: 'YAML' }));
  await waitFor(() => expect(useEditing.getState().file?.text).toBe('scrape_configs: []\n'));
  await waitFor(() => expect(window.location.hash).toContain('view=yaml'));
  await screen.findAllByText(/unsaved change/);
  fireEvent.click(screen.getByRole('tab', { name: 'Form' }));
  await screen.findByText(/unsaved text in the YAML tab/);
  expect(field('Name').disabled).toBe(true);
});

test('while the unsaved text is wrong, the form says in which line', async () => {
  core.answer('config.check', () => ({
    problems: [{ line: 7, column: 3, message: 'unknown field "scrape_intervall"' }],
    jobs: [],
  }));
  const view = await core.client.request('config.get', {});
  useEditing.getState().editFile(view, 'mine: true\n');
  await open();
  await screen.findByText('The file has unsaved text in the YAML tab. Line 7: unknown field "scrape_intervall"');
  expect(field('Name').disabled).toBe(true);
  expect(useEditing.getState().file?.text).toBe('mine: true\n');
});

test('a conflict of the text keeps it and offers ways on', async () => {
  core.answer('config.save', () => {
    throw new HearthError({ kind: 'config-conflict', version: 'newer' });
  });
  core.answer('config.check', () => ({ problems: [], jobs: [] }));
  const view = await core.client.request('config.get', {});
  useEditing.getState().editFile(view, 'mine: true\n');
  renderPage(SettingsPage, core, '#/settings/targets/shop-api?view=yaml');
  fireEvent.click(await screen.findByRole('button', { name: /^Save/ }));
  await screen.findByText(/changed elsewhere/);
  expect(useEditing.getState().file?.text).toBe('mine: true\n');
  fireEvent.click(screen.getByRole('button', { name: 'Reload, drop my changes' }));
  await waitFor(() => expect(useEditing.getState().file).toBeNull());
});

test('while the file cannot be read, its targets stay in view, and YAML is the way on', async () => {
  let tell: (view: ConfigView) => void = () => undefined;
  const view = await core.client.request('config.get', {});
  const subscribe = core.client.subscribe.bind(core.client);
  const client = {
    ...core.client,
    subscribe: ((topic, params, listener) => {
      if (topic !== 'config') return subscribe(topic, params, listener);
      tell = (next) => (listener as { event(view: ConfigView): void }).event(next);
      queueMicrotask(() => tell(view));
      return () => undefined;
    }) as typeof subscribe,
  };
  renderPage(SettingsPage, { ...core, client }, '#/settings/targets/shop-api');
  await screen.findByRole('textbox', { name: 'Name' });
  tell({ ...view, jobs: [], problems: [{ message: 'bad indentation', line: 35, column: 1 }] });
  await screen.findByText(/an older version of it is running. Line 35: bad indentation/);
  expect(screen.getAllByRole('link', { name: /shop-api|prometheus|redis/ })).toHaveLength(3);
  expect(field('Name').disabled).toBe(true);
  tell(view);
  await waitFor(() => expect(field('Name').disabled).toBe(false));
});

test('series by selector: what is typed is checked, and saved as a list', async () => {
  renderPage(SettingsPage, core, '#/settings/storage');
  await screen.findByText('3 samples: 0 duplicate, 3 out of order, 0 too old');
  fireEvent.click(await screen.findByRole('button', { name: 'Add selector' }));
  type('Selector 1', '{job=');
  screen.getByText('{job= is not a selector, such as {job="debug"}.');
  const row = within(field('Selector 1').closest('form') as HTMLElement);
  expect(row.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true);
  type('Selector 1', '{job="debug"}');
  type('Keep what selector 1 matches for', '2d');
  fireEvent.click(row.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(applied()).toHaveLength(1));
  expect(applied()[0]).toEqual({
    type: 'set-storage',
    storage: { retention: [{ match: '{job="debug"}', keep: '2d' }], tiers: [], useTiers: false },
  });
});

test('tiers: common ones are offered, what is typed is checked, and queries are told to use them', async () => {
  renderPage(SettingsPage, core, '#/settings/storage');
  fireEvent.click(await screen.findByRole('button', { name: 'Add tier' }));
  fireEvent.click(screen.getByRole('button', { name: 'Add tier' }));
  type('Length of a bucket of tier 2', '7m');
  screen.getByText('7m does not divide a day, such as 5m or 1h.');
  const row = within(field('Length of a bucket of tier 1').closest('form') as HTMLElement);
  expect(row.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true);
  type('Length of a bucket of tier 2', '5m');
  screen.getByText('5m is there already.');
  type('Length of a bucket of tier 2', '30m');
  type('Keep tier 2 for', '2y');
  fireEvent.click(row.getByRole('switch', { name: 'Queries use tiers' }));
  fireEvent.click(row.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(applied()).toHaveLength(1));
  const tiers = [
    { resolution: '5m', keep: '180d' },
    { resolution: '30m', keep: '2y' },
  ];
  expect(applied()[0]).toEqual({ type: 'set-storage', storage: { retention: [], tiers, useTiers: true } });
});

test('a copy of the store says where it is', async () => {
  renderPage(SettingsPage, core, '#/settings/storage');
  fireEvent.click(await screen.findByRole('button', { name: 'Copy the store now' }));
  await screen.findByText(/in \/snapshots\/x$/);
  expect(core.asked.find(({ method }) => method === 'admin.snapshot')?.params).toEqual({ skipHead: false });
});
