import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RELABEL_ACTIONS, type JobForm, type RelabelRule } from '#shared/contract/index.ts';
import { addJob, removeJob, updateJob } from '../../../../src/main/config/edit/job-list.ts';
import { jobOfForm } from '../../../../src/main/config/edit/job-form.ts';
import { findJob, jobViews } from '../../../../src/main/config/store/job-views.ts';
import { loadPrometheusConfig } from '#main/config/index.ts';

const STOCK = `# my global config
global:
  scrape_interval:     15s # By default, scrape targets every 15 seconds.

  external_labels: {monitor: 'codelab'}

# jobs follow
scrape_configs:
  # The job name is added as a label.
  - job_name: prometheus   # ourselves

    # Override the global default.
    scrape_interval: 5s

    static_configs:
      - targets: ['localhost:9090']   # it is here
        labels:
          env:  prod
          "quoted key": 'x'

  # node exporters
  - job_name: "node"
    honor_labels: yes
    basic_auth: {username: u, password: p}
    static_configs:
    - targets:
      - a:9100 # first
      # between
      - b:9100

    relabel_configs:
      - source_labels: [__address__]   # keep me
        target_label: x
  - job_name: last
# trailing comment
rule_files: [a.yml]   # end`;

function edit(text: string, jobName: string, change: Partial<JobForm>): string {
  const found = findJob(text, jobName);
  const view = jobViews(text, new Map()).find((job) => job.form.jobName === jobName);
  if (found === null || view === undefined) throw new Error(`no job ${jobName}`);
  const desired = jobOfForm(found.job, { ...view.form, ...change }, (secret) => `hearth-secret:${secret}`);
  const after = updateJob(text, found.index, desired);
  if (after === null) throw new Error('not editable');
  return after;
}

/** The lines that differ, as `-old` and `+new`, by taking common lines off both ends. */
function changedLines(before: string, after: string): readonly string[] {
  const a = before.split('\n');
  const b = after.split('\n');
  while (a.length > 0 && b.length > 0 && a[0] === b[0]) {
    a.shift();
    b.shift();
  }
  while (a.length > 0 && b.length > 0 && a.at(-1) === b.at(-1)) {
    a.pop();
    b.pop();
  }
  return [...a.map((line) => `-${line}`), ...b.map((line) => `+${line}`)];
}

describe('one change changes one place', () => {
  const cases: readonly (readonly [what: string, job: string, change: Partial<JobForm>, lines: readonly string[]])[] = [
    ['nothing', 'prometheus', {}, []],
    [
      'a value that is there',
      'prometheus',
      { scrapeInterval: '7s' },
      ['-    scrape_interval: 5s', '+    scrape_interval: 7s'],
    ],
    [
      'a name with a comment behind it',
      'prometheus',
      { jobName: 'me' },
      ['-  - job_name: prometheus   # ourselves', '+  - job_name: me   # ourselves'],
    ],
    ['a quoted name stays quoted', 'node', { jobName: 'nodes' }, ['-  - job_name: "node"', '+  - job_name: "nodes"']],
    ['a value that is not there', 'prometheus', { scheme: 'https' }, ['+    scheme: https']],
    ['a value back to its default', 'prometheus', { scrapeInterval: '' }, ['-    scrape_interval: 5s']],
    [
      'targets on one line',
      'prometheus',
      { targets: ['localhost:9090', 'h:1'] },
      [
        "-      - targets: ['localhost:9090']   # it is here",
        "+      - targets: ['localhost:9090', 'h:1']   # it is here",
      ],
    ],
    ['a target of a list is added', 'node', { targets: ['a:9100', 'b:9100', 'c:9100'] }, ['+      - c:9100']],
    ['a target is put between', 'node', { targets: ['a:9100', 'c:9100', 'b:9100'] }, ['+      - c:9100']],
    ['a target is taken out', 'node', { targets: ['a:9100'] }, ['-      - b:9100']],
    ['the first target is taken out', 'node', { targets: ['b:9100'] }, ['-      - a:9100 # first']],
    [
      'a label is changed',
      'prometheus',
      {
        labels: [
          ['env', 'dev'],
          ['quoted key', 'x'],
        ],
      },
      ['-          env:  prod', '+          env:  dev'],
    ],
    [
      'a label is added',
      'prometheus',
      {
        labels: [
          ['env', 'prod'],
          ['quoted key', 'x'],
          ['zone', '1'],
        ],
      },
      ["+          zone: '1'"],
    ],
    ['a truth value', 'node', { honorLabels: false }, ['-    honor_labels: yes']],
    ['a key for a bare job', 'last', { scrapeTimeout: '3s' }, ['+    scrape_timeout: 3s']],
    ['targets for a bare job', 'last', { targets: ['z:1'] }, ['+    static_configs:', "+      - targets: ['z:1']"]],
    [
      'a new password, the user as it was',
      'node',
      { auth: { type: 'basic', username: 'u', password: { kind: 'new', text: 'n' } } },
      ['-    basic_auth: {username: u, password: p}', "+    basic_auth: {username: 'u', password: 'hearth-secret:n'}"],
    ],
    ['no more login', 'node', { auth: { type: 'none' } }, ['-    basic_auth: {username: u, password: p}']],
    ['a kept password', 'node', { auth: { type: 'basic', username: 'u', password: { kind: 'kept' } } }, []],
    [
      'a bearer token',
      'last',
      { auth: { type: 'bearer', token: { kind: 'new', text: 't' } } },
      ['+    authorization:', '+      credentials: hearth-secret:t'],
    ],
    [
      'certificates unchecked',
      'last',
      { insecureSkipVerify: true },
      ['+    tls_config:', '+      insecure_skip_verify: true'],
    ],
    [
      'parameters',
      'last',
      {
        params: [
          ['m', 'a'],
          ['m', 'b'],
          ['n', 'c d'],
        ],
      },
      ['+    params:', "+      m: ['a', 'b']", "+      n: ['c d']"],
    ],
    [
      'limits',
      'last',
      { sampleLimit: '100', bodySizeLimit: '10MB' },
      ['+    sample_limit: 100', '+    body_size_limit: 10MB'],
    ],
  ];

  test.each(cases)('%s', (_, job, change, lines) => {
    const after = edit(STOCK, job, change);
    expect(changedLines(STOCK, after)).toEqual(lines);
    const name = change.jobName ?? job;
    const form = jobViews(after, new Map()).find((view) => view.form.jobName === name)?.form;
    const { auth: _secret, ...shown } = change;
    expect(form).toMatchObject(shown);
  });

  test('line ends of Windows are kept', () => {
    const crlf = STOCK.replaceAll('\n', '\r\n');
    const after = edit(crlf, 'node', { targets: ['a:9100', 'b:9100', 'c:9100'], scheme: 'https' });
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(after.replaceAll('\r\n', '\n')).toBe(
      edit(STOCK, 'node', { targets: ['a:9100', 'b:9100', 'c:9100'], scheme: 'https' }),
    );
  });

  test('a job on one line is laid out anew, and only that', () => {
    const text = "scrape_configs:\n  - {job_name: a, static_configs: [{targets: ['x:1']}]}\n  - job_name: b # keep\n";
    const after = edit(text, 'a', { scheme: 'https' });
    expect(after).toContain('  - job_name: b # keep\n');
    expect(jobViews(after, new Map())[0].form).toMatchObject({ jobName: 'a', scheme: 'https', targets: ['x:1'] });
  });
});

describe('jobs come and go', () => {
  const job = new Map([['job_name', 'new']]);
  test.each([
    ['an empty file', '', 'scrape_configs:\n  - job_name: new\n'],
    ['a file of comments', '# hello', '# hello\nscrape_configs:\n  - job_name: new\n'],
    ['no jobs key', 'global: {}\n', 'global: {}\n\nscrape_configs:\n  - job_name: new\n'],
    [
      'an empty key',
      'scrape_configs: # none\nrule_files: []\n',
      'scrape_configs:\n  - job_name: new # none\nrule_files: []\n',
    ],
    ['an empty list', 'scrape_configs: []\nglobal: {}\n', 'scrape_configs:\n  - job_name: new\nglobal: {}\n'],
    [
      'a job without indentation',
      'scrape_configs:\n- job_name: a\n',
      'scrape_configs:\n- job_name: a\n- job_name: new\n',
    ],
    [
      'jobs that stand apart',
      'scrape_configs:\n  - job_name: a\n\n  - job_name: b\n    # of b\n\n# end\n',
      'scrape_configs:\n  - job_name: a\n\n  - job_name: b\n    # of b\n\n  - job_name: new\n\n# end\n',
    ],
    [
      'no line break at the end',
      'scrape_configs:\n  - job_name: a',
      'scrape_configs:\n  - job_name: a\n  - job_name: new\n',
    ],
  ])('added to %s', (_, before, after) => {
    expect(addJob(before, job)).toBe(after);
  });

  test('a job goes with its comments, all else stays', () => {
    const after = removeJob(STOCK, 1);
    const from = STOCK.indexOf('\n  # node exporters');
    const to = STOCK.indexOf('  - job_name: last');
    expect(after).toBe(STOCK.slice(0, from + 1) + STOCK.slice(to));
  });

  test('the last one leaves an empty list', () => {
    const after = removeJob('scrape_configs:\n  - job_name: a\n    scheme: https\n# end\n', 0);
    expect(after).toBe('scrape_configs:\n# end\n');
  });
});

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const address = fc.oneof(
  fc.tuple(name, fc.integer({ min: 1, max: 65_535 })).map(([host, port]) => `${host}:${port}`),
  fc.constantFrom('[::1]:9100', 'a b:1', "it's:1", '"q":1', '#x:1', 'y', 'null', '1.5', '', '\\n', 'ü:1', 'a: b'),
);
const value = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('true', '~', '- a', '{x', '#', ' lead', 'a\nb', '👍'),
);
const labelPairs = fc.uniqueArray(fc.tuple(name, value), { maxLength: 4, selector: ([key]) => key });
const orNull = (texts: fc.Arbitrary<string>): fc.Arbitrary<string | null> => fc.option(texts, { nil: null });
const rule = fc.record<RelabelRule>({
  action: fc.constantFrom(...RELABEL_ACTIONS),
  sourceLabels: fc.uniqueArray(fc.constantFrom('__address__', 'job', '__meta_x'), { maxLength: 2 }),
  separator: orNull(fc.constantFrom('', ';', '#')),
  regex: orNull(fc.constantFrom('(.*)', 'a: (b)', '', '.*:\\d+', '# x')),
  modulus: orNull(fc.constantFrom('8', '3')),
  targetLabel: orNull(fc.constantFrom('x', '__tmp')),
  replacement: orNull(fc.constantFrom('$1', '', '${1}:80', "it's")),
});
const NO_KEY = {
  type: 'oauth2',
  clientId: 'me: 1',
  clientSecret: { kind: 'none' },
  tokenUrl: 'https://t/x',
  scopes: 'a b',
  key: { kind: 'none' },
  keyFile: '',
  keyId: '',
  issuer: '',
  audience: '',
  algorithm: '',
} as const;

const form: fc.Arbitrary<JobForm> = fc.record({
  jobName: fc.constantFrom('changed', 'null', 'x: y', "it's"),
  targets: fc.array(address, { maxLength: 6 }),
  scheme: fc.constantFrom('http' as const, 'https' as const),
  metricsPath: fc.constantFrom('/metrics', '/a?b', '/probe'),
  params: labelPairs,
  scrapeInterval: fc.constantFrom('', '5s', '1m30s'),
  scrapeTimeout: fc.constantFrom('', '1s'),
  labels: labelPairs,
  honorLabels: fc.boolean(),
  honorTimestamps: fc.boolean(),
  auth: fc.constantFrom<JobForm['auth'][]>(
    { type: 'none' },
    { type: 'basic', username: 'u: 1', password: { kind: 'new', text: 's' } },
    { type: 'bearer', token: { kind: 'new', text: 's' } },
    {
      ...NO_KEY,
      grant: 'secret',
      clientSecret: { kind: 'new', text: 's' },
    },
    {
      ...NO_KEY,
      grant: 'jwt',
      key: { kind: 'new', text: 'k' },
      keyId: 'id',
      issuer: 'me',
      audience: 'them',
      algorithm: 'RS512',
    },
  ),
  sampleLimit: fc.constantFrom('', '10'),
  bodySizeLimit: fc.constantFrom('', '1MB'),
  targetLimit: fc.constantFrom('', '5'),
  labelLimit: fc.constantFrom('', '30'),
  labelNameLengthLimit: fc.constantFrom('', '64'),
  labelValueLengthLimit: fc.constantFrom('', '200'),
  insecureSkipVerify: fc.boolean(),
  tls: fc.record({
    caFile: fc.constantFrom('', 'ca: 1.pem'),
    certFile: fc.constantFrom('', '/c.pem'),
    keyFile: fc.constantFrom('', '/k #1.pem'),
    serverName: fc.constantFrom('', 'x.example'),
  }),
  proxyUrl: fc.constantFrom('', 'http://proxy:3128'),
  noProxy: fc.constantFrom('', 'a,b'),
  proxyFromEnvironment: fc.boolean(),
  headers: fc.uniqueArray(fc.tuple(fc.constantFrom('X-A', 'X-B', 'Accept-Language'), value), {
    maxLength: 3,
    selector: ([key]) => key,
  }),
  relabelRules: fc.array(rule, { maxLength: 3 }),
  metricRelabelRules: fc.array(rule, { maxLength: 2 }),
  paused: fc.constant(false),
  importance: fc.constant('normal'),
  format: fc.constant('auto'),
  jsonRules: fc.constant([]),
  kubeContext: fc.constant(''),
  moreGroups: fc.constant([]),
  discovery: fc.constant([]),
});

/** What the form cannot tell apart once it is written. */
function comparable(written: JobForm): unknown {
  return {
    ...written,
    labels: written.labels.filter(([key]) => key !== ''),
    auth:
      written.auth.type === 'oauth2'
        ? JSON.parse(JSON.stringify(written.auth).replaceAll(/\{"kind":"new","text":"\w"\}/g, '{"kind":"kept"}'))
        : written.auth.type,
  };
}

test('any form ends up in the file as filled in, and nothing else moves', () => {
  const jobs = ['prometheus', 'node', 'last'];
  fc.assert(
    fc.property(fc.constantFrom(...jobs), form, (job, filled) => {
      const after = edit(STOCK, job, filled);
      const views = jobViews(after, new Map());
      expect(comparable(views[jobs.indexOf(job)].form)).toEqual(comparable(filled));
      // The other jobs and everything around them: byte for byte.
      const blocks = (text: string): readonly string[] =>
        text.split(/(?=\n {2}(?:# node|- job_name: last)|\n# trailing)/);
      const head = STOCK.slice(0, STOCK.indexOf('  - job_name: prometheus'));
      expect(after.startsWith(head)).toBe(true);
      const tail = STOCK.slice(STOCK.indexOf('\n# trailing'));
      expect(after.endsWith(tail)).toBe(true);
      const other = jobs.filter((each) => each !== job);
      for (const each of other)
        expect(jobViews(after, new Map())[jobs.indexOf(each)].form).toEqual(
          jobViews(STOCK, new Map())[jobs.indexOf(each)].form,
        );
      const index = jobs.indexOf(job);
      const kept = blocks(STOCK).filter((_, i) => i !== index);
      for (const block of kept) expect(after).toContain(block);
      const comments = STOCK.match(/# (keep me|ourselves|Override|between).*/g) ?? [];
      // The one between targets goes where the targets around it go, and the one in a rule goes with the rule.
      const own = comments.filter((comment) => job !== 'node' || !/^# (?:between|keep me)/.test(comment));
      for (const comment of own) expect(after).toContain(comment);
    }),
    { numRuns: 120 },
  );
});

test('removing and adding leaves a file that loads', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(5)), { maxLength: 12 }), (steps) => {
      let text = STOCK;
      let added = 0;
      let count = 3;
      for (const [add, at] of steps) {
        if (!add && count === 0) continue;
        const next: string | null = add
          ? addJob(text, new Map([['job_name', `n${added++}`]]))
          : removeJob(text, at % count);
        if (next === null) throw new Error(text);
        text = next;
        count += add ? 1 : -1;
        const result = loadPrometheusConfig(text, { file: '/x', readFile: () => '', glob: () => [], env: {} });
        if (!result.ok) throw new Error(`${result.problems[0].message}\n${text}`);
        expect(result.config.scrapeConfigs).toHaveLength(count);
      }
      expect(text.startsWith(STOCK.slice(0, STOCK.indexOf('scrape_configs:')))).toBe(true);
      expect(text.endsWith(STOCK.slice(STOCK.indexOf('rule_files')))).toBe(true);
    }),
    { numRuns: 40 },
  );
});
