import {
  addHistograms,
  compact,
  divideHistogram,
  equalHistograms,
  HINT_GAUGE,
  multiplyHistogram,
  subtractHistograms,
  trimHistogram,
  withHint,
  type CombinedHistogram,
  type Histogram,
} from '#shared/model/index.ts';
import type { BinaryOp } from '#shared/promql/index.ts';
import type { Annotations, Position } from '../annotations.ts';
import { ARITHMETIC, COMPARISON, isArithmetic, isComparison } from './operators.ts';

/** Result of an operator on two samples; reused, since it is made for each pair. */
export interface SampleResult {
  value: number;
  histogram: Histogram | null;
  /** A comparison holds, or there is something to compare at all. */
  keep: boolean;
}

export interface OperationSite {
  readonly op: BinaryOp;
  readonly notes: Annotations;
  readonly position: Position;
}

/** Kinds that an operator does not take together are reported, and have no result. */
function incompatible(left: 'float' | 'histogram', right: 'float' | 'histogram', site: OperationSite): false {
  site.notes.incompatibleTypes(left, site.op, right, site.position);
  return false;
}

/**
 * Applies an operator to two samples, histograms where they are not null.
 * @returns false when the pair has no result, which is then annotated
 */
export function operate(
  left: number,
  leftHistogram: Histogram | null,
  right: number,
  rightHistogram: Histogram | null,
  site: OperationSite,
  out: SampleResult,
): boolean {
  out.value = 0;
  out.histogram = null;
  out.keep = true;
  if (leftHistogram === null && rightHistogram === null) return floats(left, right, site, out);
  if (leftHistogram === null) return floatAndHistogram(left, rightHistogram as Histogram, site, out);
  if (rightHistogram === null) return histogramAndFloat(leftHistogram, right, site, out);
  return histograms(leftHistogram, rightHistogram, site, out);
}

function floats(left: number, right: number, site: OperationSite, out: SampleResult): boolean {
  const { op } = site;
  if (isArithmetic(op)) out.value = ARITHMETIC[op](left, right);
  else if (isComparison(op)) {
    out.value = left;
    out.keep = COMPARISON[op](left, right);
  } else return incompatible('float', 'float', site);
  return true;
}

function floatAndHistogram(left: number, right: Histogram, site: OperationSite, out: SampleResult): boolean {
  if (site.op !== '*') return incompatible('float', 'histogram', site);
  out.histogram = compact(multiplyHistogram(right, left));
  return true;
}

const HISTOGRAM_BY_FLOAT: Readonly<Partial<Record<BinaryOp, (h: Histogram, by: number) => Histogram>>> = {
  '*': (h, by) => compact(multiplyHistogram(h, by)),
  '/': (h, by) => compact(divideHistogram(h, by)),
  '</': (h, by) => trimHistogram(h, by, true),
  '>/': (h, by) => trimHistogram(h, by, false),
};

function histogramAndFloat(left: Histogram, right: number, site: OperationSite, out: SampleResult): boolean {
  const apply = HISTOGRAM_BY_FLOAT[site.op];
  if (apply === undefined) return incompatible('histogram', 'float', site);
  out.histogram = apply(left, right);
  return true;
}

function histograms(left: Histogram, right: Histogram, site: OperationSite, out: SampleResult): boolean {
  switch (site.op) {
    case '+':
      return combined(addHistograms(left, right), 'addition', site, out);
    case '-':
      return combined(subtractHistograms(left, right), 'subtraction', site, out);
    case '==':
    case '!=':
      out.histogram = left;
      out.keep = equalHistograms(left, right) === (site.op === '==');
      return true;
    default:
      return incompatible('histogram', 'histogram', site);
  }
}

function combined(
  result: CombinedHistogram | null,
  operation: 'addition' | 'subtraction',
  site: OperationSite,
  out: SampleResult,
): boolean {
  if (result === null) {
    site.notes.incompatibleBucketLayout(site.op, site.position);
    return false;
  }
  if (result.collision) {
    site.notes.resetCollision(operation, site.position);
    return false;
  }
  if (result.reconciled) site.notes.mismatchedCustomBuckets(operation, site.position);
  const histogram = compact(result.histogram);
  out.histogram = operation === 'subtraction' ? withHint(histogram, HINT_GAUGE) : histogram;
  return true;
}
