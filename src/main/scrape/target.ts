import {
  filterLabels,
  getLabel,
  labelPairs,
  labelsFromPairs,
  labelsKey,
  parseDuration,
  formatDuration,
  withLabel,
  type Labels,
  type Millis,
} from '#shared/model/index.ts';
import type { ScrapeConfig, TargetGroup } from '#main/config/index.ts';
import { fnv64a } from './fnv.ts';
import { relabel } from './relabel.ts';

/** One thing to scrape, after relabelling. */
export interface Target {
  /** Stable while job, labels and URL are the same. */
  readonly id: string;
  readonly job: string;
  /** What its series carry. */
  readonly labels: Labels;
  /** What discovery said, with the job's defaults, before relabelling. */
  readonly discovered: Labels;
  readonly url: string;
  /** Unix socket to connect to, or ''. */
  readonly unixSocket: string;
  readonly interval: Millis;
  readonly timeout: Millis;
  /** Where in the interval it is scraped: the same after each restart. */
  readonly hash: bigint;
}

export type TargetResult =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'dropped'; readonly discovered: Labels }
  | { readonly kind: 'invalid'; readonly discovered: Labels; readonly message: string };

const PARAM = '__param_';

/** The labels of one target of a group before relabelling: its own, the group's, and the job's where neither says. */
export function discoveredLabels(config: ScrapeConfig, group: TargetGroup, own: Labels): Labels {
  const pairs = new Map<string, string>([
    ['job', config.jobName],
    ['__scrape_interval__', formatDuration(config.scrapeInterval)],
    ['__scrape_timeout__', formatDuration(config.scrapeTimeout)],
    ['__metrics_path__', config.metricsPath],
    ['__scheme__', config.scheme],
  ]);
  for (const [name, values] of config.params) if (values.length > 0) pairs.set(PARAM + name, values[0]);
  for (const [name, value] of labelPairs(group.labels)) pairs.set(name, value);
  for (const [name, value] of labelPairs(own)) pairs.set(name, value);
  return labelsFromPairs(pairs);
}

/** Makes a target of discovered labels: relabels, checks, and works out URL and timing. */
export function makeTarget(config: ScrapeConfig, discovered: Labels): TargetResult {
  const relabelled = relabel(discovered, config.relabelConfigs, config.metricNameValidationScheme);
  if (relabelled === null) return { kind: 'dropped', discovered };
  const invalid = (message: string): TargetResult => ({ kind: 'invalid', discovered, message });

  const address = getLabel(relabelled, '__address__');
  if (address === '') return invalid('no address');
  if (address.includes('/')) return invalid(`"${address}" is not a valid hostname`);
  const interval = parseDuration(getLabel(relabelled, '__scrape_interval__'));
  if (interval === null) return invalid('error parsing scrape interval');
  if (interval === 0) return invalid('scrape interval cannot be 0');
  const timeout = parseDuration(getLabel(relabelled, '__scrape_timeout__'));
  if (timeout === null) return invalid('error parsing scrape timeout');
  if (timeout === 0) return invalid('scrape timeout cannot be 0');
  if (timeout > interval)
    return invalid(
      `scrape timeout cannot be greater than scrape interval ("${formatDuration(timeout)}" > "${formatDuration(interval)}")`,
    );

  const withInstance =
    getLabel(relabelled, 'instance') === '' ? withLabel(relabelled, 'instance', address) : relabelled;
  const labels = filterLabels(withInstance, (name) => !name.startsWith('__'));
  const url = targetUrl(config, relabelled, address);
  const key = labelsKey(labels);
  const unixSocket = getLabel(relabelled, '__unix_socket__');
  return {
    kind: 'target',
    target: {
      id: fnv64a(`${config.jobName}\n${key}\n${url}\n${unixSocket}`).toString(16).padStart(16, '0'),
      job: config.jobName,
      labels,
      discovered,
      url,
      unixSocket,
      interval,
      timeout,
      hash: fnv64a(`${key}${url}`),
    },
  };
}

function targetUrl(config: ScrapeConfig, labels: Labels, address: string): string {
  const params = new Map([...config.params].map(([name, values]) => [name, [...values]]));
  for (const [label, value] of labelPairs(labels)) {
    if (!label.startsWith(PARAM)) continue;
    const name = label.slice(PARAM.length);
    const rest = params.get(name) ?? [];
    params.set(name, [value, ...rest.slice(1)]);
  }
  const query = [...params]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) => values.map((value) => `${encode(name)}=${encode(value)}`))
    .join('&');
  const path = getLabel(labels, '__metrics_path__').replace(/[?#\s]/g, encodeURIComponent);
  const slash = path === '' || path.startsWith('/') ? '' : '/';
  return `${getLabel(labels, '__scheme__')}://${address}${slash}${path}${query === '' ? '' : `?${query}`}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+');
}
