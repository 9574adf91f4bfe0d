import { formatTimestamp, formatValue, writeLabels } from '#main/json/index.ts';
import { PromqlParseError, parseExpr } from '#shared/promql/index.ts';
import type { Endpoint } from './context.ts';
import { ApiError } from './errors.ts';
import { MAX_TIME, MIN_TIME } from './parameters.ts';
import { dataResponse } from './response.ts';

/** `/api/v1/query_exemplars`: the exemplars behind a query, by series. */
export const queryExemplars: Endpoint = async ({ api, parameters, signal }) => {
  const start = parameters.time('start', MIN_TIME);
  const end = parameters.time('end', MAX_TIME);
  if (end < start) throw new ApiError('bad_data', 'end timestamp must not be before start timestamp');
  const expr = parameters.text('query');
  try {
    // Checked here, since this endpoint says what is wrong without naming the parameter.
    parseExpr(expr, api.parserOptions);
  } catch (error) {
    if (error instanceof PromqlParseError) throw new ApiError('bad_data', error.located);
    throw error;
  }
  const { series } = await api.core.request('exemplars.list', { source: 'local', expr, start, end }, { signal });
  return dataResponse((out) => {
    out.ascii('[');
    for (const [i, { labels, exemplars }] of series.entries()) {
      out.ascii(i > 0 ? ',{"seriesLabels":' : '{"seriesLabels":');
      writeLabels(out, labels);
      out.ascii(',"exemplars":[');
      for (const [k, exemplar] of exemplars.entries()) {
        out.ascii(k > 0 ? ',{"labels":' : '{"labels":');
        writeLabels(out, exemplar.labels);
        out.ascii(`,"value":"${formatValue(exemplar.value)}","timestamp":${formatTimestamp(exemplar.time)}}`);
      }
      out.ascii(']}');
    }
    out.ascii(']');
  });
};
