import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const COLOR_SLOTS = 10;
/** In place of a slot: the colour of the text, for a line that stands for no series. */
export const INK = -1;

/** Metrics whose colours are kept: the least recently used go first. */
const KEPT_METRICS = 300;

interface ColorState {
  /** Metric name to the label values in the order in which they got their slots. */
  readonly order: Readonly<Record<string, readonly string[]>>;
}

const useColors = create<ColorState>()(
  persist((): ColorState => ({ order: {} }), { name: 'hearth.colors', version: 1 }),
);

/**
 * Slots for the series of a metric, by label value: a value keeps its slot on every screen and in every session. New values
 * get the next slots in the order given.
 */
export function assignColors(metric: string, values: readonly string[]): number[] {
  const { order } = useColors.getState();
  const known = order[metric] ?? [];
  const fresh = values.filter((value) => !known.includes(value));
  const all = fresh.length === 0 ? known : [...known, ...new Set(fresh)];
  if (fresh.length > 0) {
    const rest = Object.entries(order).filter(([name]) => name !== metric);
    useColors.setState({ order: Object.fromEntries([...rest.slice(1 - KEPT_METRICS), [metric, all]]) });
  }
  return values.map((value) => all.indexOf(value));
}

/** Forgets all slots; for tests. */
export function forgetColors(): void {
  useColors.setState({ order: {} });
}

/** The colour of a slot as CSS. */
export function seriesColor(slot: number): string {
  return slot === INK ? 'var(--text-1)' : `var(--s${(slot % COLOR_SLOTS) + 1})`;
}
