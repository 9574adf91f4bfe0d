import { EMPTY_JOB_FORM } from '#shared/contract/index.ts';
import type { ConfigEdit, ConfigView, JobForm, JobView, StorageForm, TestScrapeView } from '#shared/contract/index.ts';
import type { FakeTarget } from './fake-targets.ts';

export function emptyForm(jobName: string, target: string): JobForm {
  return { ...EMPTY_JOB_FORM, jobName, targets: [target], scrapeInterval: '5s' };
}

/** The text of the file: written from the jobs, so comments do not survive here as they do in the core. */
export function configText(jobs: readonly JobForm[]): string {
  const lines = ['# What Hearth scrapes.', 'global:', '  scrape_interval: 5s', 'scrape_configs:'];
  for (const job of jobs) {
    lines.push(`  - job_name: ${job.jobName}`);
    if (job.scrapeInterval !== '') lines.push(`    scrape_interval: ${job.scrapeInterval}`);
    lines.push('    static_configs:', `      - targets: [${job.targets.map((target) => `'${target}'`).join(', ')}]`);
  }
  return `${lines.join('\n')}\n`;
}

export function configView({ jobs, storage }: FakeFiles, revision: number, lastChange: string | null): ConfigView {
  const text = configText(jobs);
  const lines = text.split('\n');
  return {
    path: '/home/you/.local/share/hearth/prometheus.yml',
    text,
    version: String(revision),
    problems: [],
    jobs: jobs.map((form): JobView => ({
      form,
      onlyYaml: null,
      line: lines.findIndex((line) => line.includes(`job_name: ${form.jobName}`)) + 1,
    })),
    globalInterval: 5000,
    globalTimeout: 5000,
    storage,
    editable: true,
    lastChange,
  };
}

export function hearthText({ jobs, storage }: FakeFiles): string {
  const lines = ['version: 1'];
  for (const { jobName, paused } of jobs) if (paused) lines.push('jobs:', `  ${jobName}:`, '    paused: true');
  if (storage.retention.length > 0) lines.push('storage:', '  retention:');
  for (const { match, keep } of storage.retention) lines.push(`    - match: '${match}'`, `      keep: ${keep}`);
  return `${lines.join('\n')}\n`;
}

/** What the made-up files say. */
export interface FakeFiles {
  readonly jobs: readonly JobForm[];
  readonly storage: StorageForm;
}

export function applyEdits({ jobs, storage }: FakeFiles, edits: readonly ConfigEdit[]): FakeFiles {
  let next = [...jobs];
  let kept = storage;
  for (const edit of edits) {
    switch (edit.type) {
      case 'add-job':
        next.push(edit.form);
        break;
      case 'update-job':
        next = next.map((job) => (job.jobName === edit.jobName ? edit.form : job));
        break;
      case 'drop-metrics':
        // The made-up form has no place for rules of metrics.
        break;
      case 'remove-job':
        next = next.filter((job) => job.jobName !== edit.jobName);
        break;
      case 'pause-job':
        next = next.map((job) => (job.jobName === edit.jobName ? { ...job, paused: edit.paused } : job));
        break;
      case 'set-storage':
        kept = edit.storage;
        break;
    }
  }
  return { jobs: next, storage: kept };
}

export function testScrape(form: JobForm, address: string, like: FakeTarget): TestScrapeView {
  const url = `${form.scheme}://${address}${form.metricsPath}`;
  const refused = /:(?:1|9|19999)$/.test(address);
  const base = { url, status: 200, contentType: 'text/plain; version=0.0.4', durationMillis: 3.1, bodyBytes: 6700 };
  if (refused) {
    return {
      ...base,
      failure: { kind: 'refused', message: `connect ECONNREFUSED ${address}`, status: null, line: null },
      status: null,
      contentType: '',
      durationMillis: 0.8,
      bodyBytes: 0,
      series: 0,
      metrics: [],
      format: null,
      bodyStart: '',
      notes: [],
      targetSteps: [],
      seriesSteps: [],
      bytesPerDay: 0,
    };
  }
  const metrics = like.metrics.map((metric) => {
    const series = Object.keys(metric.values).length;
    return {
      name: metric.name,
      type: metric.type,
      help: metric.help,
      series,
      value: series === 1 ? Object.values(metric.values)[0].base : null,
    };
  });
  return {
    ...base,
    failure: null,
    series: metrics.reduce((sum, metric) => sum + metric.series, 0),
    metrics,
    format: 'text',
    bodyStart: metrics.map((metric) => `# TYPE ${metric.name} ${metric.type}\n${metric.name} 12`).join('\n'),
    notes: [{ kind: 'missing-help', metric: 'nodejs_gc_duration_seconds_sum', more: 0 }],
    targetSteps: [],
    seriesSteps: form.metricRelabelRules.map(() => ({ series: 12, dropped: 0, changed: 0, example: null })),
    bytesPerDay: 2.3 * 2 ** 20,
  };
}
