import { preferencesSchema, type Preferences } from '#shared/contract/index.ts';

/** All settings of one Hearth in one file, without its secrets. */
export interface SettingsBundle {
  readonly prometheus: string;
  readonly hearth: string;
  /** Null where the file brings none. */
  readonly preferences: Preferences | null;
}

const FORMAT = 'hearth-settings';

/** The history of queries stays: it is about a person, not about how Hearth is set. */
export function bundleText({ prometheus, hearth, preferences }: SettingsBundle): string {
  const kept = preferences === null ? null : { ...preferences, queryHistory: [] };
  return `${JSON.stringify({ format: FORMAT, version: 1, prometheus, hearth, preferences: kept }, null, 2)}\n`;
}

/** What a chosen file brings: a bundle, or a prometheus.yml as it is. Null for JSON that is no bundle. */
export function readBundle(text: string, now: Pick<SettingsBundle, 'hearth'>): SettingsBundle | null {
  if (!text.trimStart().startsWith('{')) return { prometheus: text, hearth: now.hearth, preferences: null };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { format, prometheus, hearth, preferences } = value as Record<string, unknown>;
  if (format !== FORMAT || typeof prometheus !== 'string' || typeof hearth !== 'string') return null;
  const known = preferencesSchema.safeParse(preferences);
  return { prometheus, hearth, preferences: known.success ? known.data : null };
}
