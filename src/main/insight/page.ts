import type { ChartSpec, PageView, RecipeTitle } from '#shared/contract/index.ts';
import { METRIC_NAME, filterLabels, getLabel, type Labels, type Millis } from '#shared/model/index.ts';
import { groupFamilies, type Family, type MetadataLookup, type Metric, type SeriesDigest } from './families.ts';
import { familyCharts, type PageContext } from './family-charts.ts';
import { DETAILS, groupRank, isRaw } from './groups.ts';
import { mergePairs } from './pairs.ts';
import type { Recipe, RecipeTools } from './recipe.ts';
import { RECIPES } from './recipes.ts';
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

function recipeTools(context: PageContext, metrics: ReadonlyMap<string, Metric>): RecipeTools {
  const series = (metric: string, more = ''): string => {
    const own = selector(metric, context.target);
    return more === '' ? own : `${own.slice(0, -1)}${context.target.length > 0 ? ',' : ''}${more}}`;
  };
  return {
    series,
    rate: (metric, more) => `rate(${series(metric, more)}[${context.window}])`,
    has: (metric) => metrics.has(metric),
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

/** A page with fewer charts than this keeps all in the groups of their names. */
const CROWDED = 40;

function moves({ series }: Metric): boolean {
  return series.some((one) => one.min !== one.max);
}

/** Seen for long enough to say that it stays as it is. */
function isStill(metric: Metric): boolean {
  return !moves(metric) && metric.series.some((one) => one.span >= CONSTANT_AFTER);
}

function applies(recipe: Recipe, metrics: ReadonlyMap<string, Metric>): boolean {
  const needed = recipe.needs.map((name) => metrics.get(name));
  if (!needed.every((metric) => metric !== undefined)) return false;
  if (recipe.unless?.some((name) => metrics.has(name)) === true) return false;
  return recipe.onlyInUse !== true || needed.some((metric) => metric.series.some((series) => series.max > 0));
}

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
  const metrics = new Map(
    families.flatMap((family) => [...family.metrics.values()].map((metric) => [metric.name, metric])),
  );
  const typeOf = new Map(
    families.flatMap(({ type, metrics: own }) => [...own.values()].map(({ name }) => [name, type])),
  );
  const ownNames = families.map((family) => family.name).filter((name) => !OWN_OF_SCRAPE.test(name));
  const context: PageContext = {
    target: targetConditions(input.targetLabels),
    window: rateWindow(input.interval),
    prefix: commonPrefix(ownNames),
    shared: sharedClauses(families.map((family) => family.help)),
  };
  const ranked: Ranked[] = [];
  const covered = new Set<string>();
  const titles = new Set<RecipeTitle>();
  const tools = recipeTools(context, metrics);
  for (const [rank, recipe] of RECIPES.entries()) {
    if (!applies(recipe, metrics) || titles.has(recipe.title)) continue;
    titles.add(recipe.title);
    for (const name of recipe.covers) covered.add(name);
    const { id, group, title, metric, kind, unit } = recipe;
    const type = typeOf.get(metric) ?? 'gauge';
    const queries = recipe.queries(tools);
    ranked.push({
      chart: {
        id,
        group,
        title: { kind: 'recipe', recipe: title },
        metric,
        type,
        kind,
        unit,
        queries,
        hidden: 0,
        buckets: null,
      },
      rank,
    });
  }
  const facts: Family[] = [];
  const generic: Ranked[] = [];
  for (const [position, family] of families.entries()) {
    // OpenMetrics calls the family of `reads_total` `reads`: what a recipe covers are metrics.
    if ([...family.metrics].every(([suffix, { name }]) => suffix === '_created' || covered.has(name))) continue;
    if (family.type === 'info' || isConstant(family)) {
      facts.push(family);
      continue;
    }
    for (const chart of familyCharts(family, context)) {
      const rank = RECIPES.length + position;
      generic.push({ chart: isRaw(family.name) ? { ...chart, group: DETAILS } : chart, rank });
    }
  }
  const crowded = ranked.length + generic.length >= CROWDED;
  const stays = ({ metric }: ChartSpec, test: (metric: Metric) => boolean): boolean => {
    const own = metrics.get(metric) ?? metrics.get(`${metric}_bucket`);
    return own !== undefined && test(own);
  };
  for (const { chart, rank } of generic) {
    const group = crowded && stays(chart, isStill) ? DETAILS : chart.group;
    const quiet = stays(chart, (metric) => !moves(metric));
    ranked.push({ chart: { ...chart, group }, rank: quiet ? rank + QUIET : rank });
  }
  const seen = new Map<string, number>();
  const ordered = ranked.sort(compareCharts).map(({ chart }) => chart);
  const charts = mergePairs(ordered, context.prefix, (metric) => metrics.get(metric)?.series.length ?? 0).map(
    (chart): ChartSpec => {
      // Two families may say the same in their HELP: then the name tells them apart.
      const called = `${chart.group}/${JSON.stringify(chart.title)}`;
      const count = (seen.get(called) ?? 0) + 1;
      seen.set(called, count);
      return count === 1 ? chart : { ...chart, title: { kind: 'text', text: chart.metric } };
    },
  );
  return { targetId: input.targetId, charts, facts: factsOf(facts, input.targetLabels), version: 0 };
}
