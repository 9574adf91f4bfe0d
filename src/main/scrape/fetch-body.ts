import { STATUS_CODES } from 'node:http';
import type { Millis } from '#shared/model/index.ts';
import type { ScrapeProtocol } from '#main/config/index.ts';
import { chooseFormat, recognizeText, type BodyFormat, type ReaderOptions } from '#main/exposition/index.ts';
import type { BodyPool, HttpAnswer, HttpClient } from '#main/http/index.ts';
import type { ScrapeJob } from './job.ts';
import { ScrapeError } from './scrape-error.ts';

const MEDIA: Readonly<Record<ScrapeProtocol, string>> = {
  PrometheusProto: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0',
  'OpenMetricsText0.0.1': 'application/openmetrics-text;version=0.0.1',
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0',
};

/** The Accept header that asks for the job's protocols in its order of preference. */
export function acceptHeader(config: Pick<ScrapeJob, 'scrapeProtocols' | 'metricNameEscapingScheme' | 'own'>): string {
  if (config.own.format === 'json') return 'application/json,*/*;q=0.1';
  let weight = Object.keys(MEDIA).length + 1;
  const parts = config.scrapeProtocols.map((protocol) => {
    const escaping = protocol.endsWith('1.0.0') ? `;escaping=${config.metricNameEscapingScheme}` : '';
    return `${MEDIA[protocol]}${escaping};q=0.${weight--}`;
  });
  return [...parts, `*/*;q=0.${weight}`].join(',');
}

/** Media type without parameters of the protocol that stands in for a missing Content-Type; '' for none. */
export function fallbackMediaType(protocol: ScrapeProtocol | null): string {
  return protocol === null ? '' : MEDIA[protocol].split(';')[0];
}

export interface BodySource {
  readonly url: string;
  readonly unixSocket: string;
  readonly timeout: Millis;
}

/** The headers of a scrape. */
export function scrapeHeaders(config: ScrapeJob, timeout: Millis): Readonly<Record<string, string>> {
  return { accept: acceptHeader(config), 'x-prometheus-scrape-timeout-seconds': String(timeout / 1000) };
}

/** Asks a target for its metrics. Any status is an answer. @param headers `scrapeHeaders` @throws HttpError */
export function fetchBody(
  http: HttpClient,
  config: ScrapeJob,
  target: BodySource,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  pool?: BodyPool,
): Promise<HttpAnswer> {
  return http.request({
    url: target.url,
    headers,
    timeout: target.timeout,
    maxBytes: config.bodySizeLimit,
    compression: config.enableCompression,
    signal,
    ...(pool === undefined ? {} : { pool }),
    ...(target.unixSocket === '' ? {} : { unixSocket: target.unixSocket }),
  });
}

/** The format of an answer that counts as a scrape. @throws ScrapeError when it does not */
export function formatOf(answer: HttpAnswer, config: ScrapeJob): { format: BodyFormat; note: string | null } {
  if (answer.status !== 200) {
    const kind = answer.status === 401 || answer.status === 403 ? 'unauthorized' : 'status';
    const words = STATUS_CODES[answer.status];
    const message = `server returned HTTP status ${answer.status}${words === undefined ? '' : ` ${words}`}`;
    throw new ScrapeError(kind, message, { status: answer.status });
  }
  const { format } = config.own;
  if (format !== 'auto') return { format, note: null };
  const choice = chooseFormat(contentType(answer), fallbackMediaType(config.fallbackScrapeProtocol));
  if (!choice.ok) throw new ScrapeError('content-type', choice.message, { status: answer.status });
  return choice.format === 'text' ? { ...choice, format: recognizeText(answer.body) ?? 'text' } : choice;
}

export function contentType(answer: HttpAnswer): string {
  const header = answer.headers['content-type'];
  return typeof header === 'string' ? header : (header?.[0] ?? '');
}

/** How the bodies of a job's targets are read. */
export function readerOptions(config: ScrapeJob): ReaderOptions {
  return {
    typeAndUnitLabels: config.features.typeAndUnitLabels,
    startTimes: config.features.startTimes,
    nativeHistograms: config.scrapeNativeHistograms,
    keepClassicHistograms: config.alwaysScrapeClassicHistograms,
    convertClassicHistograms: config.convertClassicHistogramsToNhcb,
    jsonRules: config.own.jsonRules,
    legacyNames: config.metricNameValidationScheme === 'legacy',
  };
}
