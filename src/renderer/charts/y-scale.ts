import type { Unit } from '#shared/contract/index.ts';

export interface YScale {
  readonly min: number;
  readonly max: number;
}

/** Steps of an axis within a decade, and within a power of 1024 for bytes. */
const DECIMAL_STEPS = [1, 2, 2.5, 5, 10];
/** Small steps are whole: many charts count things. */
const WHOLE_STEPS = [1, 2, 5, 10];
const BINARY_STEPS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** The smallest round step that cuts `span` into at most `count` parts. Bytes step in powers of two. */
export function niceStep(span: number, count: number, unit: Unit): number {
  const rough = span / Math.max(1, count);
  if (unit === 'bytes' && rough >= 1) {
    const base = 1024 ** Math.floor(Math.log(rough) / Math.log(1024));
    return base * (BINARY_STEPS.find((step) => step * base >= rough * 0.999) ?? 1024);
  }
  const base = 10 ** Math.floor(Math.log10(rough));
  const steps = base < 10 ? WHOLE_STEPS : DECIMAL_STEPS;
  const step = steps.find((candidate) => candidate * base >= rough * 0.999) ?? 10;
  // Floats drift: 3 * 0.1 must be written 0.3.
  return Number((step * base).toPrecision(12));
}

/**
 * The range shown for data between `min` and `max`: from 0 unless the smallest value is above 55 % of the largest, with
 * some air above. Nothing and flat zero show 0 to 1.
 */
export function yScale(min: number | null, max: number | null, unit: Unit): YScale {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return { min: 0, max: 1 };
  // Below this the floats have no room for an axis.
  if (Math.abs(min) < 1e-290 && Math.abs(max) < 1e-290) return { min: 0, max: 1 };
  if (min === max) {
    const pad = Math.abs(max) * 0.1;
    return min > 0 ? { min: min - pad, max: max + pad } : { min: min - pad, max: Math.max(0, max + pad) };
  }
  // What hardly moves is drawn flat: noise in the fourth digit is no event.
  const least = Math.max(Math.abs(min), Math.abs(max)) * 0.02;
  if (max - min < least) {
    const middle = (min + max) / 2;
    const range = { min: middle - least, max: middle + least };
    return unit === 'ratio' && max <= 1 && range.max > 1 ? { min: 1 - 2 * least, max: 1 } : range;
  }
  const fromZero = min >= 0 && min <= 0.55 * max;
  const lo = fromZero ? 0 : min - (max - min) * 0.08;
  const hi = max <= 0 && min < 0 ? Math.min(0, max + (max - min) * 0.08) : max + (max - lo) * 0.06;
  // A share can pass 100 % only when it does.
  if (unit === 'ratio' && max <= 1 && hi > 1) return { min: lo, max: 1 };
  return { min: lo, max: hi };
}

/** Round values inside the range, about `count` of them. */
export function yTicks({ min, max }: YScale, count: number, unit: Unit): number[] {
  const step = niceStep(max - min, count, unit);
  const ticks: number[] = [];
  const first = Math.ceil(min / step - 1e-9);
  for (let i = first; i * step <= max + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}
