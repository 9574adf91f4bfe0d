import { EMPTY_LABELS, isPresent } from '#shared/model/index.ts';
import { absentLabels } from '../absent.ts';
import { floatPresence, fullPresence, histogramAt, isEmpty, type Column, type NodeValue } from '../columns.ts';
import { checkedNames, dropName } from '../context.ts';
import { maxOf, minOf } from '../go-math.ts';
import { scalarArg, vectorArg, type VectorCall, type VectorFunction } from './call.ts';
import { clampTo, DATE_FUNCTIONS, FLOAT_FUNCTIONS, roundTo } from './elementwise.ts';
import {
  HISTOGRAM_FUNCTIONS,
  histogramFractionFunction,
  histogramQuantileFunction,
  histogramQuantilesFunction,
  overHistograms,
} from './histogram-functions.ts';
import { labelJoin, labelReplace } from './label-functions.ts';
import { sortAscending, sortByLabel, sortByLabelDescending, sortDescending } from './sorting.ts';
import { unwrapParens } from '../invariance.ts';

type VectorValue = Extract<NodeValue, { type: 'vector' }>;

/** A loop of its own, so that it compiles tightly. */
function mapValues(source: Float64Array, compute: (value: number, step: number) => number): Float64Array {
  const values = new Float64Array(source.length);
  for (let step = 0; step < source.length; step++) values[step] = compute(source[step], step);
  return values;
}

/** Maps every float; `compute` may look at the step. */
async function mapFloats(
  call: VectorCall,
  columns: readonly Column[],
  compute: (value: number, step: number) => number,
): Promise<VectorValue> {
  const { limits } = call.context;
  const out: Column[] = [];
  for (const column of columns) {
    if (limits.due()) await limits.pause();
    const present = floatPresence(column);
    if (column.histograms !== null && isEmpty(present)) continue;
    const values = mapValues(column.values, compute);
    out.push({ ...dropName(call.context, column.labels), values, present, histograms: null });
  }
  return { type: 'vector', columns: checkedNames(call.context, out) };
}

/** A single series without labels. */
function plainVector(values: Float64Array): VectorValue {
  const present = fullPresence(values.length);
  return { type: 'vector', columns: [{ labels: EMPTY_LABELS, dropName: false, values, present, histograms: null }] };
}

const times = ({ grid }: VectorCall): Float64Array =>
  Float64Array.from({ length: grid.count }, (_, i) => (grid.start + i * grid.step) / 1000);

function dateFunction(compute: (seconds: number) => number): VectorFunction {
  return (call) =>
    call.args.length === 0
      ? plainVector(times(call).map((seconds) => compute(seconds)))
      : mapFloats(call, vectorArg(call, 0), compute);
}

const clamp: VectorFunction = async (call) => {
  const min = scalarArg(call, 1);
  const max = scalarArg(call, 2);
  const columns = vectorArg(call, 0);
  const fits = (step: number): boolean => !(max[step] < min[step]);
  const clamped = await mapFloats(call, columns, (value, step) => clampTo(value, min[step], max[step]));
  if (min.every((_, step) => fits(step))) return clamped;
  const kept: Column[] = [];
  for (const column of clamped.columns) {
    const present = column.present.slice();
    for (let step = 0; step < min.length; step++) if (!fits(step)) present[step >> 3] &= ~(1 << (step & 7));
    if (!isEmpty(present)) kept.push({ ...column, present });
  }
  return { type: 'vector', columns: kept };
};

const absent: VectorFunction = (call) => {
  const present = fullPresence(call.grid.count);
  for (const column of vectorArg(call, 0)) for (let i = 0; i < present.length; i++) present[i] &= ~column.present[i];
  if (isEmpty(present)) return { type: 'vector', columns: [] };
  const arg = unwrapParens(call.expr.args[0]);
  const labels = absentLabels(arg.kind === 'selector' ? arg.matchers : null);
  const values = new Float64Array(call.grid.count).fill(1);
  return { type: 'vector', columns: [{ labels, dropName: false, values, present, histograms: null }] };
};

/** The value of the only float of a vector; NaN where there is none or more than one. */
const scalar: VectorFunction = (call) => {
  const values = new Float64Array(call.grid.count).fill(NaN);
  const seen = new Uint8Array(call.grid.count);
  for (const column of vectorArg(call, 0)) {
    for (let step = 0; step < values.length; step++) {
      if (!isPresent(column.present, step) || histogramAt(column, step) !== null) continue;
      values[step] = seen[step] === 0 ? column.values[step] : NaN;
      seen[step] = 1;
    }
  }
  return { type: 'scalar', values };
};

/** The evaluation time of every sample, whatever its kind. */
const timestampOfSteps: VectorFunction = (call) => {
  const seconds = times(call);
  const columns = vectorArg(call, 0).map((column) => ({
    ...dropName(call.context, column.labels),
    values: seconds,
    present: column.present,
    histograms: null,
  }));
  return { type: 'vector', columns: checkedNames(call.context, columns) };
};

const combineScalars =
  (combine: (a: number, b: number) => number): VectorFunction =>
  (call) => {
    const b = scalarArg(call, 1);
    return { type: 'scalar', values: scalarArg(call, 0).map((a, step) => combine(a, b[step])) };
  };

/** All functions of vectors and scalars, by name; those of ranges are in range-functions/table.ts. */
export const VECTOR_FUNCTIONS: ReadonlyMap<string, VectorFunction> = new Map<string, VectorFunction>([
  ...[...FLOAT_FUNCTIONS].map(([name, compute]): [string, VectorFunction] => [
    name,
    (call) => mapFloats(call, vectorArg(call, 0), (value) => compute(value)),
  ]),
  ...[...DATE_FUNCTIONS].map(([name, compute]): [string, VectorFunction] => [name, dateFunction(compute)]),
  ...[...HISTOGRAM_FUNCTIONS].map(([name, compute]): [string, VectorFunction] => [name, overHistograms(compute)]),
  ['absent', absent],
  ['clamp', clamp],
  [
    'clamp_max',
    (call) => {
      const max = scalarArg(call, 1);
      return mapFloats(call, vectorArg(call, 0), (value, step) => clampTo(value, -Infinity, max[step]));
    },
  ],
  [
    'clamp_min',
    (call) => {
      const min = scalarArg(call, 1);
      return mapFloats(call, vectorArg(call, 0), (value, step) => clampTo(value, min[step], Infinity));
    },
  ],
  ['histogram_fraction', histogramFractionFunction],
  ['histogram_quantile', histogramQuantileFunction],
  ['histogram_quantiles', histogramQuantilesFunction],
  ['label_join', labelJoin],
  ['label_replace', labelReplace],
  ['max_of', combineScalars(maxOf)],
  ['min_of', combineScalars(minOf)],
  ['pi', (call) => ({ type: 'scalar', values: new Float64Array(call.grid.count).fill(Math.PI) })],
  [
    'round',
    (call) => {
      const nearest = call.args.length > 1 ? scalarArg(call, 1) : null;
      return mapFloats(call, vectorArg(call, 0), (value, step) => roundTo(value, nearest?.[step] ?? 1));
    },
  ],
  ['scalar', scalar],
  ['sort', sortAscending],
  ['sort_by_label', sortByLabel],
  ['sort_by_label_desc', sortByLabelDescending],
  ['sort_desc', sortDescending],
  // Only samples straight from a selector have a start timestamp.
  ['start_timestamp', () => ({ type: 'vector', columns: [] })],
  ['time', (call) => ({ type: 'scalar', values: times(call) })],
  ['timestamp', timestampOfSteps],
  ['vector', (call) => plainVector(scalarArg(call, 0))],
]);
