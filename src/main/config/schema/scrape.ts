import { quoteGo } from '#shared/model/index.ts';
import { list, mapOf, optional, type DecodeContext } from '../decode/decoder.ts';
import { bool, float, string, uint } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';
import type { GlobalConfig, NameEscaping, ScrapeConfig, ScrapeProtocol } from '../model.ts';
import { discovery, staticTargetProblem } from './discovery.ts';
import { ESCAPINGS, limitFields, type RawGlobal } from './global.ts';
import { http } from './http-client.ts';
import { relabelProblem, relabelRule } from './relabel.ts';
import { PROTO_FIRST, protocol, protocolProblem, protocolsProblem, TEXT_FIRST } from './scrape-protocols.ts';

/** A job as written; `resolveJob` fills in what `global` says. */
export const scrapeJob = struct({
  type: 'config.ScrapeConfig',
  inline: { http, discovery },
  fields: {
    ...limitFields,
    job_name: field(string),
    honor_labels: field(bool),
    honor_timestamps: field(bool, true),
    track_timestamps_staleness: field(bool),
    params: field(mapOf(list(string))),
    fallback_scrape_protocol: field(protocol),
    always_scrape_classic_histograms: field(optional(bool)),
    convert_classic_histograms_to_nhcb: field(optional(bool)),
    metrics_path: field(string, '/metrics'),
    scheme: field(string, 'http'),
    enable_compression: field(bool, true),
    native_histogram_bucket_limit: field(uint),
    native_histogram_min_bucket_factor: field(float),
    relabel_configs: field(list(relabelRule, 'empty or null target relabeling rule in scrape config')),
    metric_relabel_configs: field(list(relabelRule, 'empty or null metric relabeling rule in scrape config')),
  },
  check(job, refuse) {
    if (job.jobName === '') refuse('job_name is empty', 'job_name');
    const problem = job.relabelConfigs.length === 0 ? staticTargetProblem(job.discovery) : null;
    if (problem !== null) refuse(problem, 'static_configs');
  },
});

export type RawJob = ReturnType<typeof scrapeJob.zero>;

export const scrapeJobs = list(scrapeJob, 'empty or null scrape config section');

/** The job with `global`'s settings where it has none of its own; what is wrong in their combination is reported. */
export function resolveJob(job: RawJob, raw: RawGlobal, global: GlobalConfig, context: DecodeContext): ScrapeConfig {
  const refuse = (message: string): void => context.refuseValue(job, message);
  const named = `for scrape config with job name ${quoteGo(job.jobName)}`;

  const scrapeInterval = job.scrapeInterval || global.scrapeInterval;
  if (job.scrapeTimeout > scrapeInterval) refuse(`scrape timeout greater than scrape interval ${named}`);
  const native = job.scrapeNativeHistograms ?? global.scrapeNativeHistograms;
  const protocols = job.scrapeProtocols ?? raw.scrapeProtocols ?? (native ? PROTO_FIRST : TEXT_FIRST);
  const problem = protocolsProblem(protocols);
  if (problem !== null) refuse(`${problem} ${named}`);
  const fallback = job.fallbackScrapeProtocol === '' ? null : job.fallbackScrapeProtocol;
  const fallbackProblem = fallback === null ? null : protocolProblem(fallback);
  if (fallbackProblem !== null) refuse(`invalid fallback_scrape_protocol ${named}: ${fallbackProblem}`);

  const validation = job.metricNameValidationScheme || global.metricNameValidationScheme;
  let escaping = job.metricNameEscapingScheme;
  if (escaping === '') {
    if (job.metricNameValidationScheme === '') escaping = global.metricNameEscapingScheme;
    else escaping = validation === 'legacy' ? 'underscores' : 'allow-utf-8';
  }
  const unknownEscaping = (where: string, got: string): string =>
    `unknown ${where} name escaping method specified, must be one of 'allow-utf-8', 'underscores', 'dots', or 'values', got ${quoteGo(got)}`;
  if (!(ESCAPINGS as readonly string[]).includes(global.metricNameEscapingScheme))
    refuse(unknownEscaping('global', global.metricNameEscapingScheme));
  else if (!(ESCAPINGS as readonly string[]).includes(escaping)) refuse(unknownEscaping('scrape config', escaping));
  else if (escaping === 'allow-utf-8' && validation !== 'utf8')
    refuse('utf8 metric names requested but validation scheme is not set to UTF8');

  for (const rule of [...job.relabelConfigs, ...job.metricRelabelConfigs]) {
    const problem = relabelProblem(rule, validation);
    if (problem !== null) context.refuseValue(rule, problem);
  }
  return {
    jobName: job.jobName,
    honorLabels: job.honorLabels,
    honorTimestamps: job.honorTimestamps,
    trackTimestampsStaleness: job.trackTimestampsStaleness,
    params: job.params,
    scrapeInterval,
    scrapeTimeout: job.scrapeTimeout || Math.min(global.scrapeTimeout, scrapeInterval),
    scrapeProtocols: protocols as readonly ScrapeProtocol[],
    fallbackScrapeProtocol: fallback as ScrapeProtocol | null,
    scrapeFailureLogFile: job.scrapeFailureLogFile || global.scrapeFailureLogFile,
    metricsPath: job.metricsPath,
    scheme: job.scheme,
    enableCompression: job.enableCompression,
    bodySizeLimit: job.bodySizeLimit || global.bodySizeLimit,
    sampleLimit: job.sampleLimit || global.sampleLimit,
    targetLimit: job.targetLimit || global.targetLimit,
    labelLimit: job.labelLimit || global.labelLimit,
    labelNameLengthLimit: job.labelNameLengthLimit || global.labelNameLengthLimit,
    labelValueLengthLimit: job.labelValueLengthLimit || global.labelValueLengthLimit,
    keepDroppedTargets: job.keepDroppedTargets || global.keepDroppedTargets,
    nativeHistogramBucketLimit: job.nativeHistogramBucketLimit,
    nativeHistogramMinBucketFactor: job.nativeHistogramMinBucketFactor,
    metricNameValidationScheme: validation,
    metricNameEscapingScheme: escaping as NameEscaping,
    scrapeNativeHistograms: native,
    convertClassicHistogramsToNhcb: job.convertClassicHistogramsToNhcb ?? global.convertClassicHistogramsToNhcb,
    alwaysScrapeClassicHistograms: job.alwaysScrapeClassicHistograms ?? global.alwaysScrapeClassicHistograms,
    extraScrapeMetrics: job.extraScrapeMetrics ?? global.extraScrapeMetrics,
    relabelConfigs: job.relabelConfigs,
    metricRelabelConfigs: job.metricRelabelConfigs,
    http: job.http,
    discovery: job.discovery,
  };
}
