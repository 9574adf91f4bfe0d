import { quoteGo } from '#shared/model/index.ts';
import type { Endpoint } from './context.ts';
import { ApiError, badParameter } from './errors.ts';
import { MAX_TIME, MIN_TIME } from './parameters.ts';
import { dataResponse, NO_CONTENT } from './response.ts';
import { selectorsOf } from './series.ts';

function requireAdmin(enabled: boolean): void {
  if (!enabled) throw new ApiError('unavailable', 'admin APIs disabled');
}

export const deleteSeries: Endpoint = async ({ api, parameters, signal }) => {
  requireAdmin(api.enableAdmin);
  const selectors = selectorsOf(parameters);
  if (selectors.length === 0) throw new ApiError('bad_data', 'no match[] parameter provided');
  const start = parameters.time('start', MIN_TIME);
  const end = parameters.time('end', MAX_TIME);
  await api.core.request('admin.deleteSeries', { selectors, start, end }, { signal });
  return NO_CONTENT;
};

export const cleanTombstones: Endpoint = async ({ api, signal }) => {
  requireAdmin(api.enableAdmin);
  await api.core.request('admin.cleanTombstones', {}, { signal });
  return NO_CONTENT;
};

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

export const snapshot: Endpoint = async ({ api, parameters, signal }) => {
  requireAdmin(api.enableAdmin);
  const text = parameters.text('skip_head');
  if (text !== '' && !TRUE.has(text) && !FALSE.has(text))
    throw badParameter(
      'skip_head',
      `unable to parse boolean: strconv.ParseBool: parsing ${quoteGo(text)}: invalid syntax`,
    );
  const { name } = await api.core.request('admin.snapshot', { skipHead: TRUE.has(text) }, { signal });
  return dataResponse((out) => out.value({ name }));
};
