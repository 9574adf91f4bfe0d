import { expect, test } from 'vitest';
import { getLabel, labelsFromRecord, labelsToRecord } from '#shared/model/index.ts';
import { HttpError } from '#main/http/index.ts';
import { DEFAULT_JOB } from '#main/config/index.ts';
import { config, HANG, World } from './world.ts';

const job = (more = '', name = 'j', target = 'h:1') => `
global: { scrape_interval: 10s, scrape_timeout: 5s }
scrape_configs:
  - job_name: ${name}
    static_configs: [{ targets: ['${target}'] }]
${more
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`;
const URL_1 = 'http://h:1/metrics';

test('scrapes at its place in each interval and stores samples with the report series', async () => {
  const world = new World();
  world.answers.set(URL_1, '# TYPE a gauge\na{x="1"} 5\nb 7\n');
  world.apply(job());
  await world.pass(30_000);
  const samples = world.samples();
  expect(Object.keys(samples).sort()).toEqual([
    'a{instance="h:1", job="j", x="1"}',
    'b{instance="h:1", job="j"}',
    'scrape_duration_seconds{instance="h:1", job="j"}',
    'scrape_samples_post_metric_relabeling{instance="h:1", job="j"}',
    'scrape_samples_scraped{instance="h:1", job="j"}',
    'scrape_series_added{instance="h:1", job="j"}',
    'up{instance="h:1", job="j"}',
  ]);
  const times = samples['b{instance="h:1", job="j"}'].map(([time]) => time);
  expect(times.map((time, i) => (i === 0 ? 0 : time - times[i - 1]))).toEqual([0, 10_000, 10_000]);
  expect(world.values('up|scrape_s.*')).toEqual({
    'up{instance="h:1", job="j"}': [1, 1, 1],
    'scrape_samples_scraped{instance="h:1", job="j"}': [2, 2, 2],
    'scrape_samples_post_metric_relabeling{instance="h:1", job="j"}': [2, 2, 2],
    'scrape_series_added{instance="h:1", job="j"}': [2, 0, 0],
  });
  expect(world.storage.metadata().get('a')).toEqual([{ family: 'a', type: 'gauge', help: '', unit: '' }]);
  const again = new World();
  again.apply(job());
  await again.pass(30_000);
  expect(again.samples('up')['up{instance="h:1", job="j"}'].map(([time]) => time)).toEqual(times);
});

test('extra scrape metrics when asked for', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\n');
  world.apply(job('extra_scrape_metrics: true\nsample_limit: 7'));
  await world.pass(10_000);
  expect(world.values('scrape_timeout.*|scrape_sample_limit|scrape_body.*')).toEqual({
    'scrape_timeout_seconds{instance="h:1", job="j"}': [5],
    'scrape_sample_limit{instance="h:1", job="j"}': [7],
    'scrape_body_size_bytes{instance="h:1", job="j"}': [4],
  });
});

test('a series that vanishes gets the stale marker, once, and may come back', async () => {
  const world = new World();
  world.apply(job());
  for (const body of ['a 1\nb 1\n', 'a 2\n', 'a 3\n', 'a 4\nb 4\n']) {
    world.answers.set(URL_1, body);
    await world.pass(10_000);
  }
  expect(world.values('a|b|scrape_series_added')).toEqual({
    'a{instance="h:1", job="j"}': [1, 2, 3, 4],
    'b{instance="h:1", job="j"}': [1, 'stale', 4],
    'scrape_series_added{instance="h:1", job="j"}': [2, 0, 0, 0],
  });
});

test.each([
  ['refused', new HttpError('refused', 'no'), 'refused'],
  ['status', { status: 500 }, 'status'],
  ['unauthorized', { status: 401 }, 'unauthorized'],
  ['content type', { contentType: 'text/html', body: 'a 1' }, 'content-type'],
  ['parse', 'a 1\nb x\n', 'parse'],
] as const)('a scrape that fails (%s) leaves the report and stale markers', async (_, answer, kind) => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\n');
  world.apply(job());
  await world.pass(10_000);
  const answered = world.manager.targets().active[0].lastScrape;
  world.answers.set(URL_1, answer);
  await world.pass(20_000);
  expect(world.values('a|b|up')).toEqual({
    'a{instance="h:1", job="j"}': [1, 'stale'],
    'up{instance="h:1", job="j"}': [1, 0, 0],
  });
  const [target] = world.manager.targets().active;
  expect(target).toMatchObject({ health: 'down', lastError: { kind }, lastAnswer: answered });
  expect(answered).not.toBeNull();
  expect(target.lastScrape).toBeGreaterThan(answered ?? Infinity);
  expect(target.pulse.length).toBe(3);
  world.answers.set(URL_1, 'a 2\n');
  await world.pass(10_000);
  expect(world.values('a')['a{instance="h:1", job="j"}']).toEqual([1, 'stale', 2]);
});

test('a target that never answered has no last answer', async () => {
  const world = new World();
  world.answers.set(URL_1, new HttpError('refused', 'no'));
  world.apply(job());
  await world.pass(20_000);
  expect(world.manager.targets().active[0]).toMatchObject({ health: 'down', lastAnswer: null });
});

test('the line that does not parse is told', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\nb x\n');
  world.apply(job());
  await world.pass(10_000);
  expect(world.manager.targets().active[0].lastError).toMatchObject({ kind: 'parse', line: 2 });
  expect(world.values('scrape_samples_scraped')).toEqual({ 'scrape_samples_scraped{instance="h:1", job="j"}': [1] });
});

test('series of a target that is removed end at its next scrape time, but not at shutdown', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\n');
  world.apply(job());
  await world.pass(10_000);
  const last = world.samples('a')['a{instance="h:1", job="j"}'][0][0];
  world.apply('scrape_configs: []');
  await world.pass(20_000);
  expect(world.values('a')['a{instance="h:1", job="j"}']).toEqual([1]);
  await world.pass(1_000);
  expect(world.samples('a')['a{instance="h:1", job="j"}']).toEqual([
    [last, 1],
    [last + 10_000, 'stale'],
  ]);
  expect(world.values('up')['up{instance="h:1", job="j"}']).toEqual([1, 'stale']);

  const stopped = new World();
  stopped.answers.set(URL_1, 'a 1\n');
  stopped.apply(job());
  await stopped.pass(10_000);
  stopped.apply('scrape_configs: []');
  await stopped.manager.stop();
  await stopped.pass(60_000);
  expect(stopped.values('a|up')).toEqual({ 'a{instance="h:1", job="j"}': [1], 'up{instance="h:1", job="j"}': [1] });
});

test('a target that comes back in time goes on without an end', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\n');
  world.apply(job());
  await world.pass(10_000);
  world.apply('scrape_configs: []');
  world.apply(job());
  await world.pass(40_000);
  expect(world.values('a')['a{instance="h:1", job="j"}']).toEqual([1, 1, 1, 1, 1]);
});

test('a reload leaves targets that stay the same alone, and changes rules in place', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\nb 1\n');
  world.answers.set('http://h:2/metrics', 'c 1\n');
  world.apply(job());
  await world.pass(10_000);
  const before = world.manager.targets().active[0];
  world.apply(`${job()}
  - job_name: k
    static_configs: [{ targets: ['h:2'] }]
`);
  expect(world.manager.targets().active[0]).toMatchObject({
    id: before.id,
    lastScrape: before.lastScrape,
    health: 'up',
  });
  await world.pass(10_000);
  world.apply(job('metric_relabel_configs: [{ source_labels: [__name__], regex: b, action: drop }]'));
  await world.pass(10_000);
  expect(world.values('a|b')).toEqual({
    'a{instance="h:1", job="j"}': [1, 1, 1],
    'b{instance="h:1", job="j"}': [1, 1, 'stale'],
  });
});

test('a changed interval keeps the series and takes the new rhythm', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\n');
  world.apply(job());
  await world.pass(20_000);
  world.apply(job('scrape_interval: 5s'));
  await world.pass(20_000);
  expect(world.values('a')['a{instance="h:1", job="j"}']).toEqual([1, 1, 1, 1, 1, 1]);
});

test('a paused job is listed and not scraped; its series end', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\n');
  world.apply(job());
  await world.pass(10_000);
  world.apply(job(), { jobs: { j: { paused: true } } });
  await world.pass(40_000);
  expect(world.manager.targets().active).toMatchObject([{ health: 'paused', nextScrape: null }]);
  expect(world.values('a')['a{instance="h:1", job="j"}']).toEqual([1, 'stale']);
  world.apply(job());
  await world.pass(10_000);
  expect(world.values('a')['a{instance="h:1", job="j"}']).toEqual([1, 'stale', 1]);
});

test('clashing labels are renamed, or win with honor_labels', async () => {
  const body = 'a{job="x",instance="y"} 1\na{job="x",exported_job="z"} 2\n';
  const world = new World();
  world.answers.set(URL_1, body);
  world.apply(job());
  await world.pass(10_000);
  expect(Object.keys(world.samples('a')).sort()).toEqual([
    'a{exported_exported_job="x", exported_job="z", instance="h:1", job="j"}',
    'a{exported_instance="y", exported_job="x", instance="h:1", job="j"}',
  ]);
  const honoring = new World();
  honoring.answers.set(URL_1, body);
  honoring.apply(job('honor_labels: true'));
  await honoring.pass(10_000);
  expect(Object.keys(honoring.samples('a')).sort()).toEqual([
    'a{exported_job="z", instance="h:1", job="x"}',
    'a{instance="y", job="x"}',
  ]);
});

test('timestamps of samples are taken, or not with honor_timestamps: false; far future ones are left out', async () => {
  const own = 1_700_000_000_000 - 5000;
  const body = `a 1 ${own}\nb 2\nfuture 3 ${own + 3_600_000}\n`;
  const world = new World();
  world.answers.set(URL_1, body);
  world.apply(job());
  await world.pass(20_000);
  expect(world.samples('a')).toEqual({ 'a{instance="h:1", job="j"}': [[own, 1]] });
  expect(world.samples('future')).toEqual({});
  expect(world.values('b|up')).toEqual({ 'b{instance="h:1", job="j"}': [2, 2], 'up{instance="h:1", job="j"}': [1, 1] });
  expect(world.manager.stats().outOfBounds).toBe(2);
  world.answers.set(URL_1, 'x 1\n');
  await world.pass(10_000);
  expect(world.values('a|b')).toEqual({
    'a{instance="h:1", job="j"}': [1],
    'b{instance="h:1", job="j"}': [2, 2, 'stale'],
  });
  const ignoring = new World();
  ignoring.answers.set(URL_1, body);
  ignoring.apply(job('honor_timestamps: false'));
  await ignoring.pass(20_000);
  expect(ignoring.values('a')['a{instance="h:1", job="j"}']).toEqual([1, 1]);
  ignoring.answers.set(URL_1, 'x 1\n');
  await ignoring.pass(10_000);
  expect(ignoring.values('a')['a{instance="h:1", job="j"}']).toEqual([1, 1, 'stale']);
});

test('track_timestamps_staleness ends series with timestamps too', async () => {
  const world = new World();
  world.answers.set(URL_1, `a 1 ${world.now}\n`);
  world.apply(job('track_timestamps_staleness: true'));
  await world.pass(10_000);
  world.answers.set(URL_1, 'x 1\n');
  await world.pass(10_000);
  expect(world.values('a')['a{instance="h:1", job="j"}']).toEqual([1, 'stale']);
});

test('the same series twice in a body counts once, and is counted', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\na 2\nb 3\n');
  world.apply(job());
  await world.pass(20_000);
  expect(world.values('a|b')).toEqual({ 'a{instance="h:1", job="j"}': [1, 1], 'b{instance="h:1", job="j"}': [3, 3] });
  expect(world.manager.stats()).toMatchObject({ duplicates: 2, scrapes: 2, failures: 0 });
  const [{ refused, lastScrape: last }] = world.manager.targets().active;
  expect(refused).toEqual({ duplicates: 2, outOfOrder: 0, outOfBounds: 0, last });
});

test('what the store does not take is counted by target, with the time of the last', async () => {
  const world = new World();
  const now = world.now;
  world.answers.set(URL_1, `a 1 ${now}\n`);
  world.apply(job());
  await world.pass(10_000);
  expect(world.manager.targets().active[0].refused.last).toBeNull();
  world.answers.set(URL_1, `a 2 ${now - 5000}\nb 1 ${now + 86_400_000}\n`);
  await world.pass(10_000);
  const [{ refused, lastScrape }] = world.manager.targets().active;
  expect(refused).toEqual({ duplicates: 0, outOfOrder: 1, outOfBounds: 1, last: lastScrape });
  world.answers.set(URL_1, 'a 3\n');
  await world.pass(10_000);
  expect(world.manager.targets().active[0].refused).toEqual(refused);
});

test.each([
  ['sample_limit: 1', 'sample limit exceeded'],
  ['label_limit: 3', 'label_limit exceeded (metric: a, number of labels: 4, limit: 3)'],
  [
    'label_name_length_limit: 8',
    'label_name_length_limit exceeded (metric: a, label name: long_name, length: 9, limit: 8)',
  ],
  [
    'label_value_length_limit: 3',
    'label_value_length_limit exceeded (metric: a, label name: long_name, value: "four", length: 4, limit: 3)',
  ],
])('%s fails the whole scrape', async (limit, message) => {
  const world = new World();
  world.answers.set(URL_1, 'a{long_name="four"} 1\nb 2\n');
  world.apply(job(limit));
  await world.pass(10_000);
  expect(world.manager.targets().active[0].lastError).toMatchObject({ kind: 'limit', message });
  expect(world.values('a|b|up')).toEqual({ 'up{instance="h:1", job="j"}': [0] });
  // The sample limit counts all; a label limit ends the reading where it is broken.
  const whole = limit.startsWith('sample');
  expect(world.values('scrape_samples_.*')).toEqual({
    'scrape_samples_scraped{instance="h:1", job="j"}': [whole ? 2 : 1],
    'scrape_samples_post_metric_relabeling{instance="h:1", job="j"}': [whole ? 2 : 0],
  });
});

test('limits count after relabelling', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\nb 2\n');
  world.apply(job('sample_limit: 1\nmetric_relabel_configs: [{ source_labels: [__name__], regex: b, action: drop }]'));
  await world.pass(10_000);
  expect(world.manager.targets().active[0].health).toBe('up');
});

test('too many targets fail the whole job', async () => {
  const world = new World();
  world.apply(`
global: { scrape_interval: 10s }
scrape_configs:
  - { job_name: j, target_limit: 1, static_configs: [{ targets: ['h:1', 'h:2'] }] }
`);
  await world.pass(10_000);
  expect(world.requests).toEqual([]);
  expect(world.manager.targets().active.map((target) => target.lastError?.message)).toEqual([
    'target_limit exceeded (number of targets: 2, limit: 1)',
    'target_limit exceeded (number of targets: 2, limit: 1)',
  ]);
});

test('targets are relabelled: addresses, parameters, intervals, dropped ones', async () => {
  const world = new World();
  world.apply(`
global: { scrape_interval: 10s, scrape_timeout: 5s }
scrape_configs:
  - job_name: j
    params: { module: [one, two], q: ['a b'] }
    metrics_path: /probe
    scheme: https
    static_configs:
      - { targets: ['t1', 'gone', 'bad/name', 't1'], labels: { zone: eu, __param_module: mine, __scrape_interval__: 3s, __scrape_timeout__: 2s } }
    relabel_configs:
      - { source_labels: [__address__], regex: gone, action: drop }
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__address__], target_label: instance }
      - { target_label: __address__, replacement: 'prober:99' }
`);
  const { active, droppedByJob } = world.manager.targets();
  expect(
    active.map((target) => [target.url, getLabel(target.labels, 'instance'), target.interval, target.timeout]),
  ).toEqual([
    ['https://prober:99/probe?module=mine&module=two&q=a+b&target=t1', 't1', 3000, 2000],
    ['https://prober:99/probe?module=mine&module=two&q=a+b&target=bad%2Fname', 'bad/name', 3000, 2000],
  ]);
  expect({ ...labelsToRecord(active[0].labels) }).toEqual({ instance: 't1', job: 'j', zone: 'eu' });
  expect(getLabel(active[0].discoveredLabels, '__address__')).toBe('t1');
  expect(droppedByJob).toEqual({ j: 1 });
  const steps = world.manager.relabelSteps('j', labelsFromRecord({ __address__: 'gone' }));
  expect(steps?.map((step) => step.after)).toEqual([null]);
  await world.manager.stop();
});

test('an address that is a URL is left out', () => {
  const world = new World();
  world.apply(job('relabel_configs: [{ target_label: __address__, replacement: "a/b" }]'));
  expect(world.manager.targets()).toMatchObject({ active: [], droppedByJob: { j: 1 } });
});

test('targets from discovery come and go', async () => {
  const world = new World();
  world.answers.set('http://d:1/metrics', 'a 1\n');
  world.apply(`
global: { scrape_interval: 10s }
scrape_configs: [{ job_name: j, file_sd_configs: [{ files: ['x.json'] }] }]
`);
  expect(world.manager.targets().active).toEqual([]);
  const group = (...addresses: string[]) => ({
    source: 'x.json',
    labels: labelsFromRecord({ team: 't' }),
    targets: addresses.map((address) => labelsFromRecord({ __address__: address, __meta_x: 'y' })),
  });
  world.manager.setGroups('j', [group('d:1')]);
  await world.pass(10_000);
  expect(world.values('a')).toEqual({ 'a{instance="d:1", job="j", team="t"}': [1] });
  world.manager.setGroups('j', [group('d:2')]);
  expect(world.manager.targets().active.map((target) => target.name)).toEqual(['j']);
  await world.pass(30_000);
  expect(world.values('a')).toEqual({ 'a{instance="d:1", job="j", team="t"}': [1, 'stale'] });
});

test('requests carry the protocols and the timeout', async () => {
  const world = new World();
  world.apply(job());
  await world.pass(10_000);
  expect(world.requests[0]).toMatchObject({
    timeout: 5000,
    headers: {
      accept:
        'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'x-prometheus-scrape-timeout-seconds': '5',
    },
  });
});

test('a fallback protocol stands in for a missing Content-Type', async () => {
  const world = new World();
  world.answers.set(URL_1, { contentType: '', body: 'a 1\n' });
  world.apply(job());
  await world.pass(10_000);
  expect(world.manager.targets().active[0].lastError?.kind).toBe('content-type');
  world.apply(job('fallback_scrape_protocol: PrometheusText0.0.4'));
  await world.pass(10_000);
  expect(world.manager.targets().active[0].health).toBe('up');
});

test('built-in targets take the same way without HTTP', async () => {
  const world = new World();
  let collected = 0;
  const builtin = {
    job: 'this-computer',
    instance: 'host',
    interval: 2000,
    collect: () => Promise.resolve(Buffer.from(`a ${++collected}\n`)),
  };
  world.apply('scrape_configs: []', { builtin: [builtin] });
  await world.pass(4000);
  expect(world.values('a|up')).toEqual({
    'a{instance="host", job="this-computer"}': [1, 2],
    'up{instance="host", job="this-computer"}': [1, 1],
  });
  expect(world.manager.targets().active).toMatchObject([{ builtin: true, name: 'this-computer', health: 'up' }]);
  world.apply('scrape_configs: []', { builtin: [builtin] });
  await world.pass(2000);
  expect(world.values('a')).toEqual({ 'a{instance="host", job="this-computer"}': [1, 2, 3] });
});

test('no more scrapes at a time than allowed; the others wait their turn', async () => {
  const world = new World({ maxConcurrent: 2 });
  const ports = [1, 2, 3, 4];
  for (const port of ports) world.answers.set(`http://h:${port}/metrics`, HANG);
  world.apply(`
global: { scrape_interval: 10s }
scrape_configs: [{ job_name: j, static_configs: [{ targets: [${ports.map((port) => `'h:${port}'`).join(',')}] }] }]
`);
  await world.pass(10_000);
  expect(world.requests.length).toBe(2);
  await world.manager.stop();
});

test('scrapeNow scrapes at once', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\n');
  world.apply(job());
  expect(world.manager.scrapeNow(world.manager.targets().active[0].id)).toBe(true);
  expect(world.manager.scrapeNow('unknown')).toBe(false);
  await world.pass(0);
  expect(world.manager.targets().active[0].health).toBe('up');
});

test('listeners hear of scrapes and, bundled, of changes', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\n');
  let scrapes = 0;
  let changes = 0;
  world.manager.onScrape(() => scrapes++);
  const leave = world.manager.onChange(() => changes++);
  world.apply(job());
  world.apply(job());
  await world.pass(10_500);
  expect([scrapes, changes]).toEqual([1, 2]);
  leave();
  await world.pass(10_000);
  expect([scrapes, changes]).toEqual([2, 2]);
});

test('a clock set back does not stop scraping', async () => {
  const world = new World();
  world.answers.set(URL_1, 'a 1\n');
  world.apply(job());
  await world.pass(10_000);
  world.setClock(world.now - 3_600_000);
  await world.pass(40_000);
  expect(world.manager.stats().scrapes).toBeGreaterThanOrEqual(4);
  world.setClock(world.now + 7_200_000);
  await world.pass(30_000);
  expect(world.manager.stats()).toMatchObject({ failures: 0 });
  expect(world.manager.stats().scrapes).toBeGreaterThanOrEqual(7);
  expect(world.manager.stats().scrapes).toBeLessThan(12);
});

test('a test scrape tells what would be stored and stores nothing', async () => {
  const world = new World();
  world.answers.set(URL_1, '# HELP a help\n# TYPE a counter\na_total{x="1"} 1\na_total{x="2"} 2\nb 3\n');
  const [scrape] = config(job()).scrapeConfigs.map((each) => ({ config: each, own: DEFAULT_JOB }));
  const view = await world.manager.testScrape(scrape, 'h:1', new AbortController().signal);
  expect(view).toMatchObject({
    failure: null,
    url: URL_1,
    status: 200,
    contentType: 'text/plain',
    series: 3,
    metrics: [
      { name: 'a', type: 'counter', help: 'help', series: 2, value: null },
      { name: 'b', type: 'unknown', help: '', series: 1, value: 3 },
    ],
    notes: [
      { kind: 'missing-help', metric: 'b', more: 0 },
      { kind: 'missing-type', metric: 'b', more: 0 },
    ],
  });
  expect(world.samples()).toEqual({});
  world.answers.set(URL_1, { contentType: 'text/html', body: '<!DOCTYPE html><html></html>' });
  expect(await world.manager.testScrape(scrape, 'h:1', new AbortController().signal)).toMatchObject({
    failure: { kind: 'content-type' },
    notes: [{ kind: 'html' }],
    bodyStart: '<!DOCTYPE html><html></html>',
  });
  expect(await world.manager.testScrape(scrape, 'a/b', new AbortController().signal)).toMatchObject({
    failure: { kind: 'other', message: '"a/b" is not a valid hostname' },
  });
});

test('classic histograms are stored as native ones if the job says so, within its limits', async () => {
  const world = new World();
  const buckets = [1, 2, 3].map((le) => `h_bucket{le="${le}"} ${le}\n`).join('');
  world.answers.set(URL_1, `# TYPE h histogram\n${buckets}h_bucket{le="+Inf"} 4\nh_count 4\nh_sum 9\na 1\n`);
  world.apply(job('convert_classic_histograms_to_nhcb: true'));
  await world.pass(20_000);
  const querier = world.storage.querier();
  const [series] = querier.select([{ name: '__name__', type: '=', value: 'h' }], 0, 1e15);
  querier.release();
  expect(series.histograms?.slice(series.from, series.to)).toMatchObject([
    { schema: -53, count: 4, customValues: [1, 2, 3], positiveBuckets: [1, 1, 1, 1] },
    { count: 4 },
  ]);
  expect(world.values('a|h_.*')).toEqual({ 'a{instance="h:1", job="j"}': [1, 1] });
  world.apply(job('convert_classic_histograms_to_nhcb: true\nnative_histogram_bucket_limit: 3'));
  await world.pass(10_000);
  expect(world.manager.targets().active[0].lastError).toMatchObject({
    kind: 'limit',
    message: 'histogram bucket limit exceeded (limit: 3)',
  });
  expect(world.values('a')['a{instance="h:1", job="j"}']).toEqual([1, 1, 'stale']);
});

test('JSON and line protocol are scraped like metrics pages', async () => {
  const world = new World();
  world.answers.set(URL_1, { contentType: 'application/json', body: '[{"name":"a","value":5,"labels":{"x":"1"}}]' });
  world.apply(job());
  await world.pass(10_000);
  world.answers.set(URL_1, '{"b":7}');
  await world.pass(10_000);
  world.answers.set(URL_1, `cpu,host=z idle=0.5 ${world.now}000000\n`);
  await world.pass(10_000);
  world.answers.set(URL_1, { contentType: 'application/json', body: '{"state":"fine"}' });
  await world.pass(10_000);
  expect(world.values('a|b|cpu.*|up')).toEqual({
    'a{instance="h:1", job="j", x="1"}': [5, 'stale'],
    'b{instance="h:1", job="j"}': [7, 'stale'],
    'cpu_idle{host="z", instance="h:1", job="j"}': [0.5],
    'up{instance="h:1", job="j"}': [1, 1, 1, 0],
  });
  expect(world.manager.targets().active[0].lastError).toMatchObject({
    kind: 'parse',
    message: expect.stringContaining('$["state"] is "fine": say in hearth.yml'),
  });
});

test('a mapping of JSON, taken at a reload and told of by a test scrape', async () => {
  const world = new World();
  const name = { time: '', labels: [], type: '', help: '' } as const;
  const own = {
    ...DEFAULT_JOB,
    format: 'json' as const,
    jsonRules: [
      { ...name, each: '$.rooms[*]', name: 'temp', value: '$.t', labels: [['room', '$.id']] as const },
      { ...name, each: '$.roofs[*]', name: 'roof', value: '' },
    ],
  };
  world.answers.set(URL_1, { contentType: 'text/html', body: '{"rooms":[{"id":"a","t":1},{"id":"b","t":2}]}' });
  world.apply(job());
  await world.pass(10_000);
  expect(world.manager.targets().active[0].lastError).toMatchObject({ kind: 'content-type' });
  world.apply(job(), { jobs: { j: own } });
  await world.pass(10_000);
  expect(world.requests.at(-1)?.headers?.['accept']).toBe('application/json,*/*;q=0.1');
  expect(world.values('temp')).toEqual({
    'temp{instance="h:1", job="j", room="a"}': [1],
    'temp{instance="h:1", job="j", room="b"}': [2],
  });
  const draft = { config: config(job()).scrapeConfigs[0], own };
  expect(await world.manager.testScrape(draft, 'h:1', new AbortController().signal)).toMatchObject({
    failure: null,
    format: 'json',
    series: 2,
    metrics: [{ name: 'temp', series: 2 }],
    notes: [{ kind: 'empty-rule', rule: 1 }],
  });
});

test('a reload that adds one target touches no other', async () => {
  const world = new World();
  const many = (count: number): string => `
global: { scrape_interval: 10s }
scrape_configs:
  - job_name: j
    static_configs: [{ targets: [${Array.from({ length: count }, (_, i) => `'h:${i + 1}'`).join(', ')}] }]
`;
  for (let i = 1; i <= 1001; i++) world.answers.set(`http://h:${i}/metrics`, 'a 1\n');
  world.apply(many(1000));
  await world.pass(10_000);
  const before = world.manager.targets().active;
  world.apply(many(1001));
  expect(
    world.manager
      .targets()
      .active.filter((target) => target.health === 'unknown')
      .map(({ url }) => url),
  ).toEqual(['http://h:1001/metrics']);
  await world.pass(10_000);
  // What a loop that was begun anew would show: other times, stale markers.
  const samples = world.samples('a');
  for (const { labels, nextScrape } of before) {
    const series = samples[`a{instance="${getLabel(labels, 'instance')}", job="j"}`];
    expect(series.map(([, value]) => value)).toEqual([1, 1]);
    expect(series[1][0]).toBe(nextScrape);
  }
  expect(Object.keys(samples)).toHaveLength(1001);
});

test('a reload that changes one of a thousand targets begins that one anew', async () => {
  const world = new World();
  const many = (changed: string): string => `
global: { scrape_interval: 10s }
scrape_configs:
  - job_name: j
    static_configs:
      - targets: [${Array.from({ length: 999 }, (_, i) => `'h:${i + 2}'`).join(', ')}]
      - targets: ['h:1']
        labels: { rack: ${changed} }
`;
  for (let i = 1; i <= 1000; i++) world.answers.set(`http://h:${i}/metrics`, 'a 1\n');
  world.apply(many('r1'));
  await world.pass(10_000);
  const before = new Map(world.manager.targets().active.map((target) => [target.id, target]));
  world.apply(many('r2'));
  const begun = world.manager.targets().active.filter(({ id }) => !before.has(id));
  expect(begun.map(({ url, health }) => [url, health])).toEqual([[URL_1, 'unknown']]);
  await world.pass(30_000);
  const samples = world.samples('a');
  // The old label set ends, once the new one has been seen twice; no other series shows a mark of the reload.
  for (const [series, columns] of Object.entries(samples)) {
    const values = columns.map(([, value]) => value);
    const changed = /rack="(r\d)"/.exec(series)?.[1] ?? 'none';
    expect(values).toEqual({ r1: [1, 'stale'], r2: [1, 1, 1], none: [1, 1, 1, 1] }[changed]);
  }
  expect(Object.keys(samples)).toHaveLength(1001);
});

test('start timestamps are stored when they are asked for', async () => {
  const body = '# TYPE c counter\nc_total 5\nc_created 1600000000\n# EOF\n';
  for (const startTimes of [false, true]) {
    const world = new World({ features: { startTimes, typeAndUnitLabels: startTimes } });
    world.answers.set(URL_1, { contentType: 'application/openmetrics-text', body });
    world.apply(job());
    await world.pass(20_000);
    const querier = world.storage.querier();
    const found = [...querier.select([{ name: '__name__', type: '=~', value: 'c_.*' }], 0, 1e15)];
    expect(found.map((series) => labelsToRecord(series.labels)['__name__']).sort()).toEqual(
      startTimes ? ['c_total'] : ['c_created', 'c_total'],
    );
    const total = found.find((series) => getLabel(series.labels, '__name__') === 'c_total');
    expect(total?.startTimes?.[total.from] ?? null).toBe(startTimes ? 1_600_000_000_000 : null);
    expect(total === undefined ? null : getLabel(total.labels, '__type__')).toBe(startTimes ? 'counter' : '');
    querier.release();
  }
});

test('a test scrape tells what each relabelling rule does to the target and to its series', async () => {
  const world = new World();
  world.answers.set('http://h:9/metrics', 'a{x="1"} 1\nb 2\nc 3\n');
  const rules = `relabel_configs:
  - { source_labels: [__address__], regex: '(.*):1', replacement: '\${1}:9', target_label: __address__ }
  - { source_labels: [job], regex: other, action: drop }
metric_relabel_configs:
  - { source_labels: [__name__], regex: 'b|c', action: drop }
  - { source_labels: [x], target_label: y }`;
  const [draft] = config(job(rules)).scrapeConfigs.map((each) => ({ config: each, own: DEFAULT_JOB }));
  const view = await world.manager.testScrape(draft, 'h:1', new AbortController().signal);
  expect(view.targetSteps.map(({ after }) => after && getLabel(after, '__address__'))).toEqual(['h:9', 'h:9']);
  expect(view.seriesSteps).toMatchObject([
    { series: 3, dropped: 2, changed: 0, example: { after: null } },
    { series: 1, dropped: 0, changed: 1 },
  ]);
  // A rule that drops the target is the last that is told, and nothing is scraped.
  const [dropped] = config(
    job('relabel_configs: [{ action: drop }, { target_label: z, replacement: q }]'),
  ).scrapeConfigs.map((each) => ({ config: each, own: DEFAULT_JOB }));
  const none = await world.manager.testScrape(dropped, 'h:1', new AbortController().signal);
  expect(none).toMatchObject({ failure: { kind: 'other' }, targetSteps: [{ after: null }], seriesSteps: [] });
  expect(none.targetSteps).toHaveLength(1);
});
