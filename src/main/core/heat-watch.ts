import type { HeatView, PageView, QueryResult, Steps, TargetHeat, TargetView } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { TargetWatch, type Detector } from '#main/insight/index.ts';

export interface HeatWatchEffects {
  readonly detector: Detector;
  now(): Millis;
  /** Ms that only ever grow. */
  monotonic(): number;
  schedule(millis: Millis, action: () => void): () => void;
  breathe(): Promise<void>;
  targets(): readonly TargetView[];
  page(target: TargetView): PageView;
  evaluate(expr: string, steps: Steps, signal: AbortSignal): Promise<QueryResult>;
  oldest(): Millis | null;
  /** A target's summary is another one. */
  changed(): void;
}

/** Each target is looked at so often, all steps since the last time at once: cheaper than step by step. */
const ROUND: Millis = 30_000;
/** Share of this thread that watching may take: with many targets the rounds come less often. */
const SHARE = 0.02;
/** Steps are no shorter than this. */
const LEAST_STEP: Millis = 5000;
/** Pages are made anew so often: metrics come and go. */
const PAGE_EVERY: Millis = 5 * 60_000;
/** Series that are watched in all; targets beyond are not looked at. About 3 kB each. */
const MOST_SERIES = 10_000;
/** Work between breaths, ms. */
const SLICE = 5;

interface Entry {
  readonly watch: TargetWatch;
  pageAt: Millis;
  summary: TargetHeat;
}

export interface HeatWatch {
  view(): HeatView;
  stop(): void;
}

/** Watches all targets in the background, one after the other, within a fixed share of the thread's time. */
export function startHeatWatch(effects: HeatWatchEffects): HeatWatch {
  const abort = new AbortController();
  const entries = new Map<string, Entry>();
  let cancel = (): void => {};
  let sliceStart = 0;

  const pace = async (): Promise<void> => {
    if (effects.monotonic() - sliceStart < SLICE) return;
    // Rests as long as it takes for what was done to be a small share.
    await new Promise<void>((resolve) => {
      effects.schedule((effects.monotonic() - sliceStart) / SHARE, resolve);
    });
    sliceStart = effects.monotonic();
  };

  const watchOf = (target: TargetView): Entry | null => {
    const known = entries.get(target.id);
    if (known !== undefined) return known;
    const size = [...entries.values()].reduce((sum, { watch }) => sum + watch.size, 0);
    if (size >= MOST_SERIES) return null;
    const watch = new TargetWatch(target.id, {
      detector: effects.detector,
      step: Math.max(LEAST_STEP, Math.ceil(target.interval / 1000) * 1000),
      evaluate: (expr, steps) => effects.evaluate(expr, steps, abort.signal),
      oldest: () => effects.oldest(),
      pace,
    });
    const entry = { watch, pageAt: -Infinity, summary: watch.summary() };
    entries.set(target.id, entry);
    return entry;
  };

  const look = async (target: TargetView): Promise<void> => {
    const entry = watchOf(target);
    if (entry === null) return;
    const now = effects.now();
    // A page with nothing on it is one of a target that has not answered yet.
    if (now - entry.pageAt >= (entry.summary.charts === 0 ? ROUND : PAGE_EVERY)) {
      entry.watch.setPage(effects.page(target));
      entry.pageAt = now;
      await pace();
    }
    await entry.watch.advance(now - Math.min(target.interval, ROUND));
    entry.summary = entry.watch.summary();
    effects.changed();
  };

  const round = async (): Promise<void> => {
    const started = effects.monotonic();
    sliceStart = started;
    const targets = effects.targets();
    const present = new Set(targets.map(({ id }) => id));
    for (const id of entries.keys()) if (!present.has(id)) entries.delete(id);
    for (const target of targets) {
      if (abort.signal.aborted) return;
      if (target.health !== 'paused') await look(target);
    }
    await effects.breathe();
    if (abort.signal.aborted) return;
    cancel = effects.schedule(Math.max(1000, ROUND - (effects.monotonic() - started)), next);
  };
  const next = (): void => {
    // A page that cannot be made (a target that just went) ends this round, not the watching.
    round().catch(() => {
      if (!abort.signal.aborted) cancel = effects.schedule(ROUND, next);
    });
  };

  cancel = effects.schedule(1000, next);
  return {
    view: () => ({ targets: [...entries.values()].map(({ summary }) => summary) }),
    stop() {
      abort.abort();
      cancel();
    },
  };
}
