import type uPlot from 'uplot';

/** From so many points on a chart costs more to draw than a frame has time for. */
const HEAVY_POINTS = 15_000;

export function isHeavy(series: number, steps: number): boolean {
  return series * steps >= HEAVY_POINTS;
}

/**
 * A picture of the plot as it was drawn last. While the hand zooms and pans, a heavy chart shows it stretched to the range that is
 * looked at, which costs one copy a frame; the lines are drawn anew when there is something new to draw.
 */
export class Stretch {
  readonly #canvas = document.createElement('canvas');
  #x: readonly [min: number, max: number] | null = null;
  #y: readonly [min: number, max: number] | null = null;

  get active(): boolean {
    return this.#x !== null;
  }

  /** The value axis stays as it was: the picture is of it. */
  get y(): readonly [min: number, max: number] | null {
    return this.#y;
  }

  /** Whether this range (seconds) is the one that the picture is of. */
  isOf(min: number, max: number): boolean {
    return this.#x !== null && this.#x[0] === min && this.#x[1] === max;
  }

  /** Keeps what the plot shows now. */
  take({ ctx, bbox, scales }: uPlot): void {
    const { min = null, max = null } = scales['x'];
    const { min: low = null, max: high = null } = scales['y'];
    if (min === null || max === null || low === null || high === null || bbox.width < 1 || bbox.height < 1) return;
    this.#canvas.width = bbox.width;
    this.#canvas.height = bbox.height;
    const { left, top, width, height } = bbox;
    this.#canvas.getContext('2d')?.drawImage(ctx.canvas, left, top, width, height, 0, 0, width, height);
    this.#x = [min, max];
    this.#y = [low, high];
  }

  /** Shows it where its range lies in the one that is looked at. */
  draw(plot: uPlot): void {
    if (this.#x === null) return;
    const { ctx, bbox } = plot;
    const [min, max] = this.#x;
    const left = plot.valToPos(min, 'x', true);
    const right = plot.valToPos(max, 'x', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.imageSmoothingQuality = 'low';
    ctx.drawImage(this.#canvas, left, bbox.top, right - left, bbox.height);
    ctx.restore();
  }

  /** From now on everything is drawn anew; the memory of the picture is given back. */
  drop(): void {
    if (this.#x === null) return;
    this.#x = null;
    this.#y = null;
    this.#canvas.width = 0;
    this.#canvas.height = 0;
  }
}
