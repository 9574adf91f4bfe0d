import { formatDuration, parseDuration, type Millis } from '#shared/model/index.ts';
import type { PlotKind, TimeSpan } from '#renderer/charts/index.ts';
import { addressOfRows, rowsOfAddress, type QueryRow } from './query-list.ts';

export const TABS = ['graph', 'table', 'explain'] as const;
export type Tab = (typeof TABS)[number];

/** What a result is compared with: itself so long ago. */
export const COMPARISONS = { day: 86_400_000, week: 604_800_000 } as const;
export type Comparison = keyof typeof COMPARISONS;

/** How results are shown. */
export interface ExploreView {
  readonly tab: Tab;
  /** Null: whatever suits the result. */
  readonly draw: PlotKind | null;
  readonly compare: Comparison | null;
  readonly exemplars: boolean;
  /** Whether downsampled tiers may answer; null: as hearth.yml says. */
  readonly tiers: boolean | null;
}

/** The range that is looked at: the last so many milliseconds, or a part of the past. */
export type ChosenRange = { readonly last: Millis } | TimeSpan;

/** All that an address of Explore says; whoever opens it sees the same. */
export interface ExploreAddress {
  readonly rows: readonly QueryRow[];
  readonly view: ExploreView;
  /** Null where the address has none. */
  readonly range: ChosenRange | null;
}

const DRAWS: ReadonlySet<string> = new Set<PlotKind>(['lines', 'stacked', 'points', 'heatmap']);

function oneOf<T extends string>(text: string | null, allowed: readonly T[]): T | null {
  return allowed.find((value) => value === text) ?? null;
}

/** What is not understood is taken as not said. */
export function readAddress(query: URLSearchParams): ExploreAddress {
  const hidden = new Set((query.get('hide') ?? '').split(','));
  const draw = query.get('draw');
  const tiers = oneOf(query.get('tiers'), ['true', 'false']);
  return {
    rows: rowsOfAddress(query).map((row) => (hidden.has(row.id) ? { ...row, shown: false } : row)),
    view: {
      tab: oneOf(query.get('tab'), TABS) ?? 'graph',
      draw: draw !== null && DRAWS.has(draw) ? (draw as PlotKind) : null,
      compare: oneOf(query.get('compare'), ['day', 'week']),
      exemplars: query.has('exemplars'),
      tiers: tiers === null ? null : tiers === 'true',
    },
    range: readRange(query),
  };
}

function readRange(query: URLSearchParams): ChosenRange | null {
  const from = Number(query.get('from') ?? Number.NaN);
  const to = Number(query.get('to') ?? Number.NaN);
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from < to) return { from, to };
  const last = parseDuration(query.get('range') ?? '');
  return last === null || last <= 0 ? null : { last };
}

/** The parameters of an address. What holds without saying is left out. */
export function writeAddress({ rows, view, range }: ExploreAddress): Readonly<Record<string, string>> {
  const hidden = rows.filter((row) => !row.shown && row.ran !== '').map((row) => row.id);
  return {
    ...addressOfRows(rows),
    ...(hidden.length > 0 ? { hide: hidden.join() } : {}),
    ...(view.tab === 'graph' ? {} : { tab: view.tab }),
    ...(view.draw === null ? {} : { draw: view.draw }),
    ...(view.compare === null ? {} : { compare: view.compare }),
    ...(view.exemplars ? { exemplars: '' } : {}),
    ...(view.tiers === null ? {} : { tiers: String(view.tiers) }),
    ...(range === null
      ? {}
      : 'last' in range
        ? { range: formatDuration(range.last) }
        : { from: String(range.from), to: String(range.to) }),
  };
}
