import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveFrame, SubscriptionListener, TopicName } from '#shared/contract/index.ts';
import { LiveStore, type RendererClient } from '#renderer/data/index.ts';

let frames: (() => void)[] = [];
beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});
afterEach(() => vi.unstubAllGlobals());

/** The display shows one frame. */
const next = (): void => frames.splice(0).forEach((run) => run());

function storeOf(): { readonly store: LiveStore; readonly push: () => void } {
  const listeners: SubscriptionListener<'live'>[] = [];
  const client: Pick<RendererClient, 'subscribe'> = {
    subscribe: <T extends TopicName>(_topic: T, _params: unknown, one: SubscriptionListener<T>) => {
      listeners.push(one as unknown as SubscriptionListener<'live'>);
      return () => undefined;
    },
  };
  const queries = [{ id: 'a', expr: 'up', watch: false }];
  const store = new LiveStore(client as RendererClient, { queries, window: 4000, step: 1000, until: null });
  let at = 0;
  const push = (): void => {
    const frame: LiveFrame = {
      id: 'a',
      reset: at === 0,
      steps: { start: (at += 1000), step: 1000, count: 1 },
      result: null,
      expected: null,
      error: null,
    };
    listeners[0].event([frame]);
  };
  return { store, push };
}

test('many charts are drawn over some frames, none of which has much to do, and all of them once', () => {
  const { store, push } = storeOf();
  const told = Array.from({ length: 21 }, () => 0);
  for (const i of told.keys()) store.subscribe(() => told[i]++);
  push();
  push();
  const perFrame: number[] = [];
  while (frames.length > 0) {
    const before = told.reduce((sum, count) => sum + count, 0);
    next();
    perFrame.push(told.reduce((sum, count) => sum + count, 0) - before);
  }
  expect(Math.max(...perFrame)).toBeLessThanOrEqual(4);
  expect(told.every((count) => count === 1)).toBe(true);
});

test('what comes meanwhile is told to everyone after that, and nobody is left out by the next', () => {
  const { store, push } = storeOf();
  const seen: number[][] = Array.from({ length: 9 }, () => []);
  for (const own of seen) store.subscribe(() => own.push(store.version));
  push();
  for (let i = 0; i < 20; i++) {
    next();
    // Never a frame without something new.
    push();
  }
  while (frames.length > 0) next();
  for (const own of seen) expect(own.at(-1)).toBe(store.version);
  expect(seen[8].length).toBeGreaterThanOrEqual(5);
});

test('a listener that left is not told', () => {
  const { store, push } = storeOf();
  const told = vi.fn();
  for (let i = 0; i < 4; i++) store.subscribe(() => undefined);
  const leave = store.subscribe(told);
  push();
  next();
  leave();
  while (frames.length > 0) next();
  expect(told).not.toHaveBeenCalled();
});
