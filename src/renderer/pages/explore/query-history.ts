import type { KeptQuery } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';

/** Queries kept at most, favourites apart. */
const MOST = 100;

/** With `expr` at the top. It stands there once; the oldest go when there are too many, favourites stay. */
export function remember(history: readonly KeptQuery[], expr: string, at: Millis): readonly KeptQuery[] {
  const text = expr.trim();
  if (text === '') return history;
  const known = history.find((entry) => entry.expr === text);
  const rest = history.filter((entry) => entry.expr !== text);
  const next = [{ expr: text, at, favourite: known?.favourite ?? false }, ...rest];
  let over = next.length - MOST;
  return next.reduceRight<KeptQuery[]>((kept, entry) => {
    if (over > 0 && !entry.favourite) over--;
    else kept.unshift(entry);
    return kept;
  }, []);
}

export function toggleFavourite(history: readonly KeptQuery[], expr: string): readonly KeptQuery[] {
  return history.map((entry) => (entry.expr === expr ? { ...entry, favourite: !entry.favourite } : entry));
}

/** Entries that contain all words of the filter, favourites first. */
export function findInHistory(history: readonly KeptQuery[], filter: string): readonly KeptQuery[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = history.filter((entry) => words.every((word) => entry.expr.toLowerCase().includes(word)));
  return [...found.filter((entry) => entry.favourite), ...found.filter((entry) => !entry.favourite)];
}
