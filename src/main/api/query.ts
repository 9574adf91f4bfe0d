import type { MethodParams } from '#shared/contract/index.ts';
import type { Call, Endpoint } from './context.ts';
import { ApiError, badParameter } from './errors.ts';
import { bytesResponse, type ApiResponse } from './response.ts';

/** Points of one series that an answer may have at most. */
const MAX_POINTS = 11_000;
/** Characters of an expression, as over the wire. */
const MAX_EXPR = 1_000_000;

/** What the answer is to be like, whatever the query. */
function formOf({ parameters }: Call): Pick<MethodParams<'query.body'>, 'limit' | 'stats'> {
  const stats = parameters.text('stats');
  return { limit: parameters.limit(), stats: stats === '' ? 'none' : stats === 'all' ? 'all' : 'sums' };
}

async function answer({ api, signal }: Call, params: MethodParams<'query.body'>): Promise<ApiResponse> {
  if (params.expr.length > MAX_EXPR) throw badParameter('query', 'the expression is too long');
  const { body } = await api.core.request('query.body', params, { signal });
  return bytesResponse(200, 'application/json', body);
}

export const instantQuery: Endpoint = (call) => {
  const { parameters, api } = call;
  const form = formOf(call);
  const time = parameters.time('time', api.now());
  const timeout = parameters.duration('timeout');
  const lookback = lookbackOf(call);
  const tiers = tiersOf(call);
  const expr = parameters.text('query');
  const when = { instant: true, start: time, end: time, step: 1 };
  return answer(call, { source: 'local', expr, ...when, timeout, lookback, tiers, ...form });
};

export const rangeQuery: Endpoint = (call) => {
  const { parameters } = call;
  const form = formOf(call);
  const start = parameters.requiredTime('start');
  const end = parameters.requiredTime('end');
  if (end < start) throw badParameter('end', 'end timestamp must not be before start time');
  const step = parameters.requiredDuration('step');
  if (step <= 0)
    throw badParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (Math.floor((end - start) / step) > MAX_POINTS)
    throw new ApiError(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  const timeout = parameters.duration('timeout');
  const lookback = lookbackOf(call);
  const tiers = tiersOf(call);
  const expr = parameters.text('query');
  return answer(call, { source: 'local', expr, instant: false, start, end, step, timeout, lookback, tiers, ...form });
};

/** Hearth's own parameter: whether downsampled tiers may answer. */
function tiersOf({ parameters }: Call): boolean | undefined {
  const text = parameters.text('tiers');
  switch (text) {
    case '':
      return undefined;
    case 'true':
    case 'false':
      return text === 'true';
    default:
      throw badParameter('tiers', `must be true or false, not ${JSON.stringify(text)}`);
  }
}

function lookbackOf({ parameters }: Call): number | undefined {
  try {
    return parameters.duration('lookback_delta');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError('bad_data', `error parsing lookback delta duration: ${error.message}`);
  }
}
