import {
  formatOpenMetrics,
  getLabel,
  histogramFraction,
  histogramQuantile,
  histogramVariance,
  isPresent,
  METRIC_NAME,
  withLabel,
  type Histogram,
  type Labels,
  type NanNote,
} from '#shared/model/index.ts';
import { ColumnBuilder, histogramAt, type Column } from '../columns.ts';
import { checkedNames, keyOf, withoutMetadata, type EvalContext } from '../context.ts';
import { scalarArg, stringArg, vectorArg, type VectorCall, type VectorFunction } from './call.ts';
import { bucketFraction, bucketQuantile, type ClassicBuckets } from './classic-histogram.ts';
import { parseGoFloat } from './parse-float.ts';

/** Functions of each native histogram; floats have no result. */
export const HISTOGRAM_FUNCTIONS: ReadonlyMap<string, (h: Histogram) => number> = new Map([
  ['histogram_count', (h: Histogram) => h.count],
  ['histogram_sum', (h: Histogram) => h.sum],
  ['histogram_avg', (h: Histogram) => h.sum / h.count],
  ['histogram_stdvar', histogramVariance],
  ['histogram_stddev', (h: Histogram) => Math.sqrt(histogramVariance(h))],
]);

export function overHistograms(compute: (h: Histogram) => number): VectorFunction {
  return async (call) => {
    const { limits } = call.context;
    const columns: Column[] = [];
    for (const column of vectorArg(call, 0)) {
      if (limits.due()) await limits.pause();
      if (column.histograms === null) continue;
      const out = new ColumnBuilder(call.grid.count);
      for (let step = 0; step < call.grid.count; step++) {
        const h = isPresent(column.present, step) ? column.histograms[step] : null;
        if (h !== null) out.setFloat(step, compute(h));
      }
      if (out.filled === 0) continue;
      // Dropped at once, the name goes alone here: type and unit stay, unlike with all other functions.
      const { delayedNames } = call.context;
      columns.push(out.finish(delayedNames ? column.labels : withLabel(column.labels, METRIC_NAME, ''), delayedNames));
    }
    return { type: 'vector', columns: checkedNames(call.context, columns) };
  };
}

/** Series of one classic histogram, by ascending bound, and the native one with the same labels. */
interface HistogramGroup {
  readonly labels: Labels;
  readonly buckets: { readonly bound: number; readonly column: Column }[];
  readonly natives: Column[];
}

/** Finds the histograms of a vector: classic ones by all labels but `le`, native ones by their labels. */
function groupHistograms(columns: readonly Column[], context: EvalContext, position: number): HistogramGroup[] {
  const groups = new Map<string, HistogramGroup>();
  const groupOf = (labels: Labels): HistogramGroup => {
    const key = keyOf(labels);
    let group = groups.get(key);
    if (group === undefined) {
      group = { labels, buckets: [], natives: [] };
      groups.set(key, group);
    }
    return group;
  };
  for (const column of columns) {
    if (column.histograms !== null) groupOf(column.labels).natives.push(column);
    if (column.histograms !== null && !hasFloats(column)) continue;
    const le = getLabel(column.labels, 'le');
    const bound = parseGoFloat(le);
    if (bound === null) context.notes.badBucketLabel(nameFor(column.labels, context), le, position);
    else groupOf(withLabel(column.labels, 'le', '')).buckets.push({ bound, column });
  }
  for (const group of groups.values()) group.buckets.sort((a, b) => a.bound - b.bound);
  return [...groups.values()];
}

function hasFloats(column: Column): boolean {
  return column.values.some((_, i) => isPresent(column.present, i) && histogramAt(column, i) === null);
}

/** Names are only told in annotations where they are still there. */
function nameFor(labels: Labels, context: EvalContext): string {
  return context.delayedNames ? getLabel(labels, METRIC_NAME) : '';
}

/** Gathers the buckets that a classic histogram has at a step into `into`, which is reused. */
function bucketsAt(group: HistogramGroup, step: number, into: { bounds: number[]; counts: number[] }): ClassicBuckets {
  into.bounds.length = 0;
  into.counts.length = 0;
  for (const { bound, column } of group.buckets) {
    if (!isPresent(column.present, step) || histogramAt(column, step) !== null) continue;
    into.bounds.push(bound);
    into.counts.push(column.values[step]);
  }
  return into;
}

interface HistogramVisitor {
  native(h: Histogram, step: number): number;
  classic(buckets: ClassicBuckets, step: number, labels: Labels): number;
}

async function visitHistograms(
  groups: readonly HistogramGroup[],
  call: VectorCall,
  position: number,
  relabel: (labels: Labels) => Labels,
  visitor: (labels: Labels) => HistogramVisitor,
): Promise<Column[]> {
  const { context, grid } = call;
  const columns: Column[] = [];
  const buckets = { bounds: [], counts: [] };
  for (const group of groups) {
    if (context.limits.due()) await context.limits.pause();
    const out = new ColumnBuilder(grid.count);
    const visit = visitor(group.labels);
    const [native] = group.natives;
    for (let step = 0; step < grid.count; step++) {
      const h = native !== undefined && isPresent(native.present, step) ? histogramAt(native, step) : null;
      const classic = group.buckets.length === 0 ? null : bucketsAt(group, step, buckets);
      if (classic !== null && classic.bounds.length > 0) {
        if (h === null) out.setFloat(step, visit.classic(classic, step, group.labels));
        else context.notes.mixedClassicNative(nameFor(group.labels, context), position);
      } else if (h !== null) out.setFloat(step, visit.native(h, step));
    }
    if (out.filled === 0) continue;
    const labels = context.delayedNames ? group.labels : withoutMetadata(group.labels);
    columns.push(out.finish(relabel(labels), context.delayedNames));
  }
  return columns;
}

function checkQuantiles(q: Float64Array, call: VectorCall, position: number): void {
  for (const value of q) if (!(value >= 0 && value <= 1)) call.context.notes.invalidQuantile(value, position);
}

function quantileVisitor(q: Float64Array, call: VectorCall, position: number): (labels: Labels) => HistogramVisitor {
  const { context, grid } = call;
  const note = (kind: NanNote, name: string): void => {
    if (kind === 'result-is-nan') context.notes.quantileNanResult(name, position);
    else if (kind === 'skewed-higher') context.notes.quantileNanSkew(name, position);
  };
  return (labels) => ({
    native(h, step) {
      const result = histogramQuantile(q[step], h);
      note(result.note, nameFor(labels, context));
      return result.value;
    },
    classic(buckets, step) {
      const { value, repair } = bucketQuantile(q[step], buckets);
      if (repair !== null) {
        const time = grid.start + step * grid.step;
        const detail = { ...repair, minTime: time, maxTime: time, samples: 1 };
        context.notes.forcedMonotonicity(nameFor(labels, context), detail, position);
      }
      return value;
    },
  });
}

const same = (labels: Labels): Labels => labels;

export const histogramQuantileFunction: VectorFunction = async (call) => {
  const q = scalarArg(call, 0);
  const position = call.expr.args[1].from;
  checkQuantiles(q, call, call.expr.args[0].from);
  const groups = groupHistograms(vectorArg(call, 1), call.context, position);
  const columns = await visitHistograms(groups, call, position, same, quantileVisitor(q, call, position));
  return { type: 'vector', columns: checkedNames(call.context, columns) };
};

export const histogramQuantilesFunction: VectorFunction = async (call) => {
  const position = call.expr.args[0].from;
  const label = stringArg(call, 1);
  const groups = groupHistograms(vectorArg(call, 0), call.context, position);
  const columns: Column[] = [];
  for (let i = 2; i < call.args.length; i++) {
    const q = scalarArg(call, i);
    checkQuantiles(q, call, call.expr.args[i].from);
    const visitor = quantileVisitor(q, call, position);
    // The label follows the quantile, which may differ from step to step: one series for each of its values.
    for (const value of new Set(q)) {
      const text = formatOpenMetrics(value);
      const part = await visitHistograms(groups, call, position, (labels) => withLabel(labels, label, text), visitor);
      columns.push(
        ...part.map((column) =>
          onlyWhere(column, (step) => q[step] === value || (q[step] !== q[step] && value !== value)),
        ),
      );
    }
  }
  return { type: 'vector', columns: checkedNames(call.context, columns) };
};

function onlyWhere(column: Column, keep: (step: number) => boolean): Column {
  const present = column.present.slice();
  for (let step = 0; step < column.values.length; step++) if (!keep(step)) present[step >> 3] &= ~(1 << (step & 7));
  return { ...column, present };
}

export const histogramFractionFunction: VectorFunction = async (call) => {
  const lower = scalarArg(call, 0);
  const upper = scalarArg(call, 1);
  const { context } = call;
  const position = call.expr.args[2].from;
  const groups = groupHistograms(vectorArg(call, 2), context, position);
  const columns = await visitHistograms(groups, call, position, same, (labels) => ({
    native(h, step) {
      const result = histogramFraction(lower[step], upper[step], h);
      if (result.note === 'excluded') context.notes.fractionNans(nameFor(labels, context), position);
      return result.value;
    },
    classic: (buckets, step) => bucketFraction(lower[step], upper[step], buckets),
  }));
  return { type: 'vector', columns: checkedNames(context, columns) };
};
