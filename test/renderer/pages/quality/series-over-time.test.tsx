import '../../support/dom.ts';
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import QualityPage from '#renderer/pages/quality/index.tsx';
import { renderPage, scriptedCore } from '../../support/render-page.tsx';

afterEach(cleanup);

test('the series over the last hour are a chart that says in words what it shows', async () => {
  const core = scriptedCore();
  renderPage(QualityPage, core, '#/quality');
  const chart = await screen.findByRole('img', { name: /^Series that are scraped, over the last hour: \d+ now/ });
  expect(chart.querySelector('canvas')).not.toBeNull();
  const asked = core.asked.find(({ method }) => method === 'query.range');
  expect(asked?.params).toMatchObject({ expr: 'sum(scrape_samples_post_metric_relabeling)', step: 15_000 });
});

test('an hour without a scrape is said, not drawn', async () => {
  const core = scriptedCore();
  core.answer('query.range', ({ start, step }) => ({
    type: 'matrix',
    steps: { start, step, count: 1 },
    series: [],
    warnings: [],
    infos: [],
    stats: { seriesRead: 0, samplesRead: 0, evalMillis: 0 },
  }));
  renderPage(QualityPage, core, '#/quality');
  await screen.findByText('Nothing was scraped in the last hour.');
  expect(screen.queryByRole('img', { name: /^Series that are scraped/ })).toBeNull();
});
