import { expect, test } from 'vitest';
import { EMPTY_JOB_FORM, newDiscovery, type DiscoveryForm, type JobForm } from '#shared/contract/index.ts';
import { loadPrometheusConfig } from '#main/config/index.ts';
import { applyEdits } from '#main/config/store/edit-texts.ts';
import { jobViews } from '#main/config/store/job-views.ts';

/** The text after an edit, with new secrets as `sealed(..)`; it has to be a valid configuration. */
function edited(config: string, jobName: string, form: JobForm): string {
  const known = jobViews(config, new Map()).some((job) => job.form.jobName === jobName);
  const edit = known ? ({ type: 'update-job', jobName, form } as const) : ({ type: 'add-job', form } as const);
  const result = applyEdits({ config, hearth: '' }, [edit], (text) => `sealed(${text})`);
  if (!result.ok) throw new Error(result.problem.message);
  const io = { file: '/x/prometheus.yml', readFile: () => '', glob: () => [], env: {} };
  const loaded = loadPrometheusConfig(result.texts.config, io);
  if (!loaded.ok) throw new Error(loaded.problems[0].message);
  return result.texts.config;
}

const formOf = (text: string): JobForm => jobViews(text, new Map())[0].form;
const withValues = (form: DiscoveryForm, values: DiscoveryForm['values']): DiscoveryForm => ({
  ...form,
  values: { ...form.values, ...values },
});

const FILE = `# top
scrape_configs:
  - job_name: pods
    # where they are
    kubernetes_sd_configs:
      - role: pod # not services
        kubeconfig_file: /k
        namespaces:
          names: [shop, 'pay']
        selectors:
          - role: pod
            label: app=web
        attach_metadata:
          namespace: true
    consul_sd_configs:
      - server: 'c:8500'
        token: hearth-secret:abc
      - server: 'd:8500' # the other one
    relabel_configs:
      - action: labelmap
        regex: __meta_(.+)
`;

test('what the form knows of each way is shown, the rest is named', () => {
  const { discovery, targets } = formOf(FILE);
  expect(targets).toEqual([]);
  expect(discovery.map(({ kind, at, kept }) => [kind, at, kept])).toEqual([
    ['kubernetes', 0, ['selectors', 'attach_metadata.namespace']],
    ['consul', 0, []],
    ['consul', 1, []],
  ]);
  expect(discovery[0].values).toEqual({
    role: 'pod',
    kubeconfig_file: '/k',
    api_server: '',
    'namespaces.names': ['shop', 'pay'],
    'namespaces.own_namespace': '',
    'attach_metadata.node': '',
  });
  expect(discovery[1].values.token).toEqual({ kind: 'kept' });
});

test('a change touches its own line; comments, order and unknown keys stay', () => {
  const form = formOf(FILE);
  const [kubernetes, first, second] = form.discovery;
  const after = edited(FILE, 'pods', {
    ...form,
    discovery: [
      withValues(kubernetes, { 'namespaces.names': ['shop'], 'attach_metadata.node': 'true' }),
      first,
      withValues(second, { server: 'e:8500', services: ['web', ' '] }),
    ],
  });
  expect(after).toBe(
    FILE.replace("names: [shop, 'pay']", "names: ['shop']")
      .replace('          namespace: true\n', '          namespace: true\n          node: true\n')
      .replace("'d:8500' # the other one\n", "'e:8500' # the other one\n        services: ['web']\n"),
  );
});

test('one of several entries can be taken out, and the others keep what they have', () => {
  const form = formOf(FILE);
  const [kubernetes, , second] = form.discovery;
  const after = edited(FILE, 'pods', { ...form, discovery: [kubernetes, second] });
  expect(after).toContain("    consul_sd_configs:\n      - server: 'd:8500' # the other one\n    relabel_configs:");
  expect(after).not.toContain('hearth-secret');
  const none = edited(FILE, 'pods', { ...form, discovery: [kubernetes] });
  expect(none).not.toContain('consul');
});

test('a new job that finds its targets, with a secret and without empty keys', () => {
  const discovery = [
    withValues(newDiscovery('hetzner'), {
      role: 'hcloud',
      'authorization.credentials': { kind: 'new', text: 'tok' },
      port: '9100',
    }),
    withValues(newDiscovery('dns'), { names: ['a.example', 'b.example'], type: 'A', port: '80' }),
  ];
  const after = edited('scrape_configs: []\n', 'new', { ...EMPTY_JOB_FORM, jobName: 'new', discovery });
  expect(after).toContain('role: hcloud');
  expect(after).toContain('credentials: sealed(tok)');
  expect(after).toMatch(/names: \['a\.example', 'b\.example'\]/);
  expect(after).not.toContain('static_configs');
  expect(after).not.toContain('label_selector');
});

test('each group of targets is edited with its labels', () => {
  const text = `scrape_configs:
  - job_name: a
    static_configs:
      - targets: ['x:1'] # one
        labels: {env: prod}
      # staging
      - targets: ['y:1', 'y:2']
        labels:
          env: stage # for now
`;
  const form = formOf(text);
  expect(form.targets).toEqual(['x:1']);
  expect(form.moreGroups).toEqual([{ targets: ['y:1', 'y:2'], labels: [['env', 'stage']] }]);
  const changed = edited(text, 'a', {
    ...form,
    moreGroups: [
      { targets: ['y:1'], labels: [['env', 'test']] },
      { targets: ['z:1'], labels: [] },
    ],
  });
  expect(changed).toContain("      - targets: ['x:1'] # one\n        labels: {env: prod}\n      # staging\n");
  expect(changed).toContain("targets: ['y:1']\n        labels:\n          env: test # for now\n");
  expect(changed).toContain("- targets: ['z:1']");
});
