import type { Expected, LiveFrame, QueryResult, Steps, TopicParams } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { WatchedQuery } from '#main/insight/index.ts';

/** What a live subscription needs of the core. */
export interface LiveEffects {
  now(): Millis;
  /** Ms that only ever grow. */
  monotonic(): number;
  /** Runs `action` after `millis`; returns a function that prevents it. */
  schedule(millis: Millis, action: () => void): () => void;
  /** Lets other work of the thread go first. */
  breathe(): Promise<void>;
  /** Evaluates one expression over the steps; errors reject. */
  evaluate(expr: string, steps: Steps, signal: AbortSignal): Promise<QueryResult>;
  /** A judge for the results of an expression. */
  watch(expr: string, step: Millis, window: Millis, signal: AbortSignal): WatchedQuery;
  /** What an error says to people. */
  describe(error: unknown): string;
  /** Whether an error is the expression's own and will come again at every step. */
  isLasting(error: unknown): boolean;
  /** Milliseconds after which the samples of a moment can be expected to have arrived. */
  settle(): Millis;
}

/** Work between breaths, ms. */
const SLICE = 8;

/** Later than this after its time a step is not waited for: targets that take longer are drawn one step late. */
const LATEST_SETTLE = 2000;

/**
 * One live subscription: the whole window at once, then every new step as soon as the samples up to it can be expected
 * to be there; only the window where it is to end at a moment that was. Steps are absolute multiples of `step`, so everybody's charts share them. What is watched for heat comes
 * a second time as soon as its judges have learnt from the past: charts do not wait for them.
 * @returns ends it
 */
export function startLive(
  params: TopicParams<'live'>,
  effects: LiveEffects,
  emit: (frames: readonly LiveFrame[]) => void,
): () => void {
  const { window, step, queries, until } = params;
  const abort = new AbortController();
  const broken = new Set<string>();
  const watched = new Map<string, WatchedQuery>();
  /** The last step that was sent; null before the first frame. */
  let sent: Millis | null = null;
  let cancelTimer = (): void => {};
  let sliceStart = 0;

  const settle = (): Millis => Math.min(effects.settle(), Math.max(step, 1000), LATEST_SETTLE);

  const pace = async (): Promise<void> => {
    if (effects.monotonic() - sliceStart < SLICE) return;
    await effects.breathe();
    sliceStart = effects.monotonic();
  };

  const expect = async (id: string, result: QueryResult, steps: Steps): Promise<Expected | null> => {
    const query = watched.get(id);
    return query === undefined || result.type !== 'matrix' ? null : query.expect(result, steps);
  };

  /** Judges a whole window that was sent without. A failure here costs the bands, not the chart. */
  const learn = async (frames: readonly LiveFrame[]): Promise<void> => {
    watched.clear();
    const judged: LiveFrame[] = [];
    for (const frame of frames) {
      const query = queries.find(({ id }) => id === frame.id);
      if (query?.watch !== true || frame.result?.type !== 'matrix') continue;
      const judge = effects.watch(query.expr, step, window, abort.signal);
      try {
        await judge.learn(frame.steps.start);
        const expected = await judge.expect(frame.result, frame.steps);
        watched.set(frame.id, judge);
        judged.push({ ...frame, expected });
      } catch {
        if (abort.signal.aborted) return;
      }
      await pace();
      if (abort.signal.aborted) return;
    }
    if (judged.length > 0) emit(judged);
  };

  const round = async (): Promise<void> => {
    const known = effects.now() - settle();
    const last = Math.floor(Math.min(known, until ?? known) / step) * step;
    // After a pause (a sleeping computer) a whole window is cheaper and clearer than a long tail of steps.
    const reset = sent === null || last - sent >= window;
    const count = Math.max(1, Math.floor(window / step));
    const start = sent === null || reset ? last - (count - 1) * step : sent + step;
    if (!reset && start > last) return;
    const steps: Steps = { start, step, count: (last - start) / step + 1 };
    if (reset) {
      broken.clear();
      watched.clear();
    }
    const frames: LiveFrame[] = [];
    sliceStart = effects.monotonic();
    for (const { id, expr } of queries) {
      if (broken.has(id)) continue;
      try {
        const result = await effects.evaluate(expr, steps, abort.signal);
        frames.push({
          id,
          reset,
          steps,
          result,
          expected: reset ? null : await expect(id, result, steps),
          error: null,
        });
      } catch (error) {
        if (abort.signal.aborted) return;
        if (effects.isLasting(error)) broken.add(id);
        frames.push({ id, reset, steps, result: null, expected: null, error: effects.describe(error) });
      }
      await pace();
      if (abort.signal.aborted) return;
    }
    sent = last;
    emit(frames);
    if (reset) await learn(frames);
  };

  const loop = async (): Promise<void> => {
    await round();
    if (abort.signal.aborted || until !== null) return;
    const due = (sent as Millis) + step + settle();
    cancelTimer = effects.schedule(Math.max(5, due - effects.now()), () => void loop());
  };

  void loop();
  return () => {
    abort.abort();
    cancelTimer();
  };
}
