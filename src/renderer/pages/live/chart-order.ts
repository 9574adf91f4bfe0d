import { useState } from 'react';
import type { Millis } from '#shared/model/index.ts';
import { isUnusual, type LiveHeat } from './live-heat.ts';
import type { NamedChart } from './named-chart.ts';

/** Charts under 'Unusual now' at most; the rest stays with its group. */
const MOST_UNUSUAL = 6;
const REORDER_EVERY: Millis = 30_000;

/** Which charts stand under 'Unusual now', hottest first. */
export type ChartOrder = readonly string[];

/** The charts that are unusual, hottest first, most recent first among the equally hot. Facts and details never are. */
export function unusualCharts(charts: readonly NamedChart[], heat: LiveHeat): ChartOrder {
  return charts
    .flatMap((spec) => {
      const own = heat.charts.get(spec.id);
      return own !== undefined && isUnusual(spec, own) ? [{ id: spec.id, most: own.most }] : [];
    })
    .sort((a, b) => b.most - a.most)
    .slice(0, MOST_UNUSUAL)
    .map(({ id }) => id);
}

interface Order {
  readonly subject: string;
  readonly ids: ChartOrder;
  /** Whether anything could be told when it was made. */
  readonly told: boolean;
  /** Time of the newest step when it was made. */
  readonly at: Millis;
}

interface OrderOptions {
  /** Names what the order belongs to: another target, another set of charts or another window is ordered at once. */
  readonly subject: string;
  /** While true nothing moves: paused, or the pointer is over the charts. */
  readonly held: boolean;
}

/**
 * The order of the charts, renewed twice a minute at most, and never while someone points at them: what one looks at stays
 * where it is.
 */
export function useChartOrder(
  charts: readonly NamedChart[],
  heat: LiveHeat | null,
  { subject, held }: OrderOptions,
): ChartOrder {
  const [order, setOrder] = useState<Order>({ subject, ids: [], told: false, at: -Infinity });
  if (heat !== null && charts.length > 0) {
    const told = [...heat.charts.values()].some(({ most }) => !Number.isNaN(most));
    const now = heat.start + heat.count * heat.step;
    const other = order.subject !== subject;
    // The first time that something can be told is no surprise, wherever the pointer rests.
    const first = told && !order.told;
    const due = first || (!held && now - order.at >= REORDER_EVERY);
    if (other || due) setOrder({ subject, ids: unusualCharts(charts, heat), told, at: now });
  }
  return order.subject === subject ? order.ids : [];
}
