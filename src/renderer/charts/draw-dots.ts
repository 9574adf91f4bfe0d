import type uPlot from 'uplot';
import { chartPalette } from './palette.ts';
import type { PlotDot } from './plot-model.ts';

/** Half the diagonal of a dot, CSS pixels. */
const SIZE = 3.5;
/** The pointer is on a dot when it is no further away than this. */
const REACH = 7;

/** Draws dots as small diamonds with the surface around them. `y` gives a value's place on the axis. */
export function drawDots(plot: uPlot, dots: readonly PlotDot[], y: (value: number) => number): void {
  const { ctx, bbox } = plot;
  const size = SIZE * window.devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  for (const dot of dots) {
    const cx = plot.valToPos(dot.time / 1000, 'x', true);
    const cy = plot.valToPos(y(dot.value), 'y', true);
    ctx.moveTo(cx, cy - size);
    ctx.lineTo(cx + size, cy);
    ctx.lineTo(cx, cy + size);
    ctx.lineTo(cx - size, cy);
    ctx.closePath();
  }
  ctx.fillStyle = chartPalette().pilot;
  ctx.strokeStyle = chartPalette().surface;
  ctx.lineWidth = 1.5 * window.devicePixelRatio;
  ctx.stroke();
  ctx.fill();
  ctx.restore();
}

/** The dot under the pointer (CSS pixels in the plot), the nearest of several. */
export function dotAt(
  plot: uPlot,
  dots: readonly PlotDot[],
  y: (value: number) => number,
  pointer: { readonly left: number; readonly top: number },
): PlotDot | null {
  let best: PlotDot | null = null;
  let nearest = REACH;
  for (const dot of dots) {
    const dx = plot.valToPos(dot.time / 1000, 'x') - pointer.left;
    if (Math.abs(dx) > REACH) continue;
    const distance = Math.hypot(dx, plot.valToPos(y(dot.value), 'y') - pointer.top);
    if (distance > nearest) continue;
    nearest = distance;
    best = dot;
  }
  return best;
}
