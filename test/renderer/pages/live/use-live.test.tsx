import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChartSpec, LiveFrame, PageView, SubscriptionListener, TopicName } from '#shared/contract/index.ts';
import { CoreProvider, type RendererClient } from '#renderer/data/index.ts';
import { useLiveStore } from '#renderer/pages/live/use-live.ts';

let frames: (() => void)[] = [];
beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

interface Subscription {
  readonly ids: readonly string[];
  readonly until: number | null;
  readonly listener: SubscriptionListener<'live'>;
}

/** A core that answers live queries when the test says so. */
function coreOf(): { readonly client: RendererClient; readonly subscriptions: Subscription[] } {
  const subscriptions: Subscription[] = [];
  const subscribe = <T extends TopicName>(_topic: T, params: unknown, listener: SubscriptionListener<T>) => {
    const { queries, until } = params as { queries: readonly { id: string }[]; until: number | null };
    subscriptions.push({
      ids: queries.map(({ id }) => id),
      until,
      listener: listener as unknown as SubscriptionListener<'live'>,
    });
    return () => undefined;
  };
  return { client: { subscribe } as unknown as RendererClient, subscriptions };
}

/** All queries of one subscription are answered, and the display shows it. */
function answer({ ids, listener }: Subscription): void {
  const steps = { start: 10_000, step: 1000, count: 1 };
  act(() => {
    listener.event(ids.map((id): LiveFrame => ({ id, reset: true, steps, result: null, expected: null, error: null })));
    while (frames.length > 0) frames.splice(0).forEach((run) => run());
  });
}

/** A page of so many charts of one query each. */
const pageOf = (targetId: string, charts: number): PageView => {
  const specs = Array.from({ length: charts }, (_, i) => ({
    id: `chart-${i}`,
    kind: 'lines',
    queries: [{ expr: `m${i}`, legend: '', legendLabel: '' }],
    buckets: null,
  }));
  return { targetId, charts: specs as unknown as readonly ChartSpec[], facts: [] } as unknown as PageView;
};

const TIME: Parameters<typeof useLiveStore>[1] = { window: 60_000, step: 1000, paused: false, until: null };

function show(client: RendererClient, page: PageView) {
  return renderHook(
    ({ page: shown, time }: { page: PageView; time: Parameters<typeof useLiveStore>[1] }) => useLiveStore(shown, time),
    {
      initialProps: { page, time: TIME },
      wrapper: ({ children }) => <CoreProvider client={client}>{children}</CoreProvider>,
    },
  );
}

test("a target's charts come as they come; a later set of charts takes their place when all of it is there", () => {
  const { client, subscriptions } = coreOf();
  const { result, rerender } = show(client, pageOf('a', 150));
  expect(result.current).toBeNull();
  expect(subscriptions).toHaveLength(2);
  answer(subscriptions[1]);
  const first = result.current;
  expect(first?.window('chart-149#0')).not.toBeNull();
  expect(first?.window('chart-0#0')).toBeNull();
  answer(subscriptions[0]);
  expect(result.current).toBe(first);

  rerender({ page: pageOf('a', 151), time: TIME });
  answer(subscriptions[3]);
  expect(result.current).toBe(first);
  answer(subscriptions[2]);
  expect(result.current).not.toBe(first);
  expect(result.current?.options.queries).toHaveLength(151);

  // Another target's page does not wait beside foreign charts.
  rerender({ page: pageOf('b', 150), time: TIME });
  expect(result.current).toBeNull();
  answer(subscriptions[5]);
  expect(result.current?.window('chart-149#0')).not.toBeNull();
});

test('a pause asks for nothing; a moment that was gone to is asked for, paused as it is', () => {
  const { client, subscriptions } = coreOf();
  const page = pageOf('a', 1);
  const { result, rerender } = show(client, page);
  answer(subscriptions[0]);
  const live = result.current;
  rerender({ page, time: { ...TIME, paused: true } });
  expect(subscriptions).toHaveLength(1);
  expect(result.current).toBe(live);
  rerender({ page, time: { ...TIME, paused: true, until: 9000 } });
  expect(subscriptions[1].until).toBe(9000);
  expect(result.current).toBe(live);
  answer(subscriptions[1]);
  expect(result.current?.options.until).toBe(9000);
});
