import type { Metric, SeriesDigest } from './families.ts';
import { getLabel } from '#shared/model/index.ts';

/** Labels that split one whole into parts, the most telling first: their series stack. */
const PARTITIONS: readonly string[] = [
  'mode',
  'state',
  'status',
  'status_code',
  'code',
  'route',
  'path',
  'handler',
  'endpoint',
  'uri',
  'operation',
  'op',
  'method',
  'verb',
  'type',
  'kind',
  'result',
  'outcome',
  'reason',
  'direction',
  'stage',
  'phase',
  'event',
  'role',
  'topic',
  'queue',
  'table',
];

/** Labels that name a thing rather than a part, the friendliest first. */
const NAMES: readonly string[] = ['mountpoint', 'device', 'name', 'interface', 'sensor', 'cpu', 'chip', 'id', 'space'];

export interface LabelChoice {
  /** The label whose values name the series; '' where there is one series only. */
  readonly label: string;
  /** Whether the series are parts of one whole. */
  readonly partition: boolean;
  /** Whether the label alone tells all series apart. */
  readonly unique: boolean;
}

function rankIn(list: readonly string[], label: string): number {
  const rank = list.indexOf(label);
  return rank < 0 ? list.length : rank;
}

/** The label by which a metric is best drawn. */
export function chooseLabel(metric: Metric): LabelChoice {
  const labels = [...metric.varying.keys()];
  if (labels.length === 0) return { label: '', partition: false, unique: true };
  const isKey = (label: string): boolean => metric.varying.get(label)?.size === metric.series.length;
  const [best] = labels.sort(
    (a, b) =>
      rankIn(PARTITIONS, a) - rankIn(PARTITIONS, b) ||
      rankIn(NAMES, a) - rankIn(NAMES, b) ||
      Number(isKey(b)) - Number(isKey(a)) ||
      (a < b ? -1 : 1),
  );
  return { label: best, partition: PARTITIONS.includes(best), unique: isKey(best) };
}

/** Series drawn in one chart at most. */
export const MOST_SERIES = 10;

export interface Kept {
  /** The values of the label to be drawn, null for all. */
  readonly values: readonly string[] | null;
  readonly hidden: number;
}

/** The ten values of the label with the most in them; `weight` is added up over the series of each value. */
export function keepLargest(metric: Metric, label: string, weight: (series: SeriesDigest) => number): Kept {
  const byValue = new Map<string, number>();
  for (const series of metric.series) {
    const value = getLabel(series.labels, label);
    byValue.set(value, (byValue.get(value) ?? 0) + weight(series));
  }
  if (byValue.size <= MOST_SERIES) return { values: null, hidden: 0 };
  const ranked = [...byValue].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return {
    values: ranked.slice(0, MOST_SERIES).map(([value]) => value),
    hidden: byValue.size - MOST_SERIES,
  };
}
