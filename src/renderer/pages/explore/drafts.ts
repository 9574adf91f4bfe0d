import { z } from 'zod';
import type { QueryRow } from './query-list.ts';

const STORAGE_KEY = 'hearth.explore.draft';
const rows = z
  .array(z.object({ id: z.string().regex(/^[A-Z]$/), text: z.string(), ran: z.string(), shown: z.boolean() }))
  .min(1)
  .max(26);

/** Queries as they were left, typed but not run included; null when there are none. Kept as long as the window. */
export function readDraft(storage: Storage): readonly QueryRow[] | null {
  try {
    const parsed = rows.safeParse(JSON.parse(storage.getItem(STORAGE_KEY) ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** A full or forbidden storage costs the draft, never the query. */
export function writeDraft(storage: Storage, draft: readonly QueryRow[]): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify(draft));
  } catch {
    return;
  }
}

/** The draft, where it is of the queries that an address names; an address without queries takes any draft. */
export function draftFor(named: readonly QueryRow[], draft: readonly QueryRow[] | null): readonly QueryRow[] {
  if (draft === null) return named;
  const ran = named.filter((row) => row.ran !== '');
  if (ran.length === 0) return draft;
  const same = ran.every((row) => draft.some(({ id, ran: before }) => id === row.id && before === row.ran));
  return same && draft.filter((row) => row.ran !== '').length === ran.length ? draft : named;
}
