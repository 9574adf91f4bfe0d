import {
  HearthError,
  transferring,
  type MethodName,
  type MethodParams,
  type MethodResults,
} from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { maskSecrets, type ConfigStore, type PreferencesStore } from '#main/config/index.ts';
import type { Queries } from '#main/query/index.ts';
import type { ScrapeManager } from '#main/scrape/index.ts';
import type { Retention, Storage } from '#main/storage/index.ts';
import { Receiver } from '#main/remote/index.ts';
import { importColumns, readColumns } from '#main/transfer/index.ts';
import { discoverView, kubeContextsView, type DiscoverDeps } from './discover-view.ts';
import { findTarget, makePage } from './pages.ts';
import { makeQuality } from './quality.ts';
import { poolConfig } from './pool-config.ts';
import { relabelView } from './relabel-view.ts';
import { listExemplars, listLabelNames, listLabelValues, listSeries, readSelector, withQuerier } from './selection.ts';
import { takeSnapshot } from './snapshot.ts';
import { targetMetadata } from './target-metadata.ts';
import { runtimeView, statusView, type StatusParts } from './status-view.ts';
import { breathe } from './timers.ts';
import { tsdbView } from './tsdb-view.ts';

export interface RequestParts extends StatusParts {
  readonly storage: Storage;
  readonly config: ConfigStore;
  readonly scrape: ScrapeManager;
  readonly queries: Queries;
  readonly preferences: PreferencesStore;
  readonly findTargets: (signal: AbortSignal) => Promise<MethodResults['targets.find']>;
  readonly discovery: DiscoverDeps;
  retention(): Retention;
  /** Left on the disk of the store. */
  freeBytes(): Promise<number>;
  lastReload(): Millis;
  ownMetrics(): string;
}

type Handler<M extends MethodName> = (
  params: MethodParams<M>,
  signal: AbortSignal,
) => Promise<MethodResults[M]> | MethodResults[M];

export type Handlers = { readonly [M in MethodName]: Handler<M> };

/** What the core does for each method of the contract. */
export function createHandlers(parts: RequestParts): Handlers {
  const { storage, config, scrape, queries, preferences, effects } = parts;
  const receiver = new Receiver(storage);
  return {
    'query.instant': ({ expr, time, lookback, timeout, tiers }, signal) =>
      queries.instant(expr, time, { signal, lookback, timeout, tiers }),
    'query.range': ({ expr, start, end, step, lookback, timeout, tiers }, signal) =>
      queries.range(expr, { start, end, step }, { signal, lookback, timeout, tiers }),
    'query.body': async ({ instant, limit, stats, ...task }, signal) => {
      const form = { limit, stats };
      const body = await queries.body({ ...task, kind: instant ? 'instant' : 'range', form }, signal);
      return transferring(
        { body },
        body.map(({ buffer }) => buffer),
      );
    },
    'query.explain': ({ expr, start, end, step, lookback, timeout, tiers }, signal) =>
      queries.explain(expr, { start, end, step }, { signal, lookback, timeout, tiers }),
    'query.cost': ({ expr, start, end, step, lookback, tiers }) =>
      queries.cost(expr, { start, end, step }, { lookback, tiers }),
    'exemplars.list': (params) => listExemplars(storage, params),
    'series.list': (params) => listSeries(storage, params),
    'labels.names': (params) => listLabelNames(storage, params),
    'labels.values': (params) => listLabelValues(storage, params.name, params),
    'metadata.list': ({ family }) => ({ metadata: Object.fromEntries(storage.metadata(family)) }),
    'targets.list': () => scrape.targets(),
    'targets.dropped': () => ({
      dropped: [...scrape.droppedTargets()].flatMap(([job, all]) => all.map((discovered) => ({ job, discovered }))),
    }),
    'targets.metadata': (params) => targetMetadata(scrape, storage, params),
    'targets.page': ({ targetId, window }) =>
      makePage(storage, findTarget(scrape.targets().active, targetId), window, effects.now()),
    'targets.testScrape': ({ form, target }, signal) => scrape.testScrape(config.draft(form), target, signal),
    'targets.discover': ({ form }, signal) => discoverView(config, form, parts.discovery, signal),
    'targets.kubeContexts': ({ path }) => kubeContextsView(path, parts.discovery),
    'targets.scrapeNow': ({ targetId }) => {
      findTarget(scrape.targets().active, targetId);
      return { started: scrape.scrapeNow(targetId) };
    },
    'targets.relabel': ({ job, discovered }) => relabelView(scrape, job, discovered),
    'targets.body': async ({ targetId }, signal) => {
      const body = await scrape.body(targetId, signal);
      if (body === null) throw new HearthError({ kind: 'not-found', what: `target ${targetId}` });
      return body;
    },
    'targets.find': (_params, signal) => parts.findTargets(signal),
    'config.get': () => config.view(),
    'config.check': ({ text }) => config.check(text),
    'config.preview': ({ baseVersion, edits }) => config.preview(baseVersion, edits),
    'config.apply': ({ baseVersion, edits }) => config.apply(baseVersion, edits),
    'config.files': () => config.files(),
    'config.save': ({ baseVersion, text, hearth }) => config.save(baseVersion, text, hearth),
    'config.undo': ({ change }) => config.undo(change),
    'config.reload': async () => {
      const view = await config.reload();
      if (view.problems.length > 0)
        throw new HearthError({ kind: 'config-invalid', file: view.path, problems: view.problems });
      return view;
    },
    'status.get': () => statusView(parts),
    'quality.get': () => makeQuality(parts),
    'status.config': () => ({ yaml: maskSecrets(config.view().text) }),
    'status.poolConfig': ({ job }) => ({ yaml: poolConfig(config, job) }),
    'status.runtime': () => runtimeView(parts, parts.retention(), parts.lastReload()),
    'status.tsdb': ({ limit }) => tsdbView(storage, limit),
    'metrics.text': () => ({ text: parts.ownMetrics() }),
    'import.samples': async ({ metadata, mark, ...columns }) => {
      if (metadata.length > 0) storage.putMetadata('import', metadata);
      return storage.importSamples(importColumns(columns), mark);
    },
    'export.samples': ({ labels, start, end }) =>
      withQuerier(storage, (querier) => readColumns(querier, labels, start, end)),
    'write.samples': (params) => receiver.receive(params),
    'import.offset': ({ key }) => ({ offset: storage.importedUpTo(key) }),
    'admin.deleteSeries': async ({ selectors, start, end }) => {
      for (const matchers of selectors.map(readSelector)) await storage.deleteSeries(matchers, start, end);
      return {};
    },
    'admin.cleanTombstones': async () => {
      while (await storage.cleanTombstones()) await breathe();
      return {};
    },
    'admin.snapshot': ({ skipHead }) => takeSnapshot(storage, parts.options.dataPath, effects.now(), skipHead),
    'preferences.get': () => preferences.get(),
    'preferences.set': (params) => preferences.set(params.preferences),
  };
}
