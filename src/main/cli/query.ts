import { formatSeries, labelsFromRecord } from '#shared/model/index.ts';
import { readArguments } from './arguments.ts';
import { FAILED, OK, USAGE, type CommandIo } from './io.ts';

type Sample = readonly [time: number, value: string];

interface SeriesJson {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Sample;
  readonly values?: readonly Sample[];
  readonly histogram?: readonly [time: number, histogram: object];
  readonly histograms?: readonly (readonly [time: number, histogram: object])[];
}

type Answer =
  | { readonly status: 'success'; readonly data: unknown; readonly warnings?: readonly string[] }
  | { readonly status: 'error'; readonly errorType: string; readonly error: string };

const FORMS = `hearth query instant SERVER EXPR [--time=T]
hearth query range SERVER EXPR [--start=T] [--end=T] [--step=D]
hearth query series SERVER --match=SELECTOR... [--start=T] [--end=T]
hearth query labels SERVER NAME [--match=SELECTOR...] [--start=T] [--end=T]`;

async function ask(io: CommandIo, server: string, path: string, form: URLSearchParams | null): Promise<Answer> {
  const withScheme = /^https?:\/\//.test(server) ? server : `http://${server}`;
  const url = new URL(`${withScheme.replace(/\/$/, '')}${path}`);
  const response = await io.fetch(url, form === null ? { method: 'GET' } : { method: 'POST', body: form });
  const text = await response.text();
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return { status: 'error', errorType: 'http', error: `${response.status} ${text.slice(0, 200).trim()}` };
  }
}

function printSeries(io: CommandIo, type: string, result: unknown): void {
  if (type === 'scalar' || type === 'string') {
    const [time, value] = result as Sample;
    io.out(`${type}: ${value} @[${time}]`);
    return;
  }
  for (const { metric, value, values, histogram, histograms } of result as readonly SeriesJson[]) {
    const name = formatSeries(labelsFromRecord(metric));
    if (value !== undefined) io.out(`${name} => ${value[1]} @[${value[0]}]`);
    if (histogram !== undefined) io.out(`${name} => ${JSON.stringify(histogram[1])} @[${histogram[0]}]`);
    if (values === undefined && histograms === undefined) continue;
    io.out(`${name} =>`);
    for (const [time, text] of values ?? []) io.out(`${text} @[${time}]`);
    for (const [time, one] of histograms ?? []) io.out(`${JSON.stringify(one)} @[${time}]`);
  }
}

/** `query instant|range|series|labels SERVER ...`: asks any server that speaks Prometheus's API. */
export async function query(io: CommandIo, argv: readonly string[]): Promise<number> {
  const { words, options } = readArguments(argv);
  const [kind, server, subject] = words as readonly (string | undefined)[];
  const option = (name: string, absent: string): string => options.get(name)?.[0] ?? absent;
  const now = io.now() / 1000;
  const form = new URLSearchParams();
  for (const selector of options.get('match') ?? []) form.append('match[]', selector);
  for (const name of ['start', 'end']) if (options.has(name)) form.set(name, option(name, ''));
  let answer: Answer;
  const asked = kind === 'series' ? form.has('match[]') : subject !== undefined && subject !== '';
  if (
    kind === undefined ||
    !['instant', 'range', 'series', 'labels'].includes(kind) ||
    server === undefined ||
    !asked
  ) {
    io.err(FORMS);
    return USAGE;
  }
  try {
    switch (kind) {
      case 'instant': {
        const time = option('time', String(now));
        answer = await ask(io, server, '/api/v1/query', new URLSearchParams({ query: subject ?? '', time }));
        break;
      }
      case 'range': {
        const end = option('end', String(now));
        const start = option('start', String(Number(end) - 300));
        const span = Number(end) - Number(start);
        const step = option('step', String(Math.max(1, Math.floor((Number.isFinite(span) ? span : 300) / 250))));
        const range = new URLSearchParams({ query: subject ?? '', start, end, step });
        answer = await ask(io, server, '/api/v1/query_range', range);
        break;
      }
      case 'series':
        answer = await ask(io, server, '/api/v1/series', form);
        break;
      default:
        answer = await ask(io, server, `/api/v1/label/${encodeURIComponent(subject ?? '')}/values?${form}`, null);
    }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    io.err(`query error: ${error instanceof Error ? error.message : String(error)}${cause}`);
    return FAILED;
  }
  if (answer.status === 'error') {
    io.err(`query error: ${answer.errorType}: ${answer.error}`);
    return FAILED;
  }
  for (const warning of answer.warnings ?? []) io.err(`warning: ${warning}`);
  const { data } = answer;
  if (kind === 'series')
    for (const labels of data as readonly Record<string, string>[]) io.out(formatSeries(labelsFromRecord(labels)));
  else if (kind === 'labels') for (const value of data as readonly string[]) io.out(value);
  else {
    const { resultType, result } = data as { resultType: string; result: unknown };
    printSeries(io, resultType, result);
  }
  return OK;
}
