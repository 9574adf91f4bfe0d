import { cleanTombstones, deleteSeries, snapshot } from './admin.ts';
import type { Endpoint } from './context.ts';
import { queryExemplars } from './exemplars.ts';
import { exportText } from './export.ts';
import { importOffset, importText } from './import.ts';
import { healthy, ownMetrics, quit, ready, reload } from './management.ts';
import { formatQuery, parseQuery } from './promql.ts';
import { instantQuery, rangeQuery } from './query.ts';
import { labelNames, labelValues, metadata, seriesList } from './series.ts';
import { alertmanagers, alerts, rules } from './rules.ts';
import {
  buildInfo,
  config,
  features,
  flags,
  notifications,
  runtimeInfo,
  store,
  tsdb,
  tsdbBlocks,
  walReplay,
} from './status.ts';
import { selfMetrics } from './self-metrics.ts';
import { remoteWrite } from './remote-write.ts';
import { searchLabelNames, searchLabelValues, searchMetricNames } from './search.ts';
import { relabelSteps, scrapePoolConfig, scrapePools, targetMetadata, targets } from './targets.ts';

interface Route {
  readonly methods: readonly string[];
  readonly endpoint: Endpoint;
}

const GET = ['GET', 'HEAD'];
const GET_OR_FORM = ['GET', 'HEAD', 'POST'];
const CHANGE = ['POST', 'PUT'];

/** All paths; `*` is one variable segment. */
export const routes: Readonly<Record<string, Route>> = {
  '/api/v1/query': { methods: GET_OR_FORM, endpoint: instantQuery },
  '/api/v1/query_range': { methods: GET_OR_FORM, endpoint: rangeQuery },
  '/api/v1/query_exemplars': { methods: GET_OR_FORM, endpoint: queryExemplars },
  '/api/v1/format_query': { methods: GET_OR_FORM, endpoint: formatQuery },
  '/api/v1/parse_query': { methods: GET_OR_FORM, endpoint: parseQuery },
  '/api/v1/labels': { methods: GET_OR_FORM, endpoint: labelNames },
  '/api/v1/label/*/values': { methods: GET, endpoint: labelValues },
  '/api/v1/series': { methods: GET_OR_FORM, endpoint: seriesList },
  '/api/v1/search/metric_names': { methods: GET_OR_FORM, endpoint: searchMetricNames },
  '/api/v1/search/label_names': { methods: GET_OR_FORM, endpoint: searchLabelNames },
  '/api/v1/search/label_values': { methods: GET_OR_FORM, endpoint: searchLabelValues },
  '/api/v1/metadata': { methods: GET, endpoint: metadata },
  '/api/v1/targets': { methods: GET, endpoint: targets },
  '/api/v1/targets/relabel_steps': { methods: GET, endpoint: relabelSteps },
  '/api/v1/targets/metadata': { methods: GET, endpoint: targetMetadata },
  '/api/v1/scrape_pools': { methods: GET, endpoint: scrapePools },
  '/api/v1/scrape_pools/config': { methods: GET, endpoint: scrapePoolConfig },
  '/api/v1/status/buildinfo': { methods: GET, endpoint: buildInfo },
  '/api/v1/status/config': { methods: GET, endpoint: config },
  '/api/v1/status/flags': { methods: GET, endpoint: flags },
  '/api/v1/status/runtimeinfo': { methods: GET, endpoint: runtimeInfo },
  '/api/v1/status/tsdb': { methods: GET, endpoint: tsdb },
  '/api/v1/status/store': { methods: GET, endpoint: store },
  '/api/v1/status/tsdb/blocks': { methods: GET, endpoint: tsdbBlocks },
  '/api/v1/status/walreplay': { methods: GET, endpoint: walReplay },
  '/api/v1/rules': { methods: GET, endpoint: rules },
  '/api/v1/alerts': { methods: GET, endpoint: alerts },
  '/api/v1/alertmanagers': { methods: GET, endpoint: alertmanagers },
  '/api/v1/notifications': { methods: GET, endpoint: notifications },
  '/api/v1/features': { methods: GET, endpoint: features },
  '/api/v1/status/self_metrics': { methods: GET, endpoint: selfMetrics },
  '/api/v1/admin/tsdb/delete_series': { methods: CHANGE, endpoint: deleteSeries },
  '/api/v1/admin/tsdb/clean_tombstones': { methods: CHANGE, endpoint: cleanTombstones },
  '/api/v1/import/prometheus': { methods: CHANGE, endpoint: importText },
  '/api/v1/write': { methods: ['POST'], endpoint: remoteWrite },
  '/api/v1/export/openmetrics': { methods: GET_OR_FORM, endpoint: exportText },
  '/api/v1/import/offset': { methods: GET, endpoint: importOffset },
  '/api/v1/admin/tsdb/snapshot': { methods: CHANGE, endpoint: snapshot },
  '/-/healthy': { methods: GET, endpoint: healthy },
  '/-/ready': { methods: GET, endpoint: ready },
  '/-/reload': { methods: CHANGE, endpoint: reload },
  '/-/quit': { methods: CHANGE, endpoint: quit },
  '/metrics': { methods: GET, endpoint: ownMetrics },
};

export interface RouteMatch {
  readonly route: Route;
  readonly segment: string;
}

/** @returns null where the path is none of the API's */
export function findRoute(path: string): RouteMatch | null {
  if (Object.hasOwn(routes, path)) return { route: routes[path], segment: '' };
  const match = /^(\/api\/v1\/label\/)([^/]+)(\/values)$/.exec(path);
  if (match === null) return null;
  let segment: string;
  try {
    segment = decodeURIComponent(match[2]);
  } catch {
    return null;
  }
  return { route: routes['/api/v1/label/*/values'], segment };
}
