import { globSync, mkdtempSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { labelsToRecord } from '#shared/model/index.ts';
import { formatLoadError, loadPrometheusConfig, type LoadOptions, type PrometheusConfig } from '#main/config/index.ts';

const nowhere: LoadOptions = {
  file: '/etc/hearth/prometheus.yml',
  readFile: () => {
    throw new Error('no files here');
  },
  glob: () => [],
  env: {},
};

function load(text: string, options: Partial<LoadOptions> = {}): PrometheusConfig {
  const result = loadPrometheusConfig(text, { ...nowhere, ...options });
  if (!result.ok) throw new Error(result.problems.map((p) => `${p.line}:${p.column} ${p.message}`).join('\n'));
  return result.config;
}

function problems(text: string, options: Partial<LoadOptions> = {}): readonly string[] {
  const result = loadPrometheusConfig(text, { ...nowhere, ...options });
  return result.ok ? [] : result.problems.map((p) => `${p.line}:${p.column} ${p.message}`);
}

describe('defaults', () => {
  test('an empty file is a configuration without jobs', () => {
    for (const text of ['', '# nothing\n', 'global:\n', 'scrape_configs:\n']) {
      const config = load(text);
      expect(config.scrapeConfigs).toEqual([]);
      expect(config.global).toMatchObject({
        scrapeInterval: 60_000,
        scrapeTimeout: 10_000,
        evaluationInterval: 60_000,
      });
    }
  });

  test('a job takes what it does not say from global, and the timeout never exceeds the interval', () => {
    const config = load(
      'global:\n  scrape_interval: 5s\n  sample_limit: 7\n  body_size_limit: 10MB\nscrape_configs:\n- job_name: a\n- job_name: b\n  scrape_interval: 1m\n  sample_limit: 9\n',
    );
    expect(config.global.scrapeTimeout).toBe(5000);
    expect(config.scrapeConfigs[0]).toMatchObject({
      scrapeInterval: 5000,
      scrapeTimeout: 5000,
      sampleLimit: 7,
      bodySizeLimit: 10 * 1024 * 1024,
      metricsPath: '/metrics',
      scheme: 'http',
      honorTimestamps: true,
      honorLabels: false,
    });
    expect(config.scrapeConfigs[1]).toMatchObject({ scrapeInterval: 60_000, scrapeTimeout: 5000, sampleLimit: 9 });
    expect(config.scrapeConfigs[0].http).toMatchObject({ followRedirects: true, enableHttp2: true, basicAuth: null });
  });

  test('protobuf is asked for first where native histograms are wanted', () => {
    const config = load(
      'scrape_configs:\n- job_name: a\n- job_name: b\n  scrape_native_histograms: true\n- job_name: c\n  scrape_protocols: [PrometheusText0.0.4]\n',
    );
    expect(config.scrapeConfigs.map((job) => job.scrapeProtocols[0])).toEqual([
      'OpenMetricsText1.0.0',
      'PrometheusProto',
      'PrometheusText0.0.4',
    ]);
  });
});

describe('values', () => {
  test('static groups become targets with labels', () => {
    const [job] = load(
      "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ['h:1', 'h:2']\n    labels: {env: prod, n: 8}\n  - targets: [i:1]\n",
    ).scrapeConfigs;
    expect(job.discovery).toHaveLength(1);
    const [groups] = job.discovery;
    if (groups.kind !== 'static') throw new Error(groups.kind);
    expect(groups.groups.map((group) => group.source)).toEqual(['0', '1']);
    expect(groups.groups[0].targets.map(labelsToRecord)).toEqual([{ __address__: 'h:1' }, { __address__: 'h:2' }]);
    expect(labelsToRecord(groups.groups[0].labels)).toEqual({ env: 'prod', n: '8' });
  });

  test('anchors, aliases and merge keys work', () => {
    const config = load(
      'scrape_configs:\n- &base\n  job_name: a\n  scrape_interval: 7s\n  scrape_timeout: 3s\n- <<: *base\n  job_name: b\n  scrape_timeout: 2s\n',
    );
    expect(config.scrapeConfigs[1]).toMatchObject({ jobName: 'b', scrapeInterval: 7000, scrapeTimeout: 2000 });
  });

  test('bearer_token is authorization under its old name', () => {
    const [job] = load('scrape_configs:\n- job_name: a\n  bearer_token: abc\n').scrapeConfigs;
    expect(job.http.authorization).toEqual({ type: 'Bearer', credentials: 'abc', credentialsFile: '' });
  });

  test('external labels expand the environment', () => {
    const config = load(
      'global:\n  external_labels:\n    a: x${HOST}y\n    b: $$${HOST}\n    c: ${NONE}\n    d: "5 $"\n',
      {
        env: { HOST: 'here' },
      },
    );
    expect(labelsToRecord(config.global.externalLabels)).toEqual({ a: 'xherey', b: '$here', d: '5 $' });
  });

  test('relative paths are seen from the folder of the file', () => {
    const config = load(
      'rule_files: [r/*.yml, /abs.yml]\nscrape_configs:\n- job_name: a\n  basic_auth: {username: u, password_file: pw}\n  tls_config: {ca_file: ca.pem}\n  file_sd_configs: [{files: [t/*.json]}]\n  http_headers: {x-a: {files: [h]}}\n',
    );
    expect(config.ruleFiles).toEqual(['/etc/hearth/r/*.yml', '/abs.yml']);
    const [job] = config.scrapeConfigs;
    expect(job.http.basicAuth?.passwordFile).toBe('/etc/hearth/pw');
    expect(job.http.tls.caFile).toBe('/etc/hearth/ca.pem');
    expect(job.http.headers.get('x-a')?.files).toEqual(['/etc/hearth/h']);
    expect(job.discovery).toMatchObject([{ kind: 'file', options: { files: ['/etc/hearth/t/*.json'] } }]);
  });

  test('truth values and numbers follow YAML 1.1; texts keep how they are written', () => {
    const [job] = load(
      'scrape_configs:\n- job_name: 010\n  honor_labels: yes\n  honor_timestamps: off\n  sample_limit: 0x10\n  label_limit: 1_000\n',
    ).scrapeConfigs;
    expect(job).toMatchObject({
      jobName: '010',
      honorLabels: true,
      honorTimestamps: false,
      sampleLimit: 16,
      labelLimit: 1000,
    });
  });
});

describe('problems', () => {
  test('each names line and column, and all are found at once', () => {
    expect(
      problems(
        'global:\n  scrape_interval: 5x\n  nope: 1\nscrape_configs:\n- job_name: a\n  sample_limit: many\n  honor_labels: "yes"\n',
      ),
    ).toEqual([
      '2:20 unknown unit "x" in duration "5x"',
      '3:3 field nope not found in type config.plain',
      '6:17 cannot unmarshal !!str `many` into uint',
      '7:17 cannot unmarshal !!str `yes` into bool',
    ]);
  });

  test('broken YAML is told with its place', () => {
    const [problem] = problems('scrape_configs:\n- job_name: "a\n');
    expect(problem).toMatch(/^\d+:\d+ (?!yaml|line)./);
  });

  test('in Prometheus’s own form the place stands in the text', () => {
    const told = (text: string): string => {
      const result = loadPrometheusConfig(text, nowhere);
      return formatLoadError('a.yml', result.ok ? [] : result.problems);
    };
    expect(told('scrape_configs:\n- job_name: "a\n')).toMatch(/^parsing YAML file a\.yml: yaml: line \d+: ./);
    expect(told('global: {}\nnope: 1\n')).toBe(
      'parsing YAML file a.yml: yaml: unmarshal errors:\n  line 2: field nope not found in type config.plain',
    );
  });

  test('what jobs say together is checked: names, intervals, URLs as targets', () => {
    expect(problems('scrape_configs:\n- job_name: a\n- job_name: a\n')).toEqual([
      '3:3 found multiple scrape configs with job name "a"',
    ]);
    expect(problems('scrape_configs:\n- job_name: a\n  scrape_interval: 5s\n  scrape_timeout: 6s\n')).toEqual([
      '2:3 scrape timeout greater than scrape interval for scrape config with job name "a"',
    ]);
    expect(problems('scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ["http://h/m"]\n')).toEqual([
      '4:3 "http://h/m" is not a valid hostname',
    ]);
  });

  test('a secret manager is asked for in vain, and told so', () => {
    expect(problems('scrape_configs:\n- job_name: a\n  basic_auth: {username: u, password_ref: x}\n')).toEqual([
      '3:43 password_ref needs a secret manager, which is not available; use password_file instead',
    ]);
  });

  test('the same key twice is refused in sections and in free mappings', () => {
    expect(problems('global: {}\nglobal: {}\n')).toEqual(['2:1 field global already set in type config.plain']);
    expect(problems('global:\n  external_labels:\n    a: 1\n    a: 2\n')).toEqual(['4:5 key "a" already set in map']);
  });

  test('types are named as in Prometheus', () => {
    expect(problems('scrape_configs: {}\n')).toEqual(['1:17 cannot unmarshal !!map into []*config.ScrapeConfig']);
    expect(problems('scrape_configs:\n- {job_name: a, honor_labels: yEs}\n')).toEqual([
      '2:31 cannot unmarshal !!str `yEs` into bool',
    ]);
  });

  test.each([
    ['http://a b', 'parse "http://a b": invalid character " " in host name'],
    ['http://a:x', 'parse "http://a:x": invalid port ":x" after host'],
    ['http://h/%zz', 'parse "http://h/%zz": invalid URL escape "%zz"'],
    ['%zz', 'parse "%zz": invalid URL escape "%zz"'],
    ['http://[::1', `parse "http://[::1": missing ']' in host`],
    ['::', 'parse "::": missing protocol scheme'],
    ['a:b@c:d', null],
    ['http://u:p@h:8/x?y=%zz#z', null],
  ])('the URL %s', (url, expected) => {
    const found = problems(`scrape_configs:\n- job_name: a\n  proxy_url: ${JSON.stringify(url)}\n`);
    expect(found).toEqual(expected === null ? [] : [`3:14 ${expected}`]);
  });

  test('an alias that contains itself is no endless loop', () => {
    expect(problems('scrape_configs: &a\n- *a\n').length).toBeGreaterThan(0);
  });
});

describe('included files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-config-'));
  const files: Partial<LoadOptions> = {
    file: join(folder, 'prometheus.yml'),
    readFile: (path) => readFileSync(path, 'utf8'),
    glob: (pattern) => globSync(pattern).sort(),
  };
  mkdirSync(join(folder, 'jobs'));
  writeFileSync(
    join(folder, 'jobs/a.yml'),
    'scrape_configs:\n- job_name: a\n  basic_auth: {username: u, password_file: pw}\n',
  );
  writeFileSync(join(folder, 'bad.yml'), 'scrape_configs:\n- job_name: b\n  nope: 1\n');

  test('their jobs come after those of the file, with global defaults and their own folder', () => {
    const config = load(
      'global: {scrape_interval: 3s}\nscrape_config_files: [jobs/*.yml]\nscrape_configs:\n- job_name: main\n',
      files,
    );
    expect(config.scrapeConfigs.map((job) => [job.jobName, job.scrapeInterval])).toEqual([
      ['main', 3000],
      ['a', 3000],
    ]);
    expect(config.scrapeConfigs[1].http.basicAuth?.passwordFile).toBe(join(folder, 'jobs/pw'));
  });

  test('their problems name the file and the place in it', () => {
    expect(problems('scrape_config_files: [bad.yml]\n', files)).toEqual([
      `1:1 "${join(folder, 'bad.yml')}": 3:3: field nope not found in type config.ScrapeConfig`,
    ]);
  });

  test('a job name that is there already is refused', () => {
    const [problem] = problems('scrape_config_files: [jobs/*.yml]\nscrape_configs:\n- job_name: a\n', files);
    expect(problem).toContain('found multiple scrape configs with job name "a", first found in main config file');
  });
});
