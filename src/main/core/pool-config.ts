import { HearthError } from '#shared/contract/index.ts';
import { effectiveJob, type ConfigStore } from '#main/config/index.ts';

/** The configuration of a scrape pool as YAML. @throws HearthError not-found */
export function poolConfig(config: ConfigStore, job: string): string {
  const running = config.running().prometheus.scrapeConfigs.find(({ jobName }) => jobName === job);
  if (running === undefined) throw new HearthError({ kind: 'not-found', what: `scrape pool "${job}"` });
  return effectiveJob(config.view().text, running);
}
