import type { Endpoint } from './context.ts';
import { ApiError } from './errors.ts';
import { MAX_TIME, MIN_TIME } from './parameters.ts';
import { selectorsOf } from './series.ts';

function requireAdmin(enabled: boolean): void {
  if (!enabled) throw new ApiError('unavailable', 'admin APIs disabled');
}

export const deleteSeries: Endpoint = async ({ api, parameters, response, signal }) => {
  requireAdmin(api.enableAdmin);
  const selectors = selectorsOf(parameters);
  if (selectors.length === 0) throw new ApiError('bad_data', 'no match[] parameter provided');
  const start = parameters.time('start', MIN_TIME);
  const end = parameters.time('end', MAX_TIME);
  await api.core.request('admin.deleteSeries', { selectors, start, end }, { signal });
  response.writeHead(204).end();
};

export const cleanTombstones: Endpoint = async ({ api, response, signal }) => {
  requireAdmin(api.enableAdmin);
  await api.core.request('admin.cleanTombstones', {}, { signal });
  response.writeHead(204).end();
};
