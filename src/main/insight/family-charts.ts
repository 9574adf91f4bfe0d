import type { ChartQuery, ChartSpec } from '#shared/contract/index.ts';
import type { Family, Metric, SeriesDigest } from './families.ts';
import { groupOf } from './groups.ts';
import { chooseLabel, keepLargest, MOST_SERIES } from './label-choice.ts';
import { anyOf, labelRef, selector, type Condition } from './selector.ts';
import { titleOf } from './titles.ts';
import { rateUnit, rawUnit } from './units.ts';

/** What all charts of one page share. */
export interface PageContext {
  /** Conditions that pick the target's series. */
  readonly target: readonly Condition[];
  /** Window of `rate`, as PromQL writes it. */
  readonly window: string;
  /** Prefix of the names that titles leave out. */
  readonly prefix: string;
  /** Clauses of HELP that several families share. */
  readonly shared: ReadonlySet<string>;
}

const QUANTILES = [0.5, 0.9, 0.99];

function largest(metric: Metric): number {
  return metric.series.reduce((most, series) => Math.max(most, series.max), -Infinity);
}

function increase(series: SeriesDigest): number {
  return series.max - series.min;
}

function base(family: Family, metric: Metric, context: PageContext): Omit<ChartSpec, 'kind' | 'unit' | 'queries'> {
  return {
    id: metric.name,
    group: groupOf(family.name, family.type),
    title: { kind: 'text', text: titleOf(family.name, family.help, context.prefix, context.shared) },
    metric: metric.name,
    type: family.type,
    hidden: 0,
    buckets: null,
  };
}

function restrict(context: PageContext, label: string, values: readonly string[] | null): readonly Condition[] {
  return values === null ? context.target : [...context.target, { label, op: '=~', value: anyOf(values) }];
}

function counterChart(family: Family, metric: Metric, context: PageContext): ChartSpec {
  const choice = chooseLabel(metric);
  const { values, hidden } = keepLargest(metric, choice.label, increase);
  const rate = `rate(${selector(metric.name, restrict(context, choice.label, values))}[${context.window}])`;
  const expr = choice.unique ? rate : `sum by (${labelRef(choice.label)}) (${rate})`;
  return {
    ...base(family, metric, context),
    kind: choice.partition ? 'stacked' : 'lines',
    unit: rateUnit(rawUnit(family.name, family.unit, 0)),
    queries: [{ expr, legendLabel: choice.label, legend: '' }],
    hidden,
  };
}

/** A label besides the chosen one may still differ: then each series is named by the label set. */
function gaugeChart(family: Family, metric: Metric, context: PageContext): ChartSpec {
  const choice = chooseLabel(metric);
  const { values, hidden } = keepLargest(metric, choice.label, (series) => series.max);
  const own = selector(metric.name, restrict(context, choice.label, values));
  const tooMany = !choice.unique && metric.series.length > MOST_SERIES;
  const unit = rawUnit(family.name, family.unit, largest(metric));
  // Adding up makes sense for parts of a whole; of anything else the largest of each is what one looks for.
  const aggregate = choice.partition ? 'sum' : 'max';
  const expr = tooMany ? `${aggregate} by (${labelRef(choice.label)}) (${own})` : own;
  const parts = choice.partition && unit === 'bytes' && (choice.unique || tooMany);
  return {
    ...base(family, metric, context),
    kind: parts ? 'stacked' : 'lines',
    unit,
    queries: [{ expr, legendLabel: choice.unique || tooMany ? choice.label : '', legend: '' }],
    hidden,
  };
}

function histogramCharts(family: Family, context: PageContext): ChartSpec[] {
  const buckets = family.metrics.get('_bucket');
  const native = family.metrics.get('');
  const metric = buckets ?? native;
  if (metric === undefined) return [];
  const rate = `rate(${selector(metric.name, context.target)}[${context.window}])`;
  const summed = buckets === undefined ? `sum(${rate})` : `sum by (le) (${rate})`;
  const queries = QUANTILES.map((q): ChartQuery => ({
    expr: `histogram_quantile(${q}, ${summed})`,
    legendLabel: '',
    legend: `p${Math.round(q * 100)}`,
  }));
  const chart: ChartSpec = {
    ...base(family, metric, context),
    id: family.name,
    metric: family.name,
    kind: 'heatmap',
    unit: rawUnit(family.name, family.unit, 0),
    queries,
    buckets: summed,
  };
  return [chart, ...countCharts(family, context)];
}

/** How often a histogram or summary observed something: often the traffic one looks for. */
function countCharts(family: Family, context: PageContext): ChartSpec[] {
  const count = family.metrics.get('_count');
  if (count === undefined) return [];
  const chart = counterChart(family, count, context);
  const group = groupOf(count.name, 'counter');
  return [
    {
      ...chart,
      group: group === 'Other' ? 'Traffic' : group,
      title: { kind: 'count', text: titleOf(family.name, family.help, context.prefix, context.shared) },
      unit: 'per-second',
      type: 'counter',
    },
  ];
}

function summaryCharts(family: Family, context: PageContext): ChartSpec[] {
  const quantiles = family.metrics.get('');
  const counts = countCharts(family, context);
  if (quantiles === undefined) return counts;
  const others = [...quantiles.varying.keys()].filter((label) => label !== 'quantile');
  const own = selector(quantiles.name, context.target);
  const expr = others.length === 0 ? own : `max by (quantile) (${own})`;
  const chart: ChartSpec = {
    ...base(family, quantiles, context),
    kind: 'lines',
    unit: rawUnit(family.name, family.unit, 0),
    queries: [{ expr, legendLabel: 'quantile', legend: '' }],
  };
  return [chart, ...counts];
}

/** The charts of one family; none where it is shown as text. */
export function familyCharts(family: Family, context: PageContext): ChartSpec[] {
  switch (family.type) {
    case 'histogram':
    case 'gaugehistogram':
      return histogramCharts(family, context);
    case 'summary':
      return summaryCharts(family, context);
    case 'info':
      return [];
    case 'counter':
      return [...family.metrics]
        .filter(([suffix]) => suffix !== '_created')
        .map(([, metric]) => counterChart(family, metric, context));
    case 'stateset':
    case 'gauge':
    case 'unknown':
      return [...family.metrics.values()].map((metric) => gaugeChart(family, metric, context));
  }
}
