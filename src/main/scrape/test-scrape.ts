import type { ScrapeFailure, TestMetric, TestNote, TestScrapeView } from '#shared/contract/index.ts';
import { getLabel, labelsFromRecord, METRIC_NAME, type Labels, type MetricMetadata } from '#shared/model/index.ts';
import { createReader, type BodyFormat } from '#main/exposition/index.ts';
import type { HttpAnswer, HttpClient } from '#main/http/index.ts';
import type { ScrapeClock } from './deps.ts';
import { familyOf } from './family.ts';
import { contentType, fetchBody, formatOf, readerOptions, scrapeHeaders } from './fetch-body.ts';
import type { ScrapeJob } from './job.ts';
import { seriesSteps, targetSteps } from './rule-effects.ts';
import { joinedLabels, sampleLabels } from './sample-labels.ts';
import { failureOf, ScrapeError } from './scrape-error.ts';
import { discoveredLabels, makeTarget, type Target } from './target.ts';

const DAY = 86_400_000;
/** What a sample takes in the store on the whole, most of them being unchanged ones. */
const BYTES_PER_SAMPLE = 0.4;
const BODY_START = 8192;

/** Scrapes an address once as a job would, and tells what would be stored. */
export async function testScrape(
  deps: { readonly http: HttpClient; readonly clock: ScrapeClock },
  config: ScrapeJob,
  address: string,
  signal: AbortSignal,
): Promise<TestScrapeView> {
  const started = deps.clock.monotonic();
  let answer: HttpAnswer | null = null;
  let target: Target | null = null;
  const discovered = discoveredAt(config, address);
  let found: Found = { format: null, series: 0, metrics: [], notes: [], seriesSteps: [] };
  let failure: ScrapeFailure | null = null;
  try {
    target = targetAt(config, discovered);
    answer = await fetchBody(deps.http, config, target, scrapeHeaders(config, target.timeout), signal);
    const { format } = formatOf(answer, config);
    found = examine(answer.body, format, target.labels, config);
  } catch (error) {
    failure = failureOf(error);
  }
  const start = answer?.body.subarray(0, BODY_START).toString('utf8') ?? '';
  const notes: TestNote[] = /^\s*<(?:!doctype|html)/i.test(start) ? [{ kind: 'html' }] : found.notes;
  return {
    failure,
    url: answer?.url ?? target?.url ?? '',
    status: answer?.status ?? failure?.status ?? null,
    contentType: answer === null ? '' : contentType(answer),
    durationMillis: deps.clock.monotonic() - started,
    bodyBytes: answer?.body.length ?? 0,
    series: found.series,
    metrics: found.metrics,
    format: found.format,
    bodyStart: start,
    notes,
    targetSteps: targetSteps(discovered, config.relabelConfigs, config.metricNameValidationScheme),
    seriesSteps: found.seriesSteps,
    bytesPerDay: Math.round((found.series * DAY * BYTES_PER_SAMPLE) / (target?.interval ?? config.scrapeInterval)),
  };
}

interface Found {
  readonly format: TestScrapeView['format'];
  readonly series: number;
  readonly metrics: TestMetric[];
  readonly notes: TestNote[];
  readonly seriesSteps: TestScrapeView['seriesSteps'];
}

/** The labels that a target of the job's own list has before its rules. */
function discoveredAt(config: ScrapeJob, address: string): Labels {
  const groups = config.discovery.flatMap((mechanism) => (mechanism.kind === 'static' ? mechanism.groups : []));
  const group = groups.find(({ targets }) => targets.some((target) => getLabel(target, '__address__') === address));
  const none = { source: 'test', targets: [], labels: labelsFromRecord({}) };
  return discoveredLabels(config, group ?? groups.at(0) ?? none, labelsFromRecord({ __address__: address }));
}

function targetAt(config: ScrapeJob, discovered: Labels): Target {
  const result = makeTarget(config, discovered);
  switch (result.kind) {
    case 'target':
      return result.target;
    case 'dropped':
      throw new ScrapeError('other', 'the relabelling rules of the job drop this target');
    case 'invalid':
      throw new ScrapeError('other', result.message);
  }
}

function examine(body: Uint8Array, format: BodyFormat, target: Labels, config: ScrapeJob): Found {
  const reader = createReader(format, readerOptions(config));
  const parsed = reader.read(body);
  const metadata = new Map(parsed.metadata.map((entry) => [entry.family, entry]));
  const metrics = new Map<string, TestMetric>();
  let series = 0;
  const joined: Labels[] = [];
  for (let i = 0; i < parsed.count; i++) {
    const exposed = reader.labelsOf(i);
    joined.push(joinedLabels(exposed, target, config));
    const labels = sampleLabels(exposed, target, config);
    if (labels === null) continue;
    series++;
    const metric = getLabel(labels, METRIC_NAME);
    const family = familyOf(metric, metadata);
    const name = family?.family ?? metric;
    const before = metrics.get(name);
    metrics.set(name, {
      name,
      type: family?.type ?? 'unknown',
      help: family?.help ?? '',
      series: (before?.series ?? 0) + 1,
      value: before === undefined ? parsed.values[i] : null,
    });
  }
  if (config.sampleLimit > 0 && series > config.sampleLimit) throw new ScrapeError('limit', 'sample limit exceeded');
  const steps = seriesSteps(joined, config.metricRelabelConfigs, config.metricNameValidationScheme);
  const notes = format === 'json' ? emptyRules(body, config) : notesOf(metrics, metadata);
  return {
    format,
    series,
    metrics: [...metrics.values()],
    notes: format === 'influx' ? [] : notes,
    seriesSteps: steps,
  };
}

function notesOf(metrics: ReadonlyMap<string, TestMetric>, metadata: ReadonlyMap<string, MetricMetadata>): TestNote[] {
  const notes: TestNote[] = [];
  const all = [...metrics.values()];
  const noHelp = all.filter((metric) => metric.help === '');
  const noType = all.filter((metric) => metric.type === 'unknown' && !metadata.has(metric.name));
  if (noHelp.length > 0) notes.push({ kind: 'missing-help', metric: noHelp[0].name, more: noHelp.length - 1 });
  if (noType.length > 0) notes.push({ kind: 'missing-type', metric: noType[0].name, more: noType.length - 1 });
  return notes;
}

/** JSON says no types and needs none; but a rule that finds nothing is hardly what was meant. */
function emptyRules(body: Uint8Array, config: ScrapeJob): TestNote[] {
  const { jsonRules } = config.own;
  return jsonRules.flatMap((rule, i): TestNote[] => {
    const reader = createReader('json', { ...readerOptions(config), jsonRules: [rule] });
    return reader.read(body).count === 0 ? [{ kind: 'empty-rule', rule: i }] : [];
  });
}
