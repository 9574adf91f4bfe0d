import type { QueryResult, QueryStats } from '#shared/contract/index.ts';
import type { Call, Endpoint } from './context.ts';
import { ApiError, badParameter } from './errors.ts';
import { limitSeries, writeQueryValue } from './query-json.ts';
import { sendData } from './respond.ts';

/** Points of one series that an answer may have at most. */
const MAX_POINTS = 11_000;

function writeStats(stats: QueryStats): string {
  const seconds = stats.evalMillis / 1000;
  return JSON.stringify({
    timings: {
      evalTotalTime: seconds,
      resultSortTime: 0,
      queryPreparationTime: 0,
      innerEvalTime: seconds,
      execQueueTime: 0,
      execTotalTime: seconds,
    },
    samples: { totalQueryableSamples: stats.samplesRead, peakSamples: stats.samplesRead },
  });
}

function answer(call: Call, full: QueryResult, limit: number): Promise<void> {
  const { result, truncated } = limitSeries(full, limit);
  const warnings = truncated ? [...result.warnings, 'results truncated due to limit'] : result.warnings;
  return sendData(
    call.request,
    call.response,
    (out) => {
      out.ascii('{');
      writeQueryValue(out, result);
      if (call.parameters.text('stats') !== '') out.ascii(`,"stats":${writeStats(result.stats)}`);
      out.ascii('}');
    },
    { warnings, infos: result.infos },
  );
}

export const instantQuery: Endpoint = async (call) => {
  const { parameters, api, signal } = call;
  const limit = parameters.limit();
  const time = parameters.time('time', api.now());
  const timeout = parameters.duration('timeout');
  const lookback = lookbackOf(call);
  const expr = parameters.text('query');
  const result = await api.core.request(
    'query.instant',
    { source: 'local', expr, time, timeout, lookback },
    { signal },
  );
  await answer(call, result, limit);
};

export const rangeQuery: Endpoint = async (call) => {
  const { parameters, api, signal } = call;
  const limit = parameters.limit();
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
  const expr = parameters.text('query');
  const result = await api.core.request(
    'query.range',
    { source: 'local', expr, start, end, step, timeout, lookback },
    { signal },
  );
  await answer(call, result, limit);
};

function lookbackOf({ parameters }: Call): number | undefined {
  try {
    return parameters.duration('lookback_delta');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError('bad_data', `error parsing lookback delta duration: ${error.message}`);
  }
}
