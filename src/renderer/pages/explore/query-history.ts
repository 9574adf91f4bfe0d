import { z } from 'zod';
import type { Millis } from '#shared/model/index.ts';

/** A query that ran, newest first. */
export interface HistoryEntry {
  readonly expr: string;
  readonly at: Millis;
  readonly favourite: boolean;
}

const STORAGE_KEY = 'hearth.explore.history';
const MOST = 100;

const entries = z.array(z.object({ expr: z.string(), at: z.number(), favourite: z.boolean() }));

/** What is remembered on this machine; nothing when it cannot be read. */
export function readHistory(storage: Storage): readonly HistoryEntry[] {
  try {
    const parsed = entries.safeParse(JSON.parse(storage.getItem(STORAGE_KEY) ?? '[]'));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

/** A full or forbidden storage costs the history, never the query. */
export function writeHistory(storage: Storage, history: readonly HistoryEntry[]): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify(history));
  } catch {
    return;
  }
}

/** With `expr` at the top. It stands there once; the oldest go when there are too many, favourites stay. */
export function remember(history: readonly HistoryEntry[], expr: string, at: Millis): readonly HistoryEntry[] {
  const text = expr.trim();
  if (text === '') return history;
  const known = history.find((entry) => entry.expr === text);
  const rest = history.filter((entry) => entry.expr !== text);
  const next = [{ expr: text, at, favourite: known?.favourite ?? false }, ...rest];
  let over = next.length - MOST;
  return next.reduceRight<HistoryEntry[]>((kept, entry) => {
    if (over > 0 && !entry.favourite) over--;
    else kept.unshift(entry);
    return kept;
  }, []);
}

export function toggleFavourite(history: readonly HistoryEntry[], expr: string): readonly HistoryEntry[] {
  return history.map((entry) => (entry.expr === expr ? { ...entry, favourite: !entry.favourite } : entry));
}

/** Entries that contain all words of the filter, favourites first. */
export function findInHistory(history: readonly HistoryEntry[], filter: string): readonly HistoryEntry[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = history.filter((entry) => words.every((word) => entry.expr.toLowerCase().includes(word)));
  return [...found.filter((entry) => entry.favourite), ...found.filter((entry) => !entry.favourite)];
}
