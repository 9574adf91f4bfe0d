import type { Endpoint } from './context.ts';
import { ApiError } from './errors.ts';
import { dataResponse } from './response.ts';

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metric: Metric[];
}

/** A metric as the JSON form of Prometheus's protocol buffers has it; 64-bit counts are texts there. */
interface Metric {
  label?: readonly { readonly name: string; readonly value: string }[];
  counter?: { readonly value: JsonFloat };
  gauge?: { readonly value: JsonFloat };
  untyped?: { readonly value: JsonFloat };
  histogram?: {
    sampleCount: string;
    sampleSum: JsonFloat;
    bucket: { cumulativeCount: string; upperBound: JsonFloat }[];
  };
}

type JsonFloat = number | 'NaN' | 'Infinity' | '-Infinity';

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Hearth's own metrics as JSON. */
export const selfMetrics: Endpoint = async ({ api, parameters, signal }) => {
  const pattern = parameters.text('metric_name_pattern');
  let filter: RegExp | null;
  try {
    filter = pattern === '' ? null : new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    throw new ApiError('bad_data', `invalid metric_name_pattern: ${(error as Error).message}`);
  }
  const { text } = await api.core.request('metrics.text', {}, { signal });
  const families = readFamilies(text).filter(({ name }) => filter === null || filter.test(name));
  return dataResponse((out) => out.value(families));
};

/** Reads what our own registry writes: HELP and TYPE before each family, no timestamps. */
function readFamilies(text: string): readonly Family[] {
  const families: Family[] = [];
  let help = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('# HELP ')) help = line.slice(7).replace(/^\S+ ?/, '');
    else if (line.startsWith('# TYPE ')) {
      const [name, type] = line.slice(7).split(' ');
      families.push({ name, help: unescape(help), type: type.toUpperCase(), metric: [] });
      help = '';
    } else addSample(families.at(-1), line);
  }
  return families.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function addSample(family: Family | undefined, line: string): void {
  const found = SAMPLE.exec(line);
  if (found === null || family === undefined) return;
  const [, name, inner = '', written] = found;
  const label = [...inner.matchAll(LABEL)].map(([, key, value]) => ({ name: key, value: unescape(value) }));
  const value = jsonFloat(written);
  if (family.type === 'HISTOGRAM') {
    addToHistogram(family, name.slice(family.name.length), label, value, written);
    return;
  }
  const kind = family.type === 'COUNTER' ? 'counter' : family.type === 'GAUGE' ? 'gauge' : 'untyped';
  family.metric.push({ ...(label.length > 0 ? { label } : {}), [kind]: { value } });
}

function addToHistogram(
  { metric }: Family,
  part: string,
  labels: readonly { readonly name: string; readonly value: string }[],
  value: JsonFloat,
  written: string,
): void {
  const label = labels.filter(({ name }) => name !== 'le');
  let at = metric.find((each) => JSON.stringify(each.label ?? []) === JSON.stringify(label));
  if (at === undefined) metric.push((at = label.length > 0 ? { label } : {}));
  at.histogram ??= { sampleCount: '0', sampleSum: 0, bucket: [] };
  const le = labels.find(({ name }) => name === 'le')?.value;
  if (part === '_count') at.histogram.sampleCount = written;
  else if (part === '_sum') at.histogram.sampleSum = value;
  else if (le !== undefined) at.histogram.bucket.push({ cumulativeCount: written, upperBound: jsonFloat(le) });
}

function jsonFloat(text: string): JsonFloat {
  if (text === '+Inf') return 'Infinity';
  if (text === '-Inf') return '-Infinity';
  return text === 'NaN' ? 'NaN' : Number(text);
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
