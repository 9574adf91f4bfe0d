import { expect, test } from 'vitest';
import { registerScrapeMetrics } from '#main/scrape/index.ts';
import { Registry } from '#main/telemetry/index.ts';
import { World } from './world.ts';

test('how scraping goes is among the own metrics', async () => {
  const world = new World();
  world.answers.set('http://h:1/metrics', 'a 1\na 2\nb 1\n');
  world.apply(`
global: { scrape_interval: 10s }
scrape_configs: [{ job_name: j, static_configs: [{ targets: ['h:1', 'h:2'] }] }]
`);
  await world.pass(10_000);
  const registry = new Registry();
  registerScrapeMetrics(registry, world.manager);
  const lines = registry.render().split('\n');
  for (const line of [
    'hearth_scrapes_total 2',
    'hearth_scrapes_failed_total 1',
    'hearth_scrape_samples_total 2',
    'hearth_scrape_samples_duplicate_total 1',
    'hearth_targets{health="up"} 1',
    'hearth_targets{health="down"} 1',
    'hearth_targets{health="paused"} 0',
  ])
    expect(lines).toContain(line);
});
