import type uPlot from 'uplot';
import { heatLevel } from './heat-levels.ts';
import { chartPalette } from './palette.ts';
import type { PlotHeat } from './plot-model.ts';

const STRIP = 3;
const HOT_LINE = 2;

/** Clips to the plot while something is drawn. */
function clipped({ ctx, bbox }: uPlot, draw: (context: CanvasRenderingContext2D) => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx);
  ctx.restore();
}

/** Index of the first and one past the last time in view, with one beyond on each side. */
function inView(plot: uPlot): readonly [from: number, to: number] {
  const [times] = plot.data;
  const { min, max } = plot.scales['x'];
  const from = Math.max(0, plot.valToIdx(min ?? 0) - 1);
  return [from, Math.min(times.length, plot.valToIdx(max ?? 0) + 2)];
}

/** What was to be expected, under the lines. */
export function drawBand(plot: uPlot, { band }: PlotHeat): void {
  if (band === null) return;
  const [times] = plot.data;
  const [from, to] = inView(plot);
  const x = (i: number) => plot.valToPos(times[i], 'x', true);
  const y = (value: number) => plot.valToPos(value, 'y', true);
  clipped(plot, (context) => {
    context.fillStyle = chartPalette().band;
    for (let i = from; i < to;) {
      if (Number.isNaN(band.low[i])) {
        i++;
        continue;
      }
      const first = i;
      context.beginPath();
      context.moveTo(x(i), y(band.high[i]));
      for (i++; i < to && !Number.isNaN(band.low[i]); i++) context.lineTo(x(i), y(band.high[i]));
      for (let back = i - 1; back >= first; back--) context.lineTo(x(back), y(band.low[back]));
      context.closePath();
      context.fill();
    }
  });
}

/** Over the lines: where they leave what was expected, and how far, as a strip on the baseline. */
export function drawHeat(plot: uPlot, heat: PlotHeat, lines: boolean): void {
  const { ember, heat: colors } = chartPalette();
  const [times] = plot.data;
  const [from, to] = inView(plot);
  const ratio = window.devicePixelRatio;
  const x = (i: number) => plot.valToPos(times[i], 'x', true);
  clipped(plot, (context) => {
    if (lines) {
      context.strokeStyle = ember;
      context.lineWidth = HOT_LINE * ratio;
      context.lineJoin = 'round';
      context.beginPath();
      for (const [s, hot] of heat.bySeries.entries())
        if (hot !== null) hotPath(context, plot, plot.data[s + 1], hot, from, to);
      context.stroke();
    }
    const half = times.length > 1 ? (x(1) - x(0)) / 2 : 1;
    const top = plot.bbox.top + plot.bbox.height - STRIP * ratio;
    for (let i = from; i < to; i++) {
      const level = heatLevel(heat.strip[i]);
      if (level === 0) continue;
      context.fillStyle = colors[level];
      // Whole pixels: neighbours touch and do not overlap.
      const left = Math.round(x(i) - half);
      context.fillRect(left, top, Math.round(x(i) + half) - left, STRIP * ratio);
    }
  });
}

/** The pieces of a line that lie outside, with the way there and back. */
function hotPath(
  context: CanvasRenderingContext2D,
  plot: uPlot,
  values: ArrayLike<number | null | undefined>,
  hot: Float32Array,
  from: number,
  to: number,
): void {
  const [times] = plot.data;
  for (let i = Math.max(1, from); i < to; i++) {
    if (!(hot[i] > 0) && !(hot[i - 1] > 0)) continue;
    const value = values[i];
    const before = values[i - 1];
    if (value === null || value === undefined || before === null || before === undefined) continue;
    context.moveTo(plot.valToPos(times[i - 1], 'x', true), plot.valToPos(before, 'y', true));
    context.lineTo(plot.valToPos(times[i], 'x', true), plot.valToPos(value, 'y', true));
  }
}
