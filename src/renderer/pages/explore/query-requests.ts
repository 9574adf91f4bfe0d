import type { QueryRow } from './query-list.ts';
import type { RunRequest } from './use-runs.ts';
import { COMPARISONS, type ExploreView } from './explore-address.ts';
import type { TimeRange } from './use-time-range.ts';

/** What is asked of the core for the rows on the screen. */
export function requestsOf(
  rows: readonly QueryRow[],
  { tab, compare, tiers }: ExploreView,
  { start, end, step }: Pick<TimeRange, 'start' | 'end' | 'step'>,
): readonly RunRequest[] {
  const before = compare === null ? null : COMPARISONS[compare];
  const mode = tab === 'table' ? 'instant' : 'range';
  return rows.map(({ id, ran }) => ({
    id,
    expr: ran,
    start,
    end,
    step,
    mode,
    before,
    ...(tiers !== null && { tiers }),
  }));
}
