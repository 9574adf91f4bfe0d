import '../support/dom.ts';
import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { readClock, setClock, useCoreClock, useNow } from '#renderer/ui/index.ts';
import type { StatusView } from '#shared/contract/index.ts';
import { renderPage, scriptedCore } from '../support/render-page.tsx';

afterEach(() => {
  cleanup();
  setClock(Date.now());
});

const HOUR = 3_600_000;

function Clock() {
  useCoreClock();
  return <time>{useNow()}</time>;
}

test('ages go by the clock of the core, also when it is set meanwhile', async () => {
  const core = scriptedCore();
  const status = await core.client.request('status.get', {});
  let tell: (now: number) => void = () => undefined;
  const subscribe = core.client.subscribe.bind(core.client);
  const client = {
    ...core.client,
    subscribe: ((topic, params, listener) => {
      if (topic !== 'status') return subscribe(topic, params, listener);
      tell = (now) => (listener as { event(view: StatusView): void }).event({ ...status, now });
      return () => undefined;
    }) as typeof subscribe,
  };
  renderPage(Clock, { ...core, client }, '#/live');
  const off = (): number => Math.abs(Number(screen.getByRole('time').textContent) - Date.now());
  expect(off()).toBeLessThan(5000);
  act(() => tell(Date.now() - HOUR));
  expect(Math.abs(off() - HOUR)).toBeLessThan(5000);
  expect(Math.abs(Date.now() - readClock() - HOUR)).toBeLessThan(1000);
  act(() => tell(Date.now()));
  expect(off()).toBeLessThan(5000);
  expect(Math.abs(readClock() - Date.now())).toBeLessThan(10);
});

test('what an event takes on its way does not move the clock', () => {
  setClock(Date.now() - 100);
  expect(Math.abs(readClock() - Date.now())).toBeLessThan(50);
});
