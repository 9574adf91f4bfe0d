import type { ChartSpec, PageView } from '#shared/contract/index.ts';
import { METRIC_NAME, filterLabels, getLabel, type Labels, type Millis } from '#shared/model/index.ts';
import { groupFamilies, type Family, type MetadataLookup, type SeriesDigest } from './families.ts';
import { familyCharts, type PageContext } from './family-charts.ts';
import { groupRank } from './groups.ts';
import { RECIPES, type RecipeTools } from './recipes.ts';
import { rateWindow, selector, type Condition } from './selector.ts';
import { commonPrefix, sharedClauses } from './titles.ts';
import { rawUnit } from './units.ts';

export interface PageInput {
  readonly targetId: string;
  /** The target's labels: `job`, `instance` and what else it gives all its series. */
  readonly targetLabels: Labels;
  readonly interval: Millis;
  /** All series of the target with samples of late, its `up` and `scrape_*` included. */
  readonly series: readonly SeriesDigest[];
  readonly metadata: MetadataLookup;
}

/** Milliseconds that a gauge has to stay the same to be called a constant. */
const CONSTANT_AFTER = 5 * 60_000;

/** Series that a target writes at each scrape of its own accord. */
const OWN_OF_SCRAPE = /^(?:up|scrape_\w+)$/;

function isConstant(family: Family): boolean {
  if (family.name.endsWith('_info')) return true;
  if (family.type !== 'gauge' && family.type !== 'unknown' && family.type !== 'stateset') return false;
  const all = [...family.metrics.values()].flatMap((metric) => metric.series);
  if (all.length > 3 || OWN_OF_SCRAPE.test(family.name)) return false;
  const unit = rawUnit(family.name, family.unit, Math.max(...all.map((series) => series.max)));
  if (unit === 'timestamp' && all.every((series) => series.min === series.max)) return true;
  return all.every((series) => series.min === series.max && series.span >= CONSTANT_AFTER);
}

function targetConditions(labels: Labels): Condition[] {
  return ['job', 'instance'].flatMap((label) => {
    const value = getLabel(labels, label);
    return value === '' ? [] : [{ label, op: '=', value }];
  });
}

function recipeTools(context: PageContext, names: ReadonlySet<string>): RecipeTools {
  const series = (metric: string, more = ''): string => {
    const own = selector(metric, context.target);
    return more === '' ? own : `${own.slice(0, -1)}${context.target.length > 0 ? ',' : ''}${more}}`;
  };
  return {
    series,
    rate: (metric, more) => `rate(${series(metric, more)}[${context.window}])`,
    has: (metric) => names.has(metric),
  };
}

interface Ranked {
  readonly chart: ChartSpec;
  readonly rank: number;
}

/** Within a group: what was composed first, then what moves, then the rest by name. */
function compareCharts(a: Ranked, b: Ranked): number {
  return (
    groupRank(a.chart.group) - groupRank(b.chart.group) ||
    (a.chart.group < b.chart.group ? -1 : a.chart.group > b.chart.group ? 1 : 0) ||
    a.rank - b.rank
  );
}

const QUIET = 10_000;

function factsOf(families: readonly Family[], targetLabels: Labels): PageView['facts'] {
  return families.flatMap((family) =>
    [...family.metrics.values()].flatMap((metric) =>
      metric.series.map((series) => ({
        metric: metric.name,
        help: family.help,
        labels: filterLabels(
          series.labels,
          (name, value) => name !== METRIC_NAME && getLabel(targetLabels, name) !== value,
        ),
        value: series.last,
      })),
    ),
  );
}

/** The automatic page of a target; `version` is 0, whoever sends it counts. */
export function buildPage(input: PageInput): PageView {
  const families = groupFamilies(input.series, input.metadata, input.targetLabels);
  const names = new Set(input.series.map(({ labels }) => getLabel(labels, METRIC_NAME)));
  const ownNames = families.map((family) => family.name).filter((name) => !OWN_OF_SCRAPE.test(name));
  const context: PageContext = {
    target: targetConditions(input.targetLabels),
    window: rateWindow(input.interval),
    prefix: commonPrefix(ownNames),
    shared: sharedClauses(families.map((family) => family.help)),
  };
  const ranked: Ranked[] = [];
  const covered = new Set<string>();
  const titles = new Set<string>();
  const tools = recipeTools(context, names);
  for (const [rank, recipe] of RECIPES.entries()) {
    if (!recipe.needs.every((metric) => names.has(metric)) || titles.has(recipe.title)) continue;
    titles.add(recipe.title);
    for (const family of recipe.covers) covered.add(family);
    const { id, group, title, metric, kind, unit } = recipe;
    const type = families.find((family) => family.name === metric)?.type ?? 'gauge';
    const queries = recipe.queries(tools);
    ranked.push({ chart: { id, group, title, metric, type, kind, unit, queries, hidden: 0, buckets: null }, rank });
  }
  const facts: Family[] = [];
  for (const [position, family] of families.entries()) {
    if (covered.has(family.name)) continue;
    if (family.type === 'info' || isConstant(family)) {
      facts.push(family);
      continue;
    }
    const moves = [...family.metrics.values()].some((metric) => metric.series.some((s) => s.min !== s.max));
    const rank = RECIPES.length + position + (moves ? 0 : QUIET);
    for (const chart of familyCharts(family, context)) ranked.push({ chart, rank });
  }
  const seen = new Map<string, number>();
  const charts = ranked.sort(compareCharts).map(({ chart }) => {
    // Two families may say the same in their HELP: then the name tells them apart.
    const count = (seen.get(`${chart.group}/${chart.title}`) ?? 0) + 1;
    seen.set(`${chart.group}/${chart.title}`, count);
    return count === 1 ? chart : { ...chart, title: chart.metric };
  });
  return { targetId: input.targetId, charts, facts: factsOf(facts, input.targetLabels), version: 0 };
}
