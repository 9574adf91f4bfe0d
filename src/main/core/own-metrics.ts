import { Registry, registerProcessMetrics, type ExpositionWriter } from '#main/telemetry/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { registerScrapeMetrics, type ScrapeManager } from '#main/scrape/index.ts';
import type { Storage } from '#main/storage/index.ts';

export interface OwnMetrics {
  /** Text format 0.0.4. */
  render(): string;
  stop(): void;
}

/** Metrics of this process and of the core's parts, read when asked. */
export function createOwnMetrics(parts: {
  readonly version: string;
  readonly startedAt: Millis;
  readonly storage: Storage;
  readonly scrape: ScrapeManager;
}): OwnMetrics {
  const { storage, scrape } = parts;
  const registry = new Registry();
  const stop = registerProcessMetrics(registry, parts.startedAt);
  registry.collect((out: ExpositionWriter) => {
    const store = storage.stats();
    const one = (name: string, type: 'counter' | 'gauge', help: string, value: number | null): void => {
      if (value === null) return;
      out.family(name, type, help);
      out.sample(name, value);
    };
    out.family('hearth_build_info', 'gauge', 'What runs here.');
    out.sample('hearth_build_info', 1, { version: parts.version, node: process.version });
    one('hearth_storage_series', 'gauge', 'Series known to the store.', store.series);
    one('hearth_storage_active_series', 'gauge', 'Series that get samples.', store.activeSeries);
    one('hearth_storage_samples_appended_total', 'counter', 'Samples stored.', store.samplesAppended);
    one(
      'hearth_storage_out_of_order_samples_total',
      'counter',
      'Samples refused as out of order.',
      store.outOfOrderSamples,
    );
    one(
      'hearth_storage_out_of_order_samples_appended_total',
      'counter',
      'Samples stored although older than the newest of their series.',
      store.lateSamples,
    );
    one(
      'hearth_storage_too_old_samples_total',
      'counter',
      'Samples refused as older than retention or the out-of-order window.',
      store.tooOldSamples,
    );
    one('hearth_storage_duplicate_samples_total', 'counter', 'Samples refused as duplicates.', store.duplicateSamples);
    one('hearth_storage_file_bytes', 'gauge', 'Size of the store on disk.', store.fileBytes);
    one('hearth_storage_head_bytes', 'gauge', 'Memory held for recent samples.', store.headBytes);
    one('hearth_storage_last_commit_seconds', 'gauge', 'How long the last commit took.', store.lastCommitSeconds);
  });
  registerScrapeMetrics(registry, scrape);
  return { render: () => registry.render(), stop };
}
