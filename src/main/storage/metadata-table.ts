import type { MetricMetadata } from '#shared/model/index.ts';

/** What sources said of their metric families, in memory. */
export class MetadataTable {
  readonly #bySource = new Map<string, Map<string, MetricMetadata>>();
  /** Equal entries of different sources are one object: a hundred like targets cost one copy. */
  readonly #interned = new Map<string, MetricMetadata>();

  /** @returns whether anything changed */
  put(source: string, entries: readonly MetricMetadata[]): boolean {
    let families = this.#bySource.get(source);
    if (families === undefined) this.#bySource.set(source, (families = new Map()));
    let changed = false;
    for (const entry of entries) {
      const own = this.#intern(entry);
      if (families.get(entry.family) === own) continue;
      families.set(entry.family, own);
      changed = true;
    }
    return changed;
  }

  #intern(entry: MetricMetadata): MetricMetadata {
    const key = JSON.stringify([entry.family, entry.type, entry.unit, entry.help]);
    let own = this.#interned.get(key);
    if (own === undefined) {
      own = { family: entry.family, type: entry.type, help: entry.help, unit: entry.unit };
      this.#interned.set(key, own);
    }
    return own;
  }

  entriesOf(source: string): readonly MetricMetadata[] {
    return [...(this.#bySource.get(source)?.values() ?? [])];
  }

  byFamily(family?: string): ReadonlyMap<string, readonly MetricMetadata[]> {
    const result = new Map<string, MetricMetadata[]>();
    for (const families of this.#bySource.values()) {
      const entries = family === undefined ? families.values() : [families.get(family)];
      for (const entry of entries) {
        if (entry === undefined) continue;
        const known = result.get(entry.family);
        if (known === undefined) result.set(entry.family, [entry]);
        else if (!known.includes(entry)) known.push(entry);
      }
    }
    return result;
  }
}
