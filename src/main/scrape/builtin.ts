import { labelsFromRecord, type Millis } from '#shared/model/index.ts';
import { DEFAULT_GLOBAL, DEFAULT_HTTP, DEFAULT_JOB } from '#main/config/index.ts';
import { NO_FEATURES, type ScrapeJob } from './job.ts';

/** A target inside this process: scraped like any other, without HTTP. */
export interface BuiltinTarget {
  readonly job: string;
  /** Its `instance` label. */
  readonly instance: string;
  readonly interval: Millis;
  /** What its page would answer, in the classic text format. */
  collect(signal: AbortSignal): Promise<Uint8Array>;
}

/** The job that a built-in target stands for. */
export function builtinJob(target: BuiltinTarget): ScrapeJob {
  const group = {
    source: 'builtin',
    targets: [labelsFromRecord({ __address__: target.instance })],
    labels: labelsFromRecord({}),
  };
  return {
    ...DEFAULT_GLOBAL,
    jobName: target.job,
    honorLabels: false,
    honorTimestamps: true,
    trackTimestampsStaleness: false,
    params: new Map(),
    scrapeInterval: target.interval,
    scrapeTimeout: Math.min(target.interval, DEFAULT_GLOBAL.scrapeTimeout),
    fallbackScrapeProtocol: null,
    scrapeFailureLogFile: '',
    metricsPath: '/metrics',
    scheme: 'builtin',
    enableCompression: false,
    nativeHistogramBucketLimit: 0,
    nativeHistogramMinBucketFactor: 0,
    relabelConfigs: [],
    metricRelabelConfigs: [],
    http: DEFAULT_HTTP,
    discovery: [{ kind: 'static', groups: [group] }],
    own: DEFAULT_JOB,
    features: NO_FEATURES,
  };
}
