import { quoteGo } from '#shared/model/index.ts';
import type { Endpoint } from './context.ts';
import { ApiError, badParameter } from './errors.ts';
import { dataResponse } from './response.ts';

const TYPES: ReadonlySet<string> = new Set(['', 'alert', 'record']);

/** `/api/v1/rules`: those that run, and none do: rule files are checked and not evaluated. */
export const rules: Endpoint = async ({ parameters }) => {
  const type = parameters.text('type').toLowerCase();
  if (!TYPES.has(type)) throw new ApiError('bad_data', `not supported value ${quoteGo(type)}`);
  if (parameters.text('group_next_token') !== '' && parameters.text('group_limit') === '')
    throw badParameter('group_limit', 'group_limit needs to be provided in order to paginate over the groups');
  return dataResponse((out) => out.value({ groups: [] }));
};

export const alerts: Endpoint = () => dataResponse((out) => out.value({ alerts: [] }));

/** Those that alerts are sent to: none, as long as there are no alerts. */
export const alertmanagers: Endpoint = () =>
  dataResponse((out) => out.value({ activeAlertmanagers: [], droppedAlertmanagers: [] }));
