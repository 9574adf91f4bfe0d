import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PREFERENCES, preferencesSchema, type Preferences } from '#shared/contract/index.ts';

/** Where a host keeps preferences between runs: one JSON value. */
export interface PreferencesBackend {
  /** What was kept last, by whatever version; undefined at first. */
  load(): unknown;
  save(preferences: Preferences): void;
}

export interface PreferencesStore {
  get(): Preferences;
  set(preferences: Preferences): Preferences;
  onChange(listener: (preferences: Preferences) => void): () => void;
}

/** Each kept preference that is still understood; the default for any other. */
function readPreferences(kept: unknown): Preferences {
  let read: Preferences = DEFAULT_PREFERENCES;
  if (typeof kept !== 'object' || kept === null) return read;
  for (const key of Object.keys(DEFAULT_PREFERENCES)) {
    if (!(key in kept)) continue;
    // One by one, so that a single value of another version does not cost the rest.
    const parsed = preferencesSchema.safeParse({ ...read, [key]: (kept as Record<string, unknown>)[key] });
    if (parsed.success) read = parsed.data;
  }
  return read;
}

export function createPreferences(backend: PreferencesBackend): PreferencesStore {
  let preferences = readPreferences(backend.load());
  const listeners = new Set<(preferences: Preferences) => void>();
  return {
    get: () => preferences,
    set(next) {
      backend.save(next);
      preferences = next;
      for (const listener of listeners) listener(next);
      return next;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Preferences in `preferences.json` of a folder, for hosts without a store of their own. A file that is no JSON any more
 * does not stop the start: it is put aside as `preferences.json.broken` when the next one is written.
 */
export function fileBackend(folder: string): PreferencesBackend {
  const path = join(folder, 'preferences.json');
  let broken = false;
  return {
    load() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
      try {
        return JSON.parse(text) as unknown;
      } catch {
        broken = true;
        return undefined;
      }
    },
    save(preferences) {
      mkdirSync(folder, { recursive: true });
      if (broken) renameSync(path, `${path}.broken`);
      broken = false;
      // Whoever reads sees the old file or the new one.
      const temporary = `${path}.new`;
      writeFileSync(temporary, `${JSON.stringify(preferences, null, '\t')}\n`, { mode: 0o600 });
      renameSync(temporary, path);
    },
  };
}
