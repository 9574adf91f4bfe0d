import { optional, list } from '../decode/decoder.ts';
import { stringOf } from '../decode/scalars.ts';
import type { ScrapeProtocol } from '../model.ts';

const KNOWN: readonly ScrapeProtocol[] = [
  'OpenMetricsText0.0.1',
  'OpenMetricsText1.0.0',
  'PrometheusProto',
  'PrometheusText0.0.4',
  'PrometheusText1.0.0',
];

export const TEXT_FIRST: readonly ScrapeProtocol[] = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
];
/** Native histograms only come by protobuf. */
export const PROTO_FIRST: readonly ScrapeProtocol[] = ['PrometheusProto', ...TEXT_FIRST];

export const protocol = stringOf('config.ScrapeProtocol');
/** Null where the key is missing: then what to ask for depends on other settings. */
export const protocols = optional(list(protocol));

export function protocolProblem(name: string): string | null {
  if ((KNOWN as readonly string[]).includes(name)) return null;
  return `unknown scrape protocol ${name}, supported: [${KNOWN.join(' ')}]`;
}

export function protocolsProblem(names: readonly string[]): string | null {
  if (names.length === 0) return 'scrape_protocols cannot be empty';
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase())) return `duplicated protocol in scrape_protocols, got [${names.join(' ')}]`;
    const problem = protocolProblem(name);
    if (problem !== null) return `scrape_protocols: ${problem}`;
    seen.add(name.toLowerCase());
  }
  return null;
}
