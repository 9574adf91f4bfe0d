import type uPlot from 'uplot';
import { rampStep, type PlotHeatmap } from './heatmap.ts';
import { chartPalette } from './palette.ts';

/** Between rows at least so high, and between cells at least so wide, in CSS pixels, lies a gap of one: beside narrow cells it would be stripes. */
const ROW_GAP_FROM = 3;
const CELL_GAP_FROM = 6;
/** Width of what keeps a line apart from the cells under it. */
const HALO = 3.5;

/** Paints the cells of the steps in view. One path a colour: thousands of cells are a handful of fills. */
export function drawCells(plot: uPlot, heatmap: PlotHeatmap): void {
  const { ctx, bbox } = plot;
  const [times] = plot.data;
  const { rows, cells, steps, max } = heatmap;
  if (times.length === 0 || rows.length === 0) return;
  const ratio = window.devicePixelRatio;
  const x = (time: number): number => plot.valToPos(time, 'x', true);
  const stepSeconds = times.length > 1 ? times[1] - times[0] : 1;
  const width = x(times[0] + stepSeconds) - x(times[0]);
  const top = (row: number): number => Math.round(plot.valToPos(row + 1, 'y', true));
  const paths = Array.from(chartPalette().heatmap, () => new Path2D());
  const from = Math.max(0, plot.valToIdx(plot.scales['x'].min ?? 0) - 1);
  const to = Math.min(steps - 1, plot.valToIdx(plot.scales['x'].max ?? 0) + 1);
  const gapX = width >= CELL_GAP_FROM * ratio ? ratio : 0;
  for (let i = from; i <= to; i++) {
    // The cell of a step is what happened up to it.
    const left = Math.round(x(times[i]) - width);
    const right = Math.round(x(times[i]));
    for (let row = 0; row < rows.length; row++) {
      const count = cells[row * steps + i];
      if (Number.isNaN(count)) continue;
      const y = top(row);
      const height = top(row - 1) - y;
      const gapY = height >= ROW_GAP_FROM * ratio ? ratio : 0;
      paths[rampStep(count, max)].rect(left, y, Math.max(1, right - left - gapX), Math.max(1, height - gapY));
    }
  }
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const [step, path] of paths.entries()) {
    ctx.fillStyle = chartPalette().heatmap[step];
    ctx.fill(path);
  }
  ctx.restore();
}

/** Surface around the lines that are drawn over the cells, so that they stand out from every step of the ramp. */
export function drawHalos(plot: uPlot): void {
  const { ctx, bbox } = plot;
  const [times, ...columns] = plot.data;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  for (const column of columns) {
    let pen = false;
    for (let i = 0; i < times.length; i++) {
      const value = column[i];
      if (value === null || value === undefined) {
        pen = false;
        continue;
      }
      const x = plot.valToPos(times[i], 'x', true);
      const y = plot.valToPos(value, 'y', true);
      if (pen) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
      pen = true;
    }
  }
  ctx.strokeStyle = chartPalette().surface;
  ctx.lineWidth = HALO * window.devicePixelRatio;
  ctx.lineJoin = 'round';
  ctx.stroke();
  ctx.restore();
}
