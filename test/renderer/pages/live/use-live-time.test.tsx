import { renderHook } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { SharedView } from '#renderer/charts/index.ts';
import { useLivePage } from '#renderer/pages/live/live-page-store.ts';
import { useLiveTime } from '#renderer/pages/live/use-live-time.ts';
import { readClock } from '#renderer/ui/index.ts';

const WINDOW = 900_000;

beforeEach(() => useLivePage.setState(useLivePage.getInitialState()));

test('a moment is pointed at in the middle of the window; one that is still to come is now', () => {
  const view = new SharedView();
  const { result } = renderHook(() => useLiveTime(view, null, WINDOW));
  result.current.go(1_000_000, null);
  expect(view.pinned).toBe(1_000_000);
  expect(useLivePage.getState()).toMatchObject({ until: 1_450_000, window: WINDOW });
  result.current.go(readClock() + 86_400_000, null);
  const { until } = useLivePage.getState();
  expect(until).not.toBeNull();
  expect(view.pinned).toBe(until);
  expect(until).toBeLessThanOrEqual(readClock());
});

test('what lies between two is shown whole, up to now, and nothing is pointed at', () => {
  const view = new SharedView();
  const { result } = renderHook(() => useLiveTime(view, null, WINDOW));
  result.current.go(1_000_000, 3_000_000);
  expect(view.pinned).toBeNull();
  expect(useLivePage.getState()).toMatchObject({ until: 3_000_000, window: 2_000_000 });
});
