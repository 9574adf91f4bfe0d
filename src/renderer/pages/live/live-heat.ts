import type { Millis } from '#shared/model/index.ts';
import { UNUSUAL } from '#renderer/charts/index.ts';
import type { LiveStore } from '#renderer/data/index.ts';
import { queryId } from './live-model.ts';
import type { NamedChart } from './named-chart.ts';

/** Heat of one chart over the steps of the window. */
export interface ChartHeat {
  /** Highest heat of its series at each step; NaN where nothing can be told. */
  readonly steps: Float32Array;
  /** Highest of all steps; NaN where nothing can be told. */
  readonly most: number;
}

export interface GroupHeat {
  readonly name: string;
  readonly charts: number;
  readonly steps: Float32Array;
  readonly most: number;
}

/** How far a target's charts are from their own normal. */
export interface LiveHeat {
  /** Time of the first step, and between two. */
  readonly start: Millis;
  readonly step: Millis;
  readonly count: number;
  readonly charts: ReadonlyMap<string, ChartHeat>;
  /** In the order of the page. */
  readonly groups: readonly GroupHeat[];
  /** Charts that were unusual within the window; what scraping reports of itself does not count. */
  readonly unusual: number;
  /** 1 for each step with a value of any chart; what scraping itself reports does not count. */
  readonly watched: Uint8Array;
  /** Steps where nothing was stored, [from, to) pairs, after the first value. */
  readonly gaps: readonly (readonly [from: number, to: number])[];
  /** Time of the first value, null before any; nothing is said before `learn` has passed since. */
  readonly since: Millis | null;
  readonly learn: Millis | null;
}

/** The group of what scraping reports: `up` is there when all else is not. */
const SCRAPE = 'Scrape';
/** Raw counters that few look for. */
const DETAILS = 'Details';

/** Steps at the end without a value that are not a gap yet: the newest may be under way. */
const UNDER_WAY = 3;

function gapsOf(watched: Uint8Array): (readonly [number, number])[] {
  const gaps: (readonly [number, number])[] = [];
  let last = watched.indexOf(1);
  if (last < 0) return gaps;
  for (let i = last + 1; i < watched.length; i++) {
    if (watched[i] === 0) continue;
    if (i - last > 1) gaps.push([last + 1, i]);
    last = i;
  }
  if (watched.length - 1 - last >= UNDER_WAY) gaps.push([last + 1, watched.length]);
  return gaps;
}

/** Whether a chart deserves to stand under 'Unusual now': counts of scraping and raw details do not. */
export function isUnusual({ group }: NamedChart, heat: ChartHeat | undefined): boolean {
  return heat !== undefined && heat.most > UNUSUAL && group !== SCRAPE && group !== DETAILS;
}

function highest(values: Float32Array): number {
  let most = Number.NaN;
  for (const value of values) if (!Number.isNaN(value) && !(most >= value)) most = value;
  return most;
}

function merge(into: Float32Array, other: Float32Array): void {
  for (let i = 0; i < into.length; i++) if (!Number.isNaN(other[i]) && !(into[i] >= other[i])) into[i] = other[i];
}

export function liveHeat(charts: readonly NamedChart[], store: LiveStore): LiveHeat {
  const { step, window } = store.options;
  const count = store.last === null ? 0 : Math.floor(window / step) + 1;
  const start = (store.last ?? 0) - (count - 1) * step;
  const found = new Map<string, ChartHeat>();
  const groups = new Map<string, { charts: number; steps: Float32Array }>();
  const watched = new Uint8Array(count);
  let since: Millis | null = null;
  let learn: Millis | null = null;
  for (const spec of charts) {
    const steps = new Float32Array(count).fill(Number.NaN);
    for (let i = 0; i < spec.queries.length; i++) {
      const live = store.window(queryId(spec, i));
      if (live === null) continue;
      live.mergeHeat(start, steps);
      if (spec.group !== SCRAPE) live.mergePresence(start, watched);
      learn ??= live.learn;
      const { firstValue } = live;
      if (firstValue !== null && (since === null || firstValue < since)) since = firstValue;
    }
    found.set(spec.id, { steps, most: highest(steps) });
    const group = groups.get(spec.group) ?? { charts: 0, steps: new Float32Array(count).fill(Number.NaN) };
    group.charts++;
    merge(group.steps, steps);
    groups.set(spec.group, group);
  }
  return {
    start,
    step,
    count,
    charts: found,
    groups: [...groups].map(([name, group]) => ({ name, ...group, most: highest(group.steps) })),
    watched,
    gaps: gapsOf(watched),
    unusual: charts.filter((spec) => isUnusual(spec, found.get(spec.id))).length,
    since,
    learn,
  };
}

/** Hottest first, what few look for last; groups of the same heat stay in the order of the page. */
export function byHeat(groups: readonly GroupHeat[]): readonly GroupHeat[] {
  const rank = ({ name, most }: GroupHeat): number =>
    (name === SCRAPE || name === DETAILS ? -2 : 0) + (Number.isNaN(most) ? 0 : most);
  return [...groups].sort((a, b) => rank(b) - rank(a));
}
