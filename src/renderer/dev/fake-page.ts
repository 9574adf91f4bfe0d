import type { ChartQuery, PageView } from '#shared/contract/index.ts';
import { labelsFromRecord } from '#shared/model/index.ts';
import type { FakeMetric } from './fake-metrics.ts';
import type { FakeTarget } from './fake-targets.ts';

export function pageOf(target: FakeTarget): PageView {
  return {
    targetId: target.job,
    version: 1,
    charts: target.metrics.map((metric) => ({
      id: `${target.job}/${metric.name}`,
      group: metric.group,
      title: { kind: 'text', text: metric.title },
      metric: metric.name,
      type: metric.type,
      kind: metric.type === 'histogram' ? 'heatmap' : metric.kind,
      unit: metric.unit,
      queries: queriesOf(metric, target),
      hidden: 0,
      buckets:
        metric.type === 'histogram'
          ? `sum by (le) (rate(${metric.name}_bucket{job="${target.job}", instance="${target.instance}"}[30s]))`
          : null,
    })),
    facts: [
      {
        metric: 'process_start_time_seconds',
        help: 'Start time of the process.',
        labels: labelsFromRecord({ job: target.job }),
        value: 1_795_000_000,
      },
      {
        metric: 'node_uname_info',
        help: 'What system this is.',
        labels: labelsFromRecord({ sysname: 'Linux', release: '6.12.41', machine: 'x86_64', nodename: 'kitchen' }),
        value: 1,
      },
    ],
  };
}

function queriesOf(metric: FakeMetric, target: FakeTarget): ChartQuery[] {
  const selector = `${metric.name}{job="${target.job}", instance="${target.instance}"}`;
  if (metric.type === 'histogram') {
    return [0.5, 0.9, 0.99].map((q) => ({
      expr: `histogram_quantile(${q}, sum by (le) (rate(${selector}[30s])))`,
      legendLabel: '',
      legend: `p${Math.round(q * 100)}`,
    }));
  }
  const expr = metric.type === 'counter' ? `rate(${selector}[30s])` : selector;
  return [{ expr, legendLabel: metric.label, legend: metric.title }];
}
