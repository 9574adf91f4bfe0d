import { SIDE_LABEL, type ChartQuery, type ChartSpec, type LegendWord } from '#shared/contract/index.ts';
import { quoteGo } from '#shared/model/index.ts';
import { MOST_SERIES } from './label-choice.ts';
import { titleFromName } from './titles.ts';

/** Words of a name that tell the two ways of one thing apart, with what the legend calls them. */
const WAYS: readonly (readonly [one: RegExp, other: string, oneLegend: LegendWord, otherLegend: LegendWord])[] = [
  [/_receive(?=_)/, '_transmit', 'received', 'sent'],
  [/_received(?=_|$)/, '_sent', 'received', 'sent'],
  [/_received(?=_|$)/, '_transmitted', 'received', 'sent'],
  [/_rx(?=_|$)/, '_tx', 'received', 'sent'],
  [/_In(?=[A-Z])/, '_Out', 'in', 'out'],
  [/_reads(?=_|$)/, '_writes', 'reads', 'writes'],
  [/_read(?=_|$)/, '_written', 'read', 'written'],
  [/_read(?=_|$)/, '_write', 'read', 'written'],
  [/pgin$/, 'pgout', 'in', 'out'],
];

/** Names the series of one side by label and side (`eth0 sent`). The label has to tell the series apart. */
export function sided(expr: string, label: string, side: LegendWord): ChartQuery {
  // `$` in a replacement would be a reference; the sides of the tables have none.
  const named = `label_replace(${expr}, "${SIDE_LABEL}", ${quoteGo(`$1 ${side}`)}, ${quoteGo(label)}, "(.*)")`;
  return { expr: named, legendLabel: SIDE_LABEL, legend: '' };
}

/** One query of plain lines that names what it draws, and draws all of it. */
function isPlain({ kind, queries, hidden, metric }: ChartSpec): boolean {
  return kind === 'lines' && queries.length === 1 && hidden === 0 && !/_(?:count|sum)$/.test(metric);
}

function side(query: ChartQuery, legend: LegendWord): ChartQuery {
  return query.legendLabel === '' ? { ...query, legend } : sided(query.expr, query.legendLabel, legend);
}

/**
 * Draws the two ways of one thing (received and sent) in one chart, with the id of the first way, at the place and in the group of
 * the chart that came earlier: one way may stand still while the other moves.
 * @param seriesOf how many series a metric has
 */
export function mergePairs(
  charts: readonly ChartSpec[],
  prefix: string,
  seriesOf: (metric: string) => number,
): ChartSpec[] {
  // What a recipe draws has an id of its own, and is as it should be.
  const open = new Map(charts.filter((chart) => chart.id === chart.metric && isPlain(chart)).map((c) => [c.id, c]));
  const merged = new Map<string, ChartSpec>();
  const gone = new Set<string>();
  const done = new Set<string>();
  const placeOf = new Map(charts.map(({ id }, place) => [id, place]));
  for (const chart of open.values()) {
    for (const [word, otherWord, legend, otherLegend] of WAYS) {
      const other = open.get(chart.metric.replace(word, otherWord));
      if (other === undefined || other === chart || done.has(chart.id) || done.has(other.id)) continue;
      const [query] = chart.queries;
      const [otherQuery] = other.queries;
      const count = Math.max(seriesOf(chart.metric), seriesOf(other.metric));
      const alike = chart.unit === other.unit && chart.type === other.type;
      if (!alike || query.legendLabel !== otherQuery.legendLabel) continue;
      if (count > (query.legendLabel === '' ? 1 : MOST_SERIES / 2)) continue;
      done.add(chart.id).add(other.id);
      const isEarlier = (placeOf.get(chart.id) ?? 0) < (placeOf.get(other.id) ?? 0);
      const [earlier, later] = isEarlier ? [chart, other] : [other, chart];
      gone.add(later.id);
      const text = titleFromName(chart.metric.replace(word, ''), prefix);
      const title = { kind: 'ways', text, ways: [legend, otherLegend] } as const;
      const queries = [side(query, legend), side(otherQuery, otherLegend)];
      merged.set(earlier.id, { ...chart, group: earlier.group, title, queries });
    }
  }
  return charts.filter(({ id }) => !gone.has(id)).map((chart) => merged.get(chart.id) ?? chart);
}
