import {
  compareLabels,
  filterLabels,
  isPresent,
  labelsKey,
  METRIC_NAME,
  type Labels,
  type Millis,
} from '#shared/model/index.ts';
import type { Querier } from '#main/storage/index.ts';
import type { Annotations } from './annotations.ts';
import { countPresent, type Column } from './columns.ts';
import { fail } from './failure.ts';
import type { QueryLimits } from './limits.ts';

/** What nodes need while they are evaluated. */
export interface EvalContext {
  readonly querier: Querier;
  readonly limits: QueryLimits;
  readonly notes: Annotations;
  readonly lookback: Millis;
  /** Names are only marked for removal until the result is made. */
  readonly delayedNames: boolean;
  readonly useStartTimes: boolean;
  readonly typeAndUnitLabels: boolean;
  /** Samples looked at, at each step of the grid that is being evaluated; null where nobody counts. */
  looked: Float64Array | null;
}

export const SAME_LABELSET = 'vector cannot contain metrics with the same labelset';

/** Labels that go with the metric name. */
export function isMetadataLabel(name: string): boolean {
  return name === METRIC_NAME || name === '__type__' || name === '__unit__';
}

const stripped = new WeakMap<Labels, Labels>();

/** The labels without name, type and unit; computed once for each label set of the store. */
export function withoutMetadata(labels: Labels): Labels {
  let without = stripped.get(labels);
  if (without === undefined) {
    without = filterLabels(labels, (name) => !isMetadataLabel(name));
    stripped.set(labels, without);
  }
  return without;
}

const keys = new WeakMap<Labels, string>();

/** `labelsKey`, computed once for each label set that lives on. */
export function keyOf(labels: Labels): string {
  let key = keys.get(labels);
  if (key === undefined) {
    key = labelsKey(labels);
    keys.set(labels, key);
  }
  return key;
}

/** Labels and mark of a column whose metric name is dropped now: at once, or when the result is made. */
export function dropName(context: EvalContext, labels: Labels): { labels: Labels; dropName: boolean } {
  return context.delayedNames ? { labels, dropName: true } : { labels: withoutMetadata(labels), dropName: false };
}

/** Of series that are made one, which says whether the name goes: the one listed first, or that with the first sample. */
type NameFrom = 'listed-first' | 'first-sample';

/** The first step that is present; infinite where none is. */
function firstStep({ present, values }: Column): number {
  for (let step = 0; step < values.length; step++) if (isPresent(present, step)) return step;
  return Infinity;
}

function mergeTwo(a: Column, b: Column, nameFrom: NameFrom): Column {
  const present = new Uint8Array(a.present.length);
  for (let i = 0; i < present.length; i++) {
    if ((a.present[i] & b.present[i]) !== 0) fail(SAME_LABELSET);
    present[i] = a.present[i] | b.present[i];
  }
  const values = a.values.slice();
  const histograms =
    a.histograms === null && b.histograms === null
      ? null
      : Array.from({ length: values.length }, (_, i) => a.histograms?.[i] ?? null);
  for (let i = 0; i < values.length; i++) {
    if ((b.present[i >> 3] & (1 << (i & 7))) === 0) continue;
    values[i] = b.values[i];
    if (histograms !== null) histograms[i] = b.histograms?.[i] ?? null;
  }
  const named = nameFrom === 'first-sample' && firstStep(b) < firstStep(a) ? b : a;
  return { labels: a.labels, dropName: named.dropName, values, present, histograms };
}

/**
 * Makes one series of those with equal labels.
 * @throws HearthError query-execution where two of them have a sample at the same step
 */
export function mergeSameLabels(columns: readonly Column[], nameFrom: NameFrom = 'listed-first'): readonly Column[] {
  if (columns.length < 2) return columns;
  const byKey = new Map<string, Column>();
  for (const column of columns) {
    const key = keyOf(column.labels);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? column : mergeTwo(known, column, nameFrom));
  }
  return byKey.size === columns.length ? columns : [...byKey.values()];
}

/** After names were dropped at once, equal series must not be left; where they are dropped later this is checked then. */
export function checkedNames(context: EvalContext, columns: readonly Column[]): readonly Column[] {
  return context.delayedNames ? columns : mergeSameLabels(columns);
}

/** As `checkedNames`, for results of range functions, where the original merges nothing. */
export function checkedSeries(context: EvalContext, columns: readonly Column[]): readonly Column[] {
  if (!context.delayedNames && new Set(columns.map(({ labels }) => keyOf(labels))).size < columns.length)
    fail(SAME_LABELSET);
  return columns;
}

/** Carries out the removal of names that was put off. */
export function withoutMarkedNames(columns: readonly Column[]): readonly Column[] {
  return mergeSameLabels(
    columns.map((column) => (column.dropName ? { ...column, labels: withoutMetadata(column.labels) } : column)),
  );
}

export function sortByLabels(columns: readonly Column[]): readonly Column[] {
  return [...columns].sort((a, b) => compareLabels(a.labels, b.labels));
}

/** Samples that columns hold. */
export function samplesIn(columns: readonly Column[]): number {
  let samples = 0;
  for (const column of columns) samples += countPresent(column.present);
  return samples;
}
