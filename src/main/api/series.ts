import { compileMatcher, isLegacyLabelName, type Matcher } from '#shared/model/index.ts';
import { parseSelector, PromqlParseError } from '#shared/promql/index.ts';
import type { Endpoint } from './context.ts';
import { ApiError, badParameter } from './errors.ts';
import { MAX_TIME, MIN_TIME, type Parameters } from './parameters.ts';
import { writeLabels, type Notes } from '#main/json/index.ts';
import { dataResponse } from './response.ts';

/** The selectors of `match[]`, checked. */
export function selectorsOf(parameters: Parameters): readonly string[] {
  const texts = parameters.all('match[]');
  for (const text of texts) {
    const matchers = checkSelector('match[]', text);
    if (matchers.every((matcher) => compileMatcher(matcher).matches('')))
      throw badParameter('match[]', 'match[] must contain at least one non-empty matcher');
  }
  return texts;
}

/** The matchers of one selector. @throws ApiError that names the parameter when it does not parse */
export function checkSelector(name: string, text: string): readonly Matcher[] {
  try {
    return parseSelector(text);
  } catch (error) {
    if (error instanceof PromqlParseError) throw badParameter(name, error.located);
    throw error;
  }
}

/** What `match[]`, `start`, `end` and `limit` ask for. */
export function selection(parameters: Parameters): {
  source: 'local';
  selectors: readonly string[];
  start: number;
  end: number;
  limit: number | undefined;
} {
  const limit = parameters.limit();
  const start = parameters.time('start', MIN_TIME);
  const end = parameters.time('end', MAX_TIME);
  return { source: 'local', selectors: selectorsOf(parameters), start, end, limit: limit === 0 ? undefined : limit };
}

function notesOf(truncated: boolean): Notes {
  return truncated ? { warnings: ['results truncated due to limit'] } : {};
}

export const labelNames: Endpoint = async ({ api, parameters, signal }) => {
  const { names, truncated } = await api.core.request('labels.names', selection(parameters), { signal });
  return dataResponse((out) => out.value(names), notesOf(truncated));
};

/** Undoes the escaping that keeps any name usable in a path: `U__` first, `_xHEX_` or `__` inside. */
function unescapeName(name: string): string {
  if (!name.startsWith('U__')) return name;
  let out = '';
  const rest = name.slice(3);
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] !== '_') {
      out += rest[i];
      continue;
    }
    if (rest[i + 1] === '_') {
      out += '_';
      i++;
      continue;
    }
    const end = rest.indexOf('_', i + 1);
    const code = end < 0 ? Number.NaN : Number.parseInt(rest.slice(i + 1, end), 16);
    if (!/^[0-9a-fA-F]{1,6}$/.test(rest.slice(i + 1, end)) || code > 0x10ffff) return name;
    out += String.fromCodePoint(code);
    i = end;
  }
  return out;
}

export const labelValues: Endpoint = async ({ api, parameters, signal, segment }) => {
  const name = unescapeName(segment);
  if (name === '' || (!name.isWellFormed() && !isLegacyLabelName(name)))
    throw new ApiError('bad_data', `invalid label name: ${JSON.stringify(name)}`);
  const params = { ...selection(parameters), name };
  const { values, truncated } = await api.core.request('labels.values', params, { signal });
  return dataResponse((out) => out.value(values), notesOf(truncated));
};

export const seriesList: Endpoint = async ({ api, parameters, signal }) => {
  const params = selection(parameters);
  if (params.selectors.length === 0) throw new ApiError('bad_data', 'no match[] parameter provided');
  const { series, truncated } = await api.core.request('series.list', params, { signal });
  return dataResponse((out) => {
    out.ascii('[');
    for (const [i, labels] of series.entries()) {
      if (i > 0) out.ascii(',');
      writeLabels(out, labels);
    }
    out.ascii(']');
  }, notesOf(truncated));
};

/** Prometheus calls the type of what is untyped `unknown`. */
export const metadata: Endpoint = async ({ api, parameters, signal }) => {
  const limit = parameters.metadataLimit('limit');
  const perMetric = parameters.metadataLimit('limit_per_metric');
  const family = parameters.text('metric') || undefined;
  const result = await api.core.request('metadata.list', { source: 'local', family }, { signal });
  const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let count = 0;
  for (const [name, entries] of Object.entries(result.metadata)) {
    if (count >= limit) break;
    count++;
    data[name] = entries.slice(0, perMetric).map(({ type, help, unit }) => ({ type, help, unit }));
  }
  return dataResponse((out) => out.value(data));
};
