import {
  HearthError,
  type ErrorDetail,
  type SubscriptionListener,
  type TopicEvents,
  type TopicName,
  type TopicParams,
} from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { robustBand, WatchedQuery } from '#main/insight/index.ts';
import type { Log } from '#main/telemetry/index.ts';
import { startHeatWatch } from './heat-watch.ts';
import { onDemand } from './on-demand.ts';
import { startLive } from './live.ts';
import { startPage } from './page-topic.ts';
import { findTarget, makePage } from './pages.ts';
import type { RequestParts } from './requests.ts';
import { statusView } from './status-view.ts';
import { shareEvaluations } from './share-evaluations.ts';
import { createStateTopic } from './state-topic.ts';
import { breathe } from './timers.ts';

/** Targets change with each scrape of any of them: nobody looks faster than this. */
const TARGETS_EVERY: Millis = 500;
const STATUS_EVERY: Millis = 1000;
const HEAT_EVERY: Millis = 1000;
const OLDEST_EVERY: Millis = 10_000;
/** Heat is watched for so long after the last window has gone: what was learnt is there when one comes back. */
const HEAT_LINGER: Millis = 10 * 60_000;

type Subscribe<T extends TopicName> = (params: TopicParams<T>, listener: SubscriptionListener<T>) => () => void;

/** What the core does for each topic of the contract. */
export interface Topics {
  subscribe<T extends TopicName>(topic: T, params: TopicParams<T>, listener: SubscriptionListener<T>): () => void;
  /** Ends all subscriptions, silently. */
  stop(): void;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Slack on top of the longest scrape before its samples count as arrived. */
const SETTLE_SLACK: Millis = 60;

export function createTopics(
  parts: RequestParts,
  log: Log,
  schedule: (millis: Millis, action: () => void) => () => void,
): Topics {
  const { effects, config, scrape, preferences, queries, storage } = parts;
  const targets = createStateTopic(() => scrape.targets(), TARGETS_EVERY, schedule);
  const status = createStateTopic(() => statusView(parts), STATUS_EVERY, schedule);
  const configuration = createStateTopic(() => config.view(), 0, schedule);
  const preference = createStateTopic(() => preferences.get(), 0, schedule);
  // Looking through the whole store for its oldest sample is not for every query.
  let oldestKnown: { readonly at: Millis; readonly time: Millis | null } = { at: -Infinity, time: null };
  const oldest = (): Millis | null => {
    const now = effects.monotonic();
    if (now - oldestKnown.at > OLDEST_EVERY) oldestKnown = { at: now, time: storage.stats().minTime };
    return oldestKnown.time;
  };
  const live = shareEvaluations(
    (expr, { start, step, count }, signal) =>
      queries.live(expr, { start, end: start + (count - 1) * step, step }, signal),
    schedule,
  );

  // A server that nobody looks at does not pay for it.
  const heatWatch = onDemand(
    () =>
      startHeatWatch({
        detector: robustBand,
        now: () => effects.now(),
        monotonic: () => effects.monotonic(),
        schedule,
        breathe,
        targets: () => scrape.targets().active,
        page: (target) => makePage(storage, target, 0, effects.now()),
        evaluate: live,
        oldest,
        changed: () => heat.changed(),
      }),
    HEAT_LINGER,
    schedule,
  );
  const heat = createStateTopic(() => heatWatch.running()?.view() ?? { targets: [] }, HEAT_EVERY, schedule);
  const running = new Set<() => void>();

  const settle = (): Millis => {
    let longest = 0;
    for (const target of scrape.targets().active)
      if (target.health === 'up' && target.lastDuration !== null) longest = Math.max(longest, target.lastDuration);
    return longest + SETTLE_SLACK;
  };

  const detailOf = (error: unknown): ErrorDetail => {
    if (error instanceof HearthError) return error.detail;
    log.error('a subscription failed', {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return { kind: 'internal', message: 'the subscription failed; the log tells more' };
  };

  const tracked = (stop: () => void): (() => void) => {
    const end = (): void => {
      running.delete(end);
      stop();
    };
    running.add(end);
    return end;
  };

  const table: { readonly [T in TopicName]: Subscribe<T> } = {
    targets: (_params, listener) => targets.subscribe((view) => listener.event(view)),
    status: (_params, listener) => status.subscribe((view) => listener.event(view)),
    config: (_params, listener) => configuration.subscribe((view) => listener.event(view)),
    preferences: (_params, listener) => preference.subscribe((view) => listener.event(view)),
    heat: (_params, listener) => {
      const release = heatWatch.use();
      const leave = heat.subscribe((view) => listener.event(view));
      return () => {
        leave();
        release();
      };
    },
    page: ({ targetId, window }, listener) =>
      tracked(
        startPage(
          {
            now: () => effects.now(),
            schedule,
            build: () => makePage(storage, findTarget(scrape.targets().active, targetId), window, effects.now()),
            onScrape: (after) =>
              scrape.onScrape((id) => {
                if (id === targetId) after();
              }),
          },
          (page) => listener.event(page),
          (error) => listener.error(detailOf(error)),
        ),
      ),
    live: (params, listener) =>
      tracked(
        startLive(
          params,
          {
            now: () => effects.now(),
            monotonic: () => effects.monotonic(),
            schedule,
            breathe,
            evaluate: live,
            watch: (expr, step, window, signal) =>
              new WatchedQuery({
                detector: robustBand,
                step,
                window,
                evaluate: (steps) => live(expr, steps, signal),
                oldest,
              }),
            describe,
            isLasting: (error) => error instanceof HearthError && error.detail.kind === 'query-parse',
            settle,
          },
          (frames: TopicEvents['live']) => listener.event(frames),
        ),
      ),
  };

  const detach = [
    scrape.onChange(() => {
      targets.changed();
      status.changed();
    }),
    config.onChange(() => {
      configuration.changed();
      status.changed();
    }),
    preferences.onChange(() => preference.changed()),
  ];

  return {
    subscribe: (topic, params, listener) => table[topic](params, listener),
    stop() {
      for (const off of detach) off();
      for (const end of running) end();
      heatWatch.stop();
      for (const topic of [targets, status, configuration, preference, heat]) topic.stop();
    },
  };
}
