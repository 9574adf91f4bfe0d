import { COLOR_SLOTS } from './series-colors.ts';

/** The tokens that the canvas needs, as colours: a canvas knows no CSS variables. */
export interface ChartPalette {
  readonly series: readonly string[];
  readonly grid: string;
  readonly text: string;
  readonly hatch: string;
  readonly surface: string;
  readonly ink: string;
  readonly pilot: string;
  readonly band: string;
  readonly ember: string;
  /** From calm to unusual. */
  readonly heat: readonly string[];
  /** Buckets of a heatmap, from none to most. */
  readonly heatmap: readonly string[];
  readonly font: string;
}

const cache = new Map<string, ChartPalette>();

/** The palette of the theme in use, read from the page once for each theme. */
export function chartPalette(): ChartPalette {
  const theme = document.documentElement.dataset['theme'] ?? '';
  let palette = cache.get(theme);
  if (palette === undefined) {
    const style = getComputedStyle(document.documentElement);
    const read = (token: string) => style.getPropertyValue(token).trim();
    palette = {
      series: Array.from({ length: COLOR_SLOTS }, (_, i) => read(`--s${i + 1}`)),
      grid: read('--grid'),
      text: read('--text-3'),
      hatch: read('--line-2'),
      surface: read('--ash-1'),
      ink: read('--text-1'),
      pilot: read('--pilot'),
      band: read('--band'),
      ember: read('--ember'),
      heat: Array.from({ length: 5 }, (_, i) => read(`--heat-${i}`)),
      heatmap: Array.from({ length: 6 }, (_, i) => read(`--hm-${i}`)),
      font: `10px ${read('--font-num')}`,
    };
    // Before the style sheet is there everything reads empty: that is not kept.
    if (palette.grid !== '') cache.set(theme, palette);
  }
  return palette;
}

/** The colour with an opacity, for fills. */
export function withAlpha(color: string, alpha: number): string {
  const hex = Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0');
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}${hex}` : color;
}
