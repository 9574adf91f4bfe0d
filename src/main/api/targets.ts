import type { TargetView } from '#shared/contract/index.ts';
import { formatDuration, labelsToRecord } from '#shared/model/index.ts';
import type { Endpoint } from './context.ts';
import { sendData } from './respond.ts';

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

export const targets: Endpoint = async ({ api, parameters, request, response, signal }) => {
  const state = parameters.text('state').toLowerCase();
  const pool = parameters.text('scrapePool');
  const view = await api.core.request('targets.list', {}, { signal });
  const showActive = state === '' || state === 'any' || state === 'active';
  const showDropped = state === '' || state === 'any' || state === 'dropped';
  const active = view.active
    .filter((target) => showActive && (pool === '' || target.job === pool))
    .sort((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : 0))
    .map(activeTarget);
  const counts = showDropped
    ? Object.fromEntries(Object.entries(view.droppedByJob).filter(([job]) => pool === '' || job === pool))
    : null;
  const data = { activeTargets: active, droppedTargets: [], droppedTargetCounts: counts };
  await sendData(request, response, (out) => out.value(data));
};

export const scrapePools: Endpoint = async ({ api, request, response, signal }) => {
  const view = await api.core.request('targets.list', {}, { signal });
  const names = new Set([...view.active.map((target) => target.job), ...Object.keys(view.droppedByJob)]);
  await sendData(request, response, (out) => out.value({ scrapePools: [...names].sort() }));
};
