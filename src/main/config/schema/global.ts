import { isLegacyLabelName, labelsFromPairs, quoteGo } from '#shared/model/index.ts';
import { mapOf, optional } from '../decode/decoder.ts';
import { bool, duration, oneOf, size, string, uint } from '../decode/scalars.ts';
import { field, struct, type Decoded } from '../decode/struct.ts';
import type { GlobalConfig, NameEscaping, ScrapeProtocol } from '../model.ts';
import { protocols, protocolsProblem, TEXT_FIRST, PROTO_FIRST } from './scrape-protocols.ts';

export const nameValidation = oneOf(
  ['utf8', 'legacy', ''] as const,
  (text) => `unrecognized ValidationScheme: ${quoteGo(text)}`,
);

export const ESCAPINGS: readonly NameEscaping[] = ['allow-utf-8', 'underscores', 'dots', 'values'];

/** Keys that `global` and a job have in common. */
export const limitFields = {
  scrape_interval: field(duration),
  scrape_timeout: field(duration),
  scrape_protocols: field(protocols),
  scrape_failure_log_file: field(string),
  body_size_limit: field(size),
  sample_limit: field(uint),
  target_limit: field(uint),
  label_limit: field(uint),
  label_name_length_limit: field(uint),
  label_value_length_limit: field(uint),
  keep_dropped_targets: field(uint),
  metric_name_validation_scheme: field(nameValidation),
  metric_name_escaping_scheme: field(string),
  scrape_native_histograms: field(optional(bool)),
  extra_scrape_metrics: field(optional(bool)),
};

const fields = {
  ...limitFields,
  evaluation_interval: field(duration),
  rule_query_offset: field(duration),
  query_log_file: field(string),
  external_labels: field(mapOf(string)),
  convert_classic_histograms_to_nhcb: field(bool),
  always_scrape_classic_histograms: field(bool),
};

export type RawGlobal = Decoded<typeof fields>;

export const DEFAULT_INTERVAL = 60_000;
const DEFAULT_TIMEOUT = 10_000;

export const globalSection = struct({
  type: 'config.plain',
  fields,
  check(global, refuse) {
    const utf8 = global.metricNameValidationScheme !== 'legacy';
    for (const [name, value] of global.externalLabels) {
      const named = utf8 ? name !== '' && name.isWellFormed() : isLegacyLabelName(name);
      if (!named) refuse(`${quoteGo(name)} is not a valid label name`, 'external_labels');
      else if (!value.isWellFormed()) refuse(`${quoteGo(value)} is not a valid label value`, 'external_labels');
    }
    const interval = global.scrapeInterval === 0 ? DEFAULT_INTERVAL : global.scrapeInterval;
    if (global.scrapeTimeout > interval) refuse('global scrape timeout greater than scrape interval', 'scrape_timeout');
    const problem = global.scrapeProtocols === null ? null : protocolsProblem(global.scrapeProtocols);
    if (problem !== null) refuse(`${problem} for global config`, 'scrape_protocols');
  },
});

/** The scheme that a job uses when it names none. */
export function globalEscaping(global: RawGlobal): string {
  if (global.metricNameEscapingScheme !== '') return global.metricNameEscapingScheme;
  return global.metricNameValidationScheme === 'legacy' ? 'underscores' : 'allow-utf-8';
}

/** `global` with its defaults filled in. `expand` replaces environment variables in external labels. */
export function resolveGlobal(global: RawGlobal, expand: (value: string) => string): GlobalConfig {
  const scrapeInterval = global.scrapeInterval || DEFAULT_INTERVAL;
  const native = global.scrapeNativeHistograms ?? false;
  return {
    scrapeInterval,
    scrapeTimeout: global.scrapeTimeout || Math.min(DEFAULT_TIMEOUT, scrapeInterval),
    evaluationInterval: global.evaluationInterval || DEFAULT_INTERVAL,
    ruleQueryOffset: global.ruleQueryOffset,
    queryLogFile: global.queryLogFile,
    scrapeFailureLogFile: global.scrapeFailureLogFile,
    externalLabels: labelsFromPairs([...global.externalLabels].map(([name, value]) => [name, expand(value)])),
    scrapeProtocols:
      (global.scrapeProtocols as readonly ScrapeProtocol[] | null) ?? (native ? PROTO_FIRST : TEXT_FIRST),
    bodySizeLimit: global.bodySizeLimit,
    sampleLimit: global.sampleLimit,
    targetLimit: global.targetLimit,
    labelLimit: global.labelLimit,
    labelNameLengthLimit: global.labelNameLengthLimit,
    labelValueLengthLimit: global.labelValueLengthLimit,
    keepDroppedTargets: global.keepDroppedTargets,
    metricNameValidationScheme: global.metricNameValidationScheme === 'legacy' ? 'legacy' : 'utf8',
    metricNameEscapingScheme: globalEscaping(global) as NameEscaping,
    scrapeNativeHistograms: native,
    convertClassicHistogramsToNhcb: global.convertClassicHistogramsToNhcb,
    alwaysScrapeClassicHistograms: global.alwaysScrapeClassicHistograms,
    extraScrapeMetrics: global.extraScrapeMetrics ?? false,
  };
}
