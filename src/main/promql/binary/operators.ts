import type { ArithmeticOp, BinaryOp, ComparisonOp } from '#shared/promql/index.ts';
import { pow } from '../go-math.ts';

export const ARITHMETIC: Readonly<Record<ArithmeticOp, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': pow,
  atan2: Math.atan2,
};

/** Loops over whole columns: the operators that most queries use are written out, so that they compile tightly. */
const LOOPS: Readonly<Partial<Record<ArithmeticOp, (a: Float64Array, b: Float64Array, out: Float64Array) => void>>> = {
  '+': (a, b, out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
  },
  '-': (a, b, out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i];
  },
  '*': (a, b, out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i];
  },
  '/': (a, b, out) => {
    for (let i = 0; i < out.length; i++) out[i] = a[i] / b[i];
  },
};

/** Applies an operator to two columns of `count` steps. */
export function arithmeticColumns(op: ArithmeticOp, a: Float64Array, b: Float64Array, count: number): Float64Array {
  const out = new Float64Array(count);
  const loop = LOOPS[op];
  if (loop !== undefined) loop(a, b, out);
  else {
    const compute = ARITHMETIC[op];
    for (let i = 0; i < count; i++) out[i] = compute(a[i], b[i]);
  }
  return out;
}

export const COMPARISON: Readonly<Record<ComparisonOp, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

export function isArithmetic(op: BinaryOp): op is ArithmeticOp {
  return Object.hasOwn(ARITHMETIC, op);
}

export function isComparison(op: BinaryOp): op is ComparisonOp {
  return Object.hasOwn(COMPARISON, op);
}
