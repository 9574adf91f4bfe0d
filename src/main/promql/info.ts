import {
  compileMatcher,
  formatLabels,
  getLabel,
  isPresent,
  isStaleAt,
  labelPairs,
  METRIC_NAME,
  withLabel,
  wordsOf,
  type CompiledMatcher,
  type Labels,
  type Matcher,
} from '#shared/model/index.ts';
import type { SeriesSamples } from '#main/storage/index.ts';
import { ColumnBuilder, histogramAt, type Column } from './columns.ts';
import { keyOf, type EvalContext } from './context.ts';
import { fail } from './failure.ts';
import type { InfoNode } from './plan-node.ts';
import { computeNewest } from './windows.ts';

/** Labels that tell whose info series one is. */
const IDENTIFYING = ['instance', 'job'] as const;

/** An info series with the element that is the newest at each step, or -1. */
interface InfoSeries {
  readonly samples: SeriesSamples;
  readonly newest: Int32Array;
}

/** Matchers on the name of info series: those given, for any `_info` where only exclusions are, else `target_info`. */
function nameMatchers(given: readonly Matcher[]): readonly Matcher[] {
  if (given.length === 0) return [{ name: METRIC_NAME, type: '=', value: 'target_info' }];
  if (given.some(({ type }) => type === '=' || type === '=~')) return given;
  return [{ name: METRIC_NAME, type: '=~', value: '.+_info' }, ...given];
}

/** Matchers on the name of info series, and on their other labels. */
export function infoMatchers(matchers: readonly Matcher[] | null): {
  readonly names: readonly Matcher[];
  readonly data: readonly Matcher[];
} {
  const given = matchers ?? [];
  const names = nameMatchers(given.filter(({ name }) => name === METRIC_NAME));
  return { names, data: given.filter(({ name }) => name !== METRIC_NAME) };
}

const quoteMeta = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

function signature(metric: string, labels: Labels): string {
  return JSON.stringify([metric, ...IDENTIFYING.map((name) => getLabel(labels, name))]);
}

/** Adds the labels of info series to the series of a vector with the same `instance` and `job`. */
export async function evaluateInfo(
  node: InfoNode,
  base: readonly Column[],
  context: EvalContext,
): Promise<readonly Column[]> {
  const { names, data } = infoMatchers(node.matchers);
  const compiledNames = names.map(compileMatcher);
  const isInfo = (labels: Labels): boolean =>
    compiledNames.every((matcher) => matcher.matches(getLabel(labels, METRIC_NAME)));
  const infos = readInfos(
    node,
    base.filter(({ labels }) => !isInfo(labels)),
    [...names, ...data],
    context,
  );
  const enricher = new Enricher(node, infos, data.map(compileMatcher));
  for (const column of base) {
    if (context.limits.due()) await context.limits.pause();
    if (isInfo(column.labels)) enricher.keep(column);
    else enricher.enrich(column);
  }
  return enricher.columns();
}

function readInfos(
  node: InfoNode,
  base: readonly Column[],
  wanted: readonly Matcher[],
  { querier, lookback }: EvalContext,
): InfoSeries[] {
  const matchers: Matcher[] = [...wanted];
  let identified = false;
  for (const name of IDENTIFYING) {
    const values = new Set(base.map(({ labels }) => getLabel(labels, name)).filter((value) => value !== ''));
    if (values.size === 0) continue;
    identified = true;
    matchers.push({ name, type: '=~', value: [...values].map(quoteMeta).join('|') });
  }
  if (!identified) return [];
  const { ends } = node;
  const last = ends.first + ends.step * (ends.count - 1);
  const infos: InfoSeries[] = [];
  for (const samples of querier.select(matchers, ends.first - lookback + 1, last)) {
    const newest = computeNewest(samples.times, samples.from, samples.to, ends, lookback);
    const words = wordsOf(samples.values);
    newest.forEach((i, step) => {
      if (i < 0) return;
      if ((samples.histograms?.[i] ?? null) !== null)
        fail(`this should be an info metric, with float samples: ${formatLabels(samples.labels)}`);
      if (isStaleAt(words, i)) newest[step] = -1;
    });
    if (newest.some((i) => i >= 0)) infos.push({ samples, newest });
  }
  return infos;
}

/** Puts the labels together, step by step, since the info series that is the newest may change. */
class Enricher {
  private readonly node: InfoNode;
  private readonly matchers: readonly CompiledMatcher[];
  private readonly metrics: readonly string[];
  private readonly infos: readonly InfoSeries[];
  /** For each step that was looked at the newest info series of each signature. */
  private readonly newest: (Map<string, InfoSeries> | undefined)[] = [];
  private readonly results = new Map<string, { labels: Labels; dropName: boolean; out: ColumnBuilder }>();
  /** Matchers that a series without info must accept with no value. */
  private readonly needsInfo: boolean;

  constructor(node: InfoNode, infos: readonly InfoSeries[], matchers: readonly CompiledMatcher[]) {
    this.node = node;
    this.matchers = matchers;
    this.metrics = [...new Set(infos.map(({ samples }) => getLabel(samples.labels, METRIC_NAME)))];
    this.needsInfo = matchers.some((matcher) => !matcher.matches(''));
    this.infos = infos;
  }

  /** Info series only matter, and may only clash, at steps with something to enrich. */
  private newestAt(step: number): Map<string, InfoSeries> {
    return (this.newest[step] ??= newestBySignature(this.infos, step));
  }

  private open(labels: Labels, dropName: boolean): ColumnBuilder {
    const key = keyOf(labels);
    let known = this.results.get(key);
    if (known === undefined) {
      known = { labels, dropName, out: new ColumnBuilder(this.node.grid.count) };
      this.results.set(key, known);
    }
    return known.out;
  }

  private put(column: Column, step: number, labels: Labels): void {
    const out = this.open(labels, column.dropName);
    if (out.has(step)) fail('vector cannot contain metrics with the same labelset');
    const h = histogramAt(column, step);
    if (h === null) out.setFloat(step, column.values[step]);
    else out.setHistogram(step, h);
  }

  keep(column: Column): void {
    for (let step = 0; step < this.node.grid.count; step++) {
      if (!isPresent(column.present, step)) continue;
      this.newestAt(step);
      this.put(column, step, column.labels);
    }
  }

  enrich(column: Column): void {
    const signatures = this.metrics.map((metric) => signature(metric, column.labels));
    let lastFound: (InfoSeries | undefined)[] | null = null;
    let labels: Labels | null = column.labels;
    for (let step = 0; step < this.node.grid.count; step++) {
      if (!isPresent(column.present, step)) continue;
      const found = signatures.map((key) => this.newestAt(step).get(key));
      if (lastFound === null || found.some((info, i) => info !== lastFound?.[i])) {
        labels = this.enriched(column.labels, found);
        lastFound = found;
      }
      if (labels !== null) this.put(column, step, labels);
    }
  }

  /** The labels with those of the info series found; null when there is none and one is needed. */
  private enriched(labels: Labels, found: readonly (InfoSeries | undefined)[]): Labels | null {
    const added = new Map<string, string>();
    let any = false;
    for (const info of found) {
      if (info === undefined) continue;
      any = true;
      for (const [name, value] of labelPairs(info.samples.labels)) {
        if (name === METRIC_NAME) continue;
        if (this.matchers.length > 0 && !this.matchers.some((matcher) => matcher.name === name)) continue;
        const known = added.get(name);
        if (known !== undefined && known !== value) fail(`conflicting label: ${name}`);
        if (getLabel(labels, name) === '') added.set(name, value);
      }
    }
    if (!any && this.needsInfo) return null;
    let out = labels;
    for (const [name, value] of added) out = withLabel(out, name, value);
    return out;
  }

  columns(): Column[] {
    return [...this.results.values()].map(({ labels, dropName, out }) => out.finish(labels, dropName));
  }
}

function newestBySignature(infos: readonly InfoSeries[], step: number): Map<string, InfoSeries> {
  const found = new Map<string, InfoSeries>();
  for (const info of infos) {
    const i = info.newest[step];
    if (i < 0) continue;
    const key = signature(getLabel(info.samples.labels, METRIC_NAME), info.samples.labels);
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, info);
      continue;
    }
    const knownTime = known.samples.times[known.newest[step]];
    const time = info.samples.times[i];
    if (knownTime === time) {
      const existing = `existing ${formatLabels(known.samples.labels)} @ ${knownTime}`;
      fail(`found duplicate series for info metric: ${existing}, new ${formatLabels(info.samples.labels)} @ ${time}`);
    }
    if (time > knownTime) found.set(key, info);
  }
  return found;
}
