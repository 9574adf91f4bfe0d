import type { RuntimeView, StatusView, StorageTrouble, TargetsView } from '#shared/contract/index.ts';
import { formatDuration, type Millis } from '#shared/model/index.ts';
import type { ConfigStore } from '#main/config/index.ts';
import type { ScrapeManager } from '#main/scrape/index.ts';
import type { Retention, Storage, StorageHealth } from '#main/storage/index.ts';
import type { CoreEffects } from './effects.ts';
import type { CoreOptions } from './options.ts';

export interface StatusParts {
  readonly options: CoreOptions;
  readonly effects: CoreEffects;
  readonly startedAt: Millis;
  readonly storage: Storage;
  readonly config: ConfigStore;
  readonly scrape: ScrapeManager;
}

function healthCounts({ active }: TargetsView): { up: number; down: number } {
  return {
    up: active.filter((target) => target.health === 'up').length,
    down: active.filter((target) => target.health === 'down').length,
  };
}

/** What keeps the store from writing, else what it found damaged. */
export function storageTrouble({
  lastError,
  lastErrorKind,
  damage,
}: Pick<StorageHealth, 'lastError' | 'lastErrorKind' | 'damage'>): StorageTrouble | null {
  if (lastError === null) return damage === null ? null : { kind: 'damaged', message: damage };
  switch (lastErrorKind) {
    case 'full':
    case 'readonly':
    case 'locked':
      return { kind: lastErrorKind, message: lastError };
    case 'io':
    case 'corrupt':
    case 'newer-format':
    case 'closed':
    case null:
      return { kind: 'io', message: lastError };
  }
}

export function statusView({ options, effects, startedAt, storage, config, scrape }: StatusParts): StatusView {
  const targets = scrape.targets();
  const { up, down } = healthCounts(targets);
  const stats = scrape.stats();
  const store = storage.stats();
  return {
    version: options.version,
    now: effects.now(),
    startedAt,
    host: options.host,
    targetsUp: up,
    targetsDown: down,
    targetsTotal: targets.active.length,
    scrapeP95: stats.p95,
    samplesPerSecond: stats.samplesPerSecond,
    series: store.activeSeries,
    storeBytes: store.fileBytes,
    refusedSamples: {
      duplicate: store.duplicateSamples,
      outOfOrder: store.outOfOrderSamples,
      tooOld: store.tooOldSamples,
    },
    stretchedTargets: scrape.load().stretched,
    lag: stats.lag,
    storage: storageTrouble(store),
    configPath: options.configPath,
    dataPath: options.dataPath,
    configProblem: config.problems()[0] ?? null,
  };
}

/** `15d`, `10GiB`, `15d or 10GiB`. */
export function describeRetention({ time, bytes }: Retention): string {
  const parts: string[] = [];
  if (time !== null) parts.push(formatDuration(time));
  if (bytes !== null) {
    const power = [4, 3, 2, 1].find((n) => bytes > 0 && bytes % 1024 ** n === 0) ?? 0;
    parts.push(`${bytes / 1024 ** power}${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`);
  }
  return parts.join(' or ');
}

export function runtimeView({ effects, config }: StatusParts, retention: Retention, lastReload: Millis): RuntimeView {
  return {
    workingDirectory: effects.workingDirectory,
    hostname: effects.hostname,
    cpus: effects.cpus,
    reloadSuccess: config.problems().length === 0,
    lastReload,
    retention: describeRetention(retention),
  };
}
