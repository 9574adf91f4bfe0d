import { formatDuration } from '#shared/model/index.ts';
import type { Desired } from '../edit/plain-value.ts';
import { renderBlock } from '../edit/render.ts';
import type { ScrapeConfig } from '../model.ts';
import { findJob } from './job-views.ts';

/**
 * A job as YAML with what holds where it says nothing. What else it says comes from `text`, the file with its secrets masked: the keys
 * of a job from an included file are those with defaults alone.
 */
export function effectiveJob(text: string, config: ScrapeConfig): string {
  const said = findJob(text, config.jobName)?.job ?? new Map();
  const job = new Map<string, Desired>([
    ['job_name', config.jobName],
    ['honor_labels', config.honorLabels],
    ['honor_timestamps', config.honorTimestamps],
    ['track_timestamps_staleness', config.trackTimestampsStaleness],
    ['scrape_interval', formatDuration(config.scrapeInterval)],
    ['scrape_timeout', formatDuration(config.scrapeTimeout)],
    ['scrape_protocols', config.scrapeProtocols],
    ['metrics_path', config.metricsPath],
    ['scheme', config.scheme],
    ['enable_compression', config.enableCompression],
    ['follow_redirects', config.http.followRedirects],
    ['enable_http2', config.http.enableHttp2],
  ]);
  if (!config.honorLabels) job.delete('honor_labels');
  for (const [key, value] of said as ReadonlyMap<string, Desired>) if (!job.has(key)) job.set(key, value);
  return `${renderBlock(job, 0)}\n`;
}
