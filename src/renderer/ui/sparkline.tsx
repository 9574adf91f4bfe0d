import { useMemo } from 'react';
import styles from './ui.module.css';

interface SparklineProps {
  /** Values in order; NaN leaves a gap. */
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly color?: string;
}

/** A line without axes, scaled to its own range. Decoration: what it shows is said elsewhere in words. */
export function Sparkline({ values, width, height, color = 'var(--text-3)' }: SparklineProps) {
  const path = useMemo(() => sparklinePath(values, width, height), [values, width, height]);
  return (
    <svg
      className={styles['sparkline']}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      preserveAspectRatio="none"
      aria-hidden
    >
      <path d={path} fill="none" stroke={color} strokeWidth={1.2} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

export function sparklinePath(values: ArrayLike<number>, width: number, height: number): string {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return '';
  const span = max - min;
  const stepX = values.length > 1 ? width / (values.length - 1) : 0;
  let path = '';
  let pen = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      pen = false;
      continue;
    }
    const y = span === 0 ? height / 2 : 1 + (1 - (value - min) / span) * (height - 2);
    path += `${pen ? 'L' : 'M'}${(i * stepX).toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
  }
  return path;
}
