import { HearthError, type TargetView } from '#shared/contract/index.ts';
import { formatDuration, labelsFromRecord, labelsToRecord, type Labels } from '#shared/model/index.ts';
import type { Endpoint } from './context.ts';
import { ApiError } from './errors.ts';
import { dataResponse } from './response.ts';
import { checkSelector } from './series.ts';

const NEVER = '0001-01-01T00:00:00Z';

/** Prometheus knows three states; a paused target has not been scraped. */
const HEALTH: Readonly<Record<TargetView['health'], string>> = {
  up: 'up',
  down: 'down',
  unknown: 'unknown',
  paused: 'unknown',
};

function activeTarget(target: TargetView): unknown {
  return {
    discoveredLabels: labelsToRecord(target.discoveredLabels),
    labels: labelsToRecord(target.labels),
    scrapePool: target.job,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: target.lastError?.message ?? '',
    lastScrape: target.lastScrape === null ? NEVER : new Date(target.lastScrape).toISOString(),
    lastScrapeDuration: (target.lastDuration ?? 0) / 1000,
    health: HEALTH[target.health],
    scrapeInterval: formatDuration(target.interval),
    scrapeTimeout: formatDuration(target.timeout),
  };
}

export const targets: Endpoint = async ({ api, parameters, signal }) => {
  const state = parameters.text('state').toLowerCase();
  const pool = parameters.text('scrapePool');
  const view = await api.core.request('targets.list', {}, { signal });
  const showActive = state === '' || state === 'any' || state === 'active';
  const showDropped = state === '' || state === 'any' || state === 'dropped';
  const active = view.active
    .filter((target) => showActive && (pool === '' || target.job === pool))
    .sort((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : 0))
    .map(activeTarget);
  // Of all pools, whichever was asked for.
  const counts = showDropped ? view.droppedByJob : {};
  const { dropped } = showDropped ? await api.core.request('targets.dropped', {}, { signal }) : { dropped: [] };
  const droppedTargets = dropped
    .filter(({ job }) => pool === '' || job === pool)
    .map(({ job, discovered }) => ({ discoveredLabels: labelsToRecord(discovered), scrapePool: job }));
  const data = { activeTargets: active, droppedTargets, droppedTargetCounts: counts };
  return dataResponse((out) => out.value(data));
};

export const scrapePools: Endpoint = async ({ api, signal }) => {
  const view = await api.core.request('targets.list', {}, { signal });
  const names = new Set([...view.active.map((target) => target.job), ...Object.keys(view.droppedByJob)]);
  return dataResponse((out) => out.value({ scrapePools: [...names].sort() }));
};

export const scrapePoolConfig: Endpoint = async ({ api, parameters, signal }) => {
  const job = parameters.text('scrapePool');
  if (job === '') throw new ApiError('bad_data', 'no scrapePool parameter provided');
  let yaml: string;
  try {
    ({ yaml } = await api.core.request('status.poolConfig', { job }, { signal }));
  } catch (error) {
    if (!(error instanceof HearthError) || error.detail.kind !== 'not-found') throw error;
    throw new ApiError('bad_data', `error retrieving scrape config: scrape pool not found: ${job}`);
  }
  return dataResponse((out) => out.value({ yaml }));
};

/** What targets say of their metrics; the metric is named only where not one alone was asked for. */
export const targetMetadata: Endpoint = async ({ api, parameters, signal }) => {
  const limit = parameters.text('limit');
  if (limit !== '' && !/^[+-]?\d+$/.test(limit)) throw new ApiError('bad_data', 'limit must be a number');
  const selector = parameters.text('match_target');
  if (selector !== '') checkSelector('match_target', selector);
  const family = parameters.text('metric') || undefined;
  const asked = { selector, family, ...(Number(limit) < 0 || limit === '' ? {} : { limit: Number(limit) }) };
  const { entries } = await api.core.request('targets.metadata', asked, { signal });
  const data = entries.map(({ target, family: metric, type, help, unit }) => ({
    target: labelsToRecord(target),
    ...(family === undefined ? { metric } : {}),
    type,
    help,
    unit,
  }));
  return dataResponse((out) => out.value(data));
};

/** What each relabelling rule of a pool does to a label set. */
export const relabelSteps: Endpoint = async ({ api, parameters, signal }) => {
  const job = parameters.text('scrapePool');
  if (job === '') throw new ApiError('bad_data', 'no scrapePool parameter provided');
  const discovered = readLabels(parameters.text('labels'));
  const { steps } = await api.core.request('targets.relabel', { job, discovered }, { signal });
  const data = steps.map(({ rule, after }) => {
    const { action, sourceLabels, separator, regex, modulus, targetLabel, replacement } = rule;
    return {
      rule: {
        ...(sourceLabels.length > 0 ? { sourceLabels } : {}),
        separator,
        regex,
        ...(modulus === null ? {} : { modulus: Number(modulus) }),
        ...(targetLabel === null ? {} : { targetLabel }),
        replacement,
        action,
      },
      output: after === null ? {} : labelsToRecord(after),
      keep: after !== null,
    };
  });
  return dataResponse((out) => out.value({ steps: data }));
};

/** @throws ApiError when the text is no JSON object of texts */
function readLabels(text: string): Labels {
  if (text === '') throw new ApiError('bad_data', 'no labels parameter provided');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiError('bad_data', 'labels must be a JSON object');
  const entries = Object.entries(value);
  if (entries.some(([, each]) => typeof each !== 'string'))
    throw new ApiError('bad_data', 'labels must be a JSON object of texts');
  return labelsFromRecord(Object.fromEntries(entries) as Record<string, string>);
}
