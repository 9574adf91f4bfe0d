import '../../support/dom.ts';
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { useCore } from '#renderer/data/index.ts';
import { coreVocabulary } from '#renderer/editor/vocabulary.ts';
import { useMetrics } from '#renderer/pages/explore/use-metrics.ts';
import type { StatusView } from '#shared/contract/index.ts';
import { renderPage, scriptedCore } from '../../support/render-page.tsx';

afterEach(cleanup);

let firsts = 0;
const onFirst = (): void => {
  firsts++;
};

function Names() {
  const client = useCore();
  const [vocabulary] = useState(() =>
    coreVocabulary({ client, window: () => ({ start: 0, end: 1 }), now: () => 0, rateWindow: () => '1m' }),
  );
  const { metrics } = useMetrics(vocabulary, onFirst);
  return <output>{metrics.map(({ name }) => name).join()}</output>;
}

test('the first samples are there with the scrape that brought them, later ones when a target comes up', async () => {
  const core = scriptedCore();
  const status = await core.client.request('status.get', {});
  let tell: (view: StatusView) => void = () => undefined;
  const subscribe = core.client.subscribe.bind(core.client);
  const client = {
    ...core.client,
    subscribe: ((topic, params, listener) => {
      if (topic !== 'status') return subscribe(topic, params, listener);
      tell = (view) => (listener as { event(view: StatusView): void }).event(view);
      return () => undefined;
    }) as typeof subscribe,
  };
  const scrape = (targetsUp: number): void => act(() => tell({ ...status, targetsUp }));
  const store = (...values: string[]): void => core.answer('labels.values', () => ({ values, truncated: false }));
  const reads = (): number => core.asked.filter(({ method }) => method === 'labels.values').length;
  const shown = (): string | null => screen.getByRole('status').textContent;

  firsts = 0;
  store();
  renderPage(Names, { ...core, client }, '#/explore');
  await waitFor(() => expect(reads()).toBe(1), { timeout: 10_000 });
  scrape(1);
  await waitFor(() => expect(reads()).toBe(2), { timeout: 10_000 });
  expect(firsts).toBe(0);
  store('up');
  scrape(1);
  await waitFor(() => expect(shown()).toBe('up'), { timeout: 10_000 });
  expect(firsts).toBe(1);

  store('app_total', 'up');
  scrape(1);
  expect(reads()).toBe(3);
  scrape(2);
  await waitFor(() => expect(shown()).toBe('app_total,up'), { timeout: 10_000 });
  expect(reads()).toBe(4);
  expect(firsts).toBe(1);
});
