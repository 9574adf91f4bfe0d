import type { Registry } from '#main/telemetry/index.ts';
import type { ScrapeManager } from './manager.ts';

/** Registers how scraping goes, as Hearth's own metrics. */
export function registerScrapeMetrics(
  registry: Registry,
  manager: Pick<ScrapeManager, 'stats' | 'targets' | 'load'>,
): void {
  registry.collect((out) => {
    const stats = manager.stats();
    const load = manager.load();
    const counters: readonly (readonly [name: string, help: string, value: number])[] = [
      ['hearth_scrapes_total', 'Scrapes made.', stats.scrapes],
      ['hearth_scrapes_failed_total', 'Scrapes that failed.', stats.failures],
      ['hearth_scrapes_skipped_total', 'Scrapes not made because their time had passed.', stats.skipped],
      ['hearth_scrapes_left_out_total', 'Scrapes left out because intervals are stretched under load.', stats.leftOut],
      ['hearth_scrape_samples_total', 'Samples scraped and kept.', stats.samples],
      ['hearth_scrape_samples_duplicate_total', 'Samples left out: same series and time again.', stats.duplicates],
      ['hearth_scrape_samples_out_of_order_total', 'Samples left out: older than what is stored.', stats.outOfOrder],
      ['hearth_scrape_samples_out_of_bounds_total', 'Samples left out: too old or in the future.', stats.outOfBounds],
    ];
    for (const [name, help, value] of counters) {
      out.family(name, 'counter', help);
      out.sample(name, value);
    }
    const gauges: readonly (readonly [name: string, help: string, value: number])[] = [
      ['hearth_scrape_duration_p95_seconds', '95th percentile of recent durations.', (stats.p95 ?? 0) / 1000],
      ['hearth_scrape_lag_p95_seconds', '95th percentile of how late scrapes started.', (stats.lag ?? 0) / 1000],
      ['hearth_scrape_samples_per_second', 'Samples a second over the last half minute.', stats.samplesPerSecond],
      ['hearth_scrape_load_pressure', 'How hard the load presses, from 0 to 1.', load.pressure],
      ['hearth_scrape_stretched_targets', 'Targets scraped less often than asked for, for the load.', load.stretched],
      ['hearth_scrape_concurrency_limit', 'Scrapes that may run at a time.', load.concurrency],
      ['hearth_scrape_waiting', 'Scrapes that wait for others to end.', load.waiting],
    ];
    for (const [name, help, value] of gauges) {
      out.family(name, 'gauge', help);
      out.sample(name, value);
    }
    const byHealth = new Map<string, number>();
    for (const { health } of manager.targets().active) byHealth.set(health, (byHealth.get(health) ?? 0) + 1);
    out.family('hearth_targets', 'gauge', 'Targets by health.');
    for (const health of ['up', 'down', 'unknown', 'paused'])
      out.sample('hearth_targets', byHealth.get(health) ?? 0, { health });
  });
}
