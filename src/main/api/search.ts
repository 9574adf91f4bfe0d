import type { MetricMetadata } from '#shared/model/index.ts';
import type { Endpoint } from './context.ts';
import { ApiError, badParameter } from './errors.ts';
import { bytesResponse, type ApiResponse } from './response.ts';
import { jaroWinkler, subsequence, type Score } from './search-score.ts';
import { selection } from './series.ts';
import type { Parameters } from './parameters.ts';

const DEFAULT_LIMIT = 100;
const MOST = 10_000;

interface Found {
  readonly text: string;
  readonly score: number;
}

interface Settings {
  readonly terms: readonly string[];
  readonly score: Score;
  /** From 0 to 1: what matches less is left out. */
  readonly threshold: number;
  readonly caseSensitive: boolean;
  readonly sort: 'natural' | 'alpha' | 'score';
  readonly descending: boolean;
  readonly withScore: boolean;
  readonly limit: number;
  readonly batch: number;
}

function truth(parameters: Parameters, name: string, absent: boolean): boolean {
  const text = parameters.text(name);
  if (text === '') return absent;
  if (/^(?:1|t|T|true|True|TRUE)$/.test(text)) return true;
  if (/^(?:0|f|F|false|False|FALSE)$/.test(text)) return false;
  throw badParameter(name, `${name} must be true or false, not ${JSON.stringify(text)}`);
}

function count(parameters: Parameters, name: string, absent: number, least: number, most: number): number {
  const text = parameters.text(name);
  if (text === '') return absent;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw badParameter(name, `${name} must be a whole number from ${least} to ${most}`);
}

function oneOf<T extends string>(parameters: Parameters, name: string, known: readonly T[], absent: T): T {
  const text = parameters.text(name);
  if (text === '') return absent;
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw badParameter(name, `${name} must be ${known.join(' or ')}, not ${JSON.stringify(text)}`);
}

function settingsOf(parameters: Parameters): Settings {
  const caseSensitive = truth(parameters, 'case_sensitive', true);
  const sort = oneOf<Settings['sort']>(parameters, 'sort_by', ['alpha', 'score'], 'natural');
  if (parameters.text('sort_dir') !== '' && sort !== 'alpha')
    throw badParameter('sort_dir', 'sort_dir is only valid with sort_by=alpha');
  const algorithm = oneOf(parameters, 'fuzz_alg', ['subsequence', 'jarowinkler'], 'subsequence');
  const terms = parameters.all('search[]').filter((term) => term !== '');
  return {
    terms: caseSensitive ? terms : terms.map((term) => term.toLowerCase()),
    score: algorithm === 'jarowinkler' ? jaroWinkler : subsequence,
    threshold: count(parameters, 'fuzz_threshold', 0, 0, 100) / 100,
    caseSensitive,
    sort,
    descending: oneOf(parameters, 'sort_dir', ['asc', 'dsc'], 'asc') === 'dsc',
    withScore: truth(parameters, 'include_score', false),
    limit: count(parameters, 'limit', DEFAULT_LIMIT, 1, MOST),
    batch: count(parameters, 'batch_size', DEFAULT_LIMIT, 1, MOST),
  };
}

/** The texts that match one of the terms at least as well as asked; all of them where nothing is searched for. */
function search(texts: readonly string[], settings: Settings): Found[] {
  const { terms, score, threshold, caseSensitive, sort, descending } = settings;
  const found: Found[] = [];
  for (const text of texts) {
    const compared = caseSensitive ? text : text.toLowerCase();
    const best = terms.length === 0 ? 1 : Math.max(...terms.map((term) => score(compared, term)));
    // The whole term inside is a match whatever the threshold.
    if (
      terms.length === 0 ||
      best >= Math.max(threshold, Number.EPSILON) ||
      terms.some((term) => compared.includes(term))
    )
      found.push({ text, score: best });
  }
  const alphabetic = (a: Found, b: Found): number => (a.text < b.text ? -1 : 1);
  if (sort === 'score') found.sort((a, b) => b.score - a.score || alphabetic(a, b));
  if (sort === 'alpha') found.sort(descending ? (a, b) => alphabetic(b, a) : alphabetic);
  return found;
}

/** Lines of JSON: results in batches, then how it ended. */
function answer(settings: Settings, found: readonly Found[], record: (text: string) => object): ApiResponse {
  const shown = found.slice(0, settings.limit);
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += settings.batch) {
    const results = shown
      .slice(at, at + settings.batch)
      .map(({ text, score }) => ({ ...record(text), ...(settings.withScore ? { score } : {}) }));
    lines.push(JSON.stringify({ results }));
  }
  lines.push(JSON.stringify({ status: 'success', has_more: shown.length < found.length }));
  const body = Buffer.from(`${lines.join('\n')}\n`);
  return bytesResponse(200, 'application/x-ndjson', [body]);
}

export const searchMetricNames: Endpoint = async ({ api, parameters, signal }) => {
  const settings = settingsOf(parameters);
  const withMetadata = truth(parameters, 'include_metadata', false);
  const asked = { ...selection(parameters), name: '__name__', limit: undefined };
  const { values } = await api.core.request('labels.values', asked, { signal });
  const found = search(values, settings);
  if (!withMetadata) return answer(settings, found, (name) => ({ name }));
  const { metadata } = await api.core.request('metadata.list', { source: 'local' }, { signal });
  return answer(settings, found, (name) => ({ name, ...described(metadata, name) }));
};

/** What is known of a metric; parts of a histogram or summary are known by their family's name. */
function described(
  metadata: Readonly<Record<string, readonly MetricMetadata[]>>,
  name: string,
): Partial<Pick<MetricMetadata, 'type' | 'help' | 'unit'>> {
  for (const family of [name, name.replace(/_(?:total|bucket|count|sum|created)$/, '')]) {
    const [entry] = Object.hasOwn(metadata, family) ? metadata[family] : [];
    if (entry === undefined) continue;
    const { type, help, unit } = entry;
    return unit === '' ? { type, help } : { type, help, unit };
  }
  return {};
}

export const searchLabelNames: Endpoint = async ({ api, parameters, signal }) => {
  const settings = settingsOf(parameters);
  const asked = { ...selection(parameters), limit: undefined };
  const { names } = await api.core.request('labels.names', asked, { signal });
  return answer(settings, search(names, settings), (name) => ({ name }));
};

export const searchLabelValues: Endpoint = async ({ api, parameters, signal }) => {
  const name = parameters.text('label');
  if (name === '') throw new ApiError('bad_data', 'no label parameter provided');
  const settings = settingsOf(parameters);
  const asked = { ...selection(parameters), name, limit: undefined };
  const { values } = await api.core.request('labels.values', asked, { signal });
  return answer(settings, search(values, settings), (value) => ({ value }));
};
