import uPlot from 'uplot';
import type { ColorScheme } from '#renderer/theme/index.ts';
import { formatTicks, formatTime, formatValue, type TimeZoneChoice } from '#renderer/ui/index.ts';
import { dotAt, drawDots } from './draw-dots.ts';
import { drawBand, drawHeat } from './draw-heat.ts';
import { drawCells, drawHalos } from './draw-heatmap.ts';
import { attachGestures } from './gestures.ts';
import { hatchRect } from './hatch.ts';
import { boundTicks, rowPosition, type BoundTick } from './heatmap.ts';
import { chartPalette, withAlpha } from './palette.ts';
import { stackValues, type PlotDot, type PlotKind, type PlotModel, type TimeSpan } from './plot-model.ts';
import { COLOR_SLOTS, INK } from './series-colors.ts';
import type { SharedView } from './shared-view.ts';
import { isHeavy, Stretch } from './stretch.ts';
import { timeTicks } from './time-ticks.ts';
import { yScale, yTicks } from './y-scale.ts';

const GUTTER = 46;
const X_AXIS = 18;
/** Width of a character of an axis label. */
const LABEL_CHAR = 6;
/** Pixels for each label of an axis, at least. */
const X_LABEL_SPACE = 70;
const Y_LABEL_SPACE = 34;

export interface PlotSettings {
  readonly locale: string;
  readonly zone: TimeZoneChoice;
}

/** Where the pointer is in a chart; `left` and `top` in pixels of the chart. */
export interface PlotPointer {
  readonly left: number;
  readonly top: number;
  /** Place on the value axis; in a heatmap a place among its rows. */
  readonly y: number;
  /** Index of the step under the crosshair. */
  readonly step: number;
  readonly dot: PlotDot | null;
}

export interface PlotListener {
  /** Null when the pointer leaves. */
  readonly onPointer?: (pointer: PlotPointer | null) => void;
  /** Zooming and panning by wheel and hand. */
  readonly gestures?: boolean;
}

/** Rings on the crosshair for so many series at most: more would cover each other. */
const MOST_RINGS = 30;
/** Among more lines than this dashes tell nothing apart, and cost the most to draw. */
const MOST_DASHED = 40;
const LINE = 1.5;
const LINEAR = uPlot.paths.linear?.() ?? (() => null);
const LIFTED = 2;

const EMPTY_MODEL: PlotModel = { kind: 'lines', unit: '', times: [], series: [], gaps: [] };

/**
 * One uPlot instance. Its options are functions of what this object holds, so that new data, another range or another theme
 * never rebuild them, and the instance can go from chart to chart: only the number of series and the kind are fixed.
 */
export class Plot {
  readonly kind: PlotKind;
  readonly seriesCount: number;
  readonly #plot: uPlot;
  #model: PlotModel = EMPTY_MODEL;
  #range: TimeSpan = { from: 0, to: 1 };
  #settings: PlotSettings = { locale: 'en', zone: 'local' };
  #view: SharedView | null = null;
  #unsubscribe: (() => void) | null = null;
  #listener: PlotListener = {};
  #zoomShown: TimeSpan | null = null;
  #emphasized = 0;
  /** Whether the pointer is over it. */
  #pointed = false;
  #theme: ColorScheme | null = null;
  readonly #stretch = new Stretch();

  constructor(kind: PlotKind, seriesCount: number) {
    this.kind = kind;
    this.seriesCount = seriesCount;
    this.#plot = new uPlot(this.#options(), [[], ...Array.from({ length: seriesCount }, () => [])]);
    void this.#awaitFont();
  }

  /** A canvas does not notice that the font of its labels has come: what was drawn without it is drawn anew. */
  async #awaitFont(): Promise<void> {
    const { font } = chartPalette();
    // Where nothing is drawn (tests without a browser) there are no fonts either.
    if (!('fonts' in document) || document.fonts.check(font)) return;
    await document.fonts.load(font).catch(() => []);
    this.#plot.redraw(false, true);
  }

  /** Puts the chart into a place on the page and ties it to that page's crosshair and zoom. */
  attach(container: HTMLElement, view: SharedView, listener: PlotListener = {}): void {
    container.append(this.#plot.root);
    this.#view = view;
    this.#listener = listener;
    this.#zoomShown = view.zoom;
    const unfollow = view.subscribe(() => this.#followView());
    const unpoint = this.#followPointer();
    const release =
      listener.gestures === true
        ? attachGestures(this.#plot.over, { span: () => this.#shownRange(), look: (span) => view.zoomTo(span) })
        : () => undefined;
    this.#unsubscribe = () => {
      unfollow();
      unpoint();
      release();
    };
  }

  detach(): void {
    if (this.#pointed) this.#view?.hover(null);
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#view = null;
    this.#listener = {};
    this.#stretch.drop();
    this.#plot.root.remove();
  }

  /** Knows whether the pointer is over the plot; its own listener hears of a leave after uPlot's, which still has to be told on. */
  #followPointer(): () => void {
    const { over } = this.#plot;
    const enter = (): void => {
      this.#pointed = true;
    };
    const leave = (): void => {
      this.#pointed = false;
    };
    over.addEventListener('mouseenter', enter);
    over.addEventListener('mouseleave', leave);
    return () => {
      over.removeEventListener('mouseenter', enter);
      over.removeEventListener('mouseleave', leave);
      this.#pointed = false;
    };
  }

  destroy(): void {
    this.detach();
    this.#plot.destroy();
  }

  /** What is drawn, for taking a picture of it. */
  get canvas(): HTMLCanvasElement {
    return this.#plot.ctx.canvas;
  }

  setSize(width: number, height: number): void {
    if (width === this.#plot.width && height === this.#plot.height) return;
    this.#stretch.drop();
    this.#plot.setSize({ width, height });
  }

  /** Shows a model in a time range (milliseconds). */
  show(model: PlotModel, range: TimeSpan, settings: PlotSettings, emphasized: string | null = null): void {
    // The same data in another range: what was zoomed to is on its way, and the picture of what is there will do until then.
    if (model !== this.#model) this.#stretch.drop();
    this.#model = model;
    this.#range = range;
    this.#settings = settings;
    for (const [i, { color, faint = false }] of model.series.entries()) {
      const dashed = color >= COLOR_SLOTS && model.series.length <= MOST_DASHED;
      this.#plot.series[i + 1].dash = faint ? [2, 3] : dashed ? [4, 3] : undefined;
      this.#plot.series[i + 1].alpha = faint ? 0.55 : 1;
    }
    const columns = this.#columns();
    // uPlot reads these arrays and never writes them.
    this.#plot.setData([model.times, ...columns] as unknown as uPlot.AlignedData, true);
    this.#emphasize(emphasized);
    this.#placeCrosshair();
  }

  #columns(): readonly (readonly (number | null)[])[] {
    const { kind, series } = this.#model;
    if (kind === 'stacked') return stackValues(series);
    if (kind !== 'heatmap') return series.map(({ values }) => values);
    return series.map(({ values }) => values.map((value) => (value === null ? null : this.#height(value))));
  }

  /** Where a value lies on the y axis: itself, but for heatmaps, whose axis counts buckets. */
  #height(value: number): number {
    const { heatmap } = this.#model;
    return heatmap === undefined ? value : rowPosition(heatmap, value);
  }

  /** The colours of a theme: same data, painted again when it is another one. */
  setTheme(theme: ColorScheme): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#stretch.drop();
    this.#plot.redraw(false, true);
  }

  /** Fades the series other than one; null shows all alike. */
  #emphasize(key: string | null): void {
    const index = key === null ? 0 : this.#model.series.findIndex((series) => series.key === key) + 1;
    if (index === this.#emphasized) return;
    if (this.#emphasized > 0 && this.#emphasized < this.#plot.series.length)
      this.#plot.series[this.#emphasized].width = this.#lineWidth();
    if (index > 0) this.#plot.series[index].width = LIFTED;
    this.#emphasized = index;
    this.#plot.setSeries(index === 0 ? null : index, { focus: index !== 0 });
  }

  #followView(): void {
    const zoom = this.#view?.zoom ?? null;
    if (zoom !== this.#zoomShown) {
      this.#zoomShown = zoom;
      const { times, series } = this.#model;
      if (
        zoom !== null &&
        !this.#stretch.active &&
        this.#listener.gestures === true &&
        isHeavy(series.length, times.length)
      )
        this.#stretch.take(this.#plot);
      // Back where it was, without anything having been asked for.
      if (zoom === null && this.#stretch.isOf(this.#range.from / 1000, this.#range.to / 1000)) this.#stretch.drop();
      const { from, to } = this.#shownRange();
      this.#plot.setScale('x', { min: from / 1000, max: to / 1000 });
    }
    this.#placeCrosshair();
  }

  #placeCrosshair(): void {
    const time = this.#view?.crosshair ?? null;
    const { from, to } = this.#shownRange();
    const inside = time !== null && time >= from && time <= to;
    const left = inside ? this.#plot.valToPos(time / 1000, 'x') : -10;
    if (left === this.#plot.cursor.left) return;
    this.#plot.setCursor({ left, top: inside ? 0 : -10 }, false);
  }

  #shownRange(): TimeSpan {
    return this.#view?.zoom ?? this.#range;
  }

  #color(seriesIndex: number): string {
    const slot = this.#model.series[seriesIndex - 1]?.color ?? 0;
    return slot === INK ? chartPalette().ink : chartPalette().series[slot % COLOR_SLOTS];
  }

  /** The picture of a stretched chart has its own. */
  #gridColor(): string {
    return this.#stretch.active ? 'transparent' : chartPalette().grid;
  }

  #lineWidth(): number {
    if (this.kind === 'points') return 0;
    return this.kind === 'stacked' ? 1 : LINE;
  }

  #options(): uPlot.Options {
    const seriesList = Array.from({ length: this.seriesCount }, (_, i) => this.#seriesOptions(i + 1));
    return {
      width: 300,
      height: 120,
      padding: [4, 8, 0, 0],
      legend: { show: false },
      focus: { alpha: 0.25 },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: 6 },
        points: {
          show: this.seriesCount <= MOST_RINGS,
          size: 7,
          width: 1.5,
          stroke: (_plot, i) => this.#color(i),
          fill: () => chartPalette().surface,
        },
        focus: { prox: -1 },
      },
      scales: {
        x: {
          time: false,
          range: () => {
            const { from, to } = this.#shownRange();
            return [from / 1000, to / 1000];
          },
        },
        y: {
          range: (_plot, min, max) => {
            if (this.#stretch.y !== null) return [...this.#stretch.y];
            if (this.kind === 'heatmap') return [0, Math.max(1, this.#model.heatmap?.rows.length ?? 1)];
            const scale = yScale(min, this.#highest(max), this.#model.unit);
            // A stack is an amount: it stands on zero.
            return [this.kind === 'stacked' ? Math.min(0, scale.min) : scale.min, scale.max];
          },
        },
      },
      axes: [this.#xAxis(), this.#yAxis()],
      series: [{}, ...seriesList],
      bands: this.kind === 'stacked' ? this.#bands() : [],
      hooks: {
        drawClear: [
          (plot) => {
            if (this.#stretch.active) return;
            this.#drawGaps();
            if (this.#model.heatmap !== undefined) drawCells(plot, this.#model.heatmap);
            if (this.kind === 'heatmap') drawHalos(plot);
            const { heat = null } = this.#model;
            if (heat !== null) drawBand(plot, heat);
          },
        ],
        draw: [
          (plot) => {
            if (this.#stretch.active) {
              this.#stretch.draw(plot);
              return;
            }
            if (this.#model.dots !== undefined) drawDots(plot, this.#model.dots, (value) => this.#height(value));
            const { heat = null } = this.#model;
            if (heat !== null) drawHeat(plot, heat, this.kind !== 'stacked');
          },
        ],
        setCursor: [() => this.#publishCrosshair()],
        setSelect: [() => this.#publishZoom()],
      },
    };
  }

  /** What was expected is shown with the values, unless it would press them flat. */
  #highest(max: number | null): number | null {
    const band = this.#model.heat?.band ?? null;
    if (band === null || max === null || max <= 0) return max;
    let highest = max;
    for (const value of band.high) if (value > highest) highest = value;
    // A share above 100 % is shown only when it happens.
    const most = this.#model.unit === 'ratio' && max <= 1 ? 1 : Infinity;
    return Math.min(highest, 1.5 * max, most);
  }

  #seriesOptions(index: number): uPlot.Series {
    return {
      stroke: () => this.#color(index),
      width: this.#lineWidth(),
      paths: (plot, i, from, to) => (this.#stretch.active ? null : LINEAR(plot, i, from, to)),
      spanGaps: false,
      fill: () => {
        if (this.kind === 'stacked') return index === 1 ? withAlpha(this.#color(1), 0.54) : 'transparent';
        return this.#model.series.length === 1 && this.kind === 'lines'
          ? withAlpha(this.#color(1), 0.11)
          : 'transparent';
      },
      points: {
        show: true,
        size: 3,
        width: 0,
        fill: () => this.#color(index),
        filter: (_plot, series) => {
          if (this.#stretch.active) return [];
          return this.kind === 'points' ? this.#allPoints(series) : this.#isolatedPoints(series);
        },
      },
    };
  }

  #allPoints(series: number): number[] {
    return Array.from(this.#plot.data[series].keys()).filter((i) => (this.#plot.data[series][i] ?? null) !== null);
  }

  /** A sample without neighbours draws no line: it gets a point. */
  #isolatedPoints(series: number): number[] {
    const values = this.#plot.data[series];
    const found: number[] = [];
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null) found.push(i);
    }
    return found;
  }

  #bands(): uPlot.Band[] {
    return Array.from({ length: Math.max(0, this.seriesCount - 1) }, (_, i) => ({
      series: [i + 2, i + 1] as [number, number],
      fill: () => withAlpha(this.#color(i + 2), 0.54),
    }));
  }

  #xAxis(): uPlot.Axis {
    return {
      size: X_AXIS,
      gap: 4,
      stroke: () => chartPalette().text,
      font: chartPalette().font,
      ticks: { show: false },
      grid: { stroke: () => this.#gridColor(), width: 1, dash: [1, 3] },
      splits: (plot) => this.#timeTicks(plot).times.map((time) => time / 1000),
      values: (plot, splits) => {
        const { style } = this.#timeTicks(plot);
        const { from, to } = this.#shownRange();
        const edge = to - (to - from) * 0.05;
        const { locale, zone } = this.#settings;
        return splits.map((time) => (time * 1000 > edge ? null : formatTime(time * 1000, style, locale, zone)));
      },
    };
  }

  #timeTicks(plot: uPlot) {
    const { from, to } = this.#shownRange();
    const count = Math.max(1, (plot.width - GUTTER) / X_LABEL_SPACE);
    return timeTicks(from, to, count, this.#settings.zone);
  }

  #yAxis(): uPlot.Axis {
    return {
      size: (_plot, values: readonly string[] | null) => {
        const longest = (values ?? []).reduce((most, label) => Math.max(most, label.length), 0);
        return Math.max(GUTTER, longest * LABEL_CHAR + 8);
      },
      gap: 4,
      stroke: () => chartPalette().text,
      font: chartPalette().font,
      ticks: { show: false },
      grid: { stroke: () => this.#gridColor(), width: 1 },
      splits: (plot, _axis, min, max) => {
        const count = Math.max(1, Math.floor((plot.height - X_AXIS) / Y_LABEL_SPACE));
        if (this.kind === 'heatmap') return this.#bounds(count).map(({ at }) => at);
        return yTicks({ min, max }, count, this.#model.unit);
      },
      values: (plot, splits) => {
        if (this.kind !== 'heatmap') return formatTicks(splits, this.#model.unit, this.#settings.locale);
        const count = Math.max(1, Math.floor((plot.height - X_AXIS) / Y_LABEL_SPACE));
        const { locale } = this.#settings;
        return this.#bounds(count).map(({ bound }) => formatValue(bound, this.#model.unit, locale).text);
      },
    };
  }

  /** Bounds of the buckets, so many of them as have room. */
  #bounds(count: number): readonly BoundTick[] {
    const { heatmap } = this.#model;
    if (heatmap === undefined || heatmap.rows.length === 0) return [];
    return boundTicks(heatmap, Math.max(1, Math.ceil(heatmap.rows.length / (count * 1.6))));
  }

  #drawGaps(): void {
    const { ctx, bbox } = this.#plot;
    const end = bbox.left + bbox.width;
    for (const gap of this.#model.gaps) {
      const left = Math.max(bbox.left, this.#plot.valToPos(gap.from / 1000, 'x', true));
      const right = Math.min(end, this.#plot.valToPos(gap.to / 1000, 'x', true));
      const rect = { left, top: bbox.top, width: right - left, height: bbox.height };
      hatchRect(ctx, rect, chartPalette().hatch, window.devicePixelRatio);
    }
  }

  /** The crosshair follows the pointer. uPlot tells of a cursor that was placed, and of one that new data drew anew, too: that is no pointer. */
  #publishCrosshair(): void {
    if (this.#view === null || !this.#pointed) return;
    const { left, idx } = this.#plot.cursor;
    const over = left !== undefined && left >= 0 && idx !== null && idx !== undefined;
    this.#view.hover(over ? this.#model.times[idx] * 1000 : null);
    this.#listener.onPointer?.(over ? this.#pointer(left, idx) : null);
  }

  #pointer(left: number, step: number): PlotPointer | null {
    // Keys and other charts move the crosshair too; only the pointer has a height.
    const { top } = this.#plot.cursor;
    if (top === undefined || top < 0 || this.#plot.cursor.event === undefined) return null;
    const { offsetLeft, offsetTop } = this.#plot.over;
    const dots = this.#model.dots ?? [];
    const dot = dotAt(this.#plot, dots, (value) => this.#height(value), { left, top });
    return { left: left + offsetLeft, top: top + offsetTop, y: this.#plot.posToVal(top, 'y'), step, dot };
  }

  #publishZoom(): void {
    const { left, width } = this.#plot.select;
    if (width < 2) return;
    const at = (x: number) => Math.round(this.#plot.posToVal(x, 'x') * 1000);
    this.#plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#view?.zoomTo({ from: at(left), to: at(left + width) });
  }
}

/** Instances that no chart shows at the moment, by what is fixed about them. */
const idle = new Map<string, Plot[]>();
const IDLE_LIMIT = 12;

/** An instance for a chart: one that is idle, or a new one. */
export function takePlot(kind: PlotKind, seriesCount: number): Plot {
  return idle.get(`${kind} ${seriesCount}`)?.pop() ?? new Plot(kind, seriesCount);
}

/** Gives an instance back when its chart leaves the page. */
export function returnPlot(plot: Plot): void {
  plot.detach();
  const key = `${plot.kind} ${plot.seriesCount}`;
  const list = idle.get(key) ?? [];
  if (list.length >= IDLE_LIMIT) plot.destroy();
  else list.push(plot);
  idle.set(key, list);
}
