import { createReader, ExpositionError } from '#main/exposition/index.ts';
import { getLabel, labelPairs, METRIC_NAME, type MetricMetadata } from '#shared/model/index.ts';
import { FAILED, LINT, OK, type CommandIo } from './io.ts';

interface Finding {
  readonly metric: string;
  readonly text: string;
}

const BASE_UNITS: readonly (readonly [unit: RegExp, base: string])[] = [
  [
    /_(?:milli|micro|nano)?seconds?_?ms$|_(?:milliseconds|microseconds|nanoseconds|minutes|hours|days|ms)(?:_|$)/,
    'seconds',
  ],
  [/_(?:kilobytes|megabytes|gigabytes|kibibytes|mebibytes|gibibytes|bits)(?:_|$)/, 'bytes'],
  [/_(?:fahrenheit|kelvin)(?:_|$)/, 'celsius'],
  [/_(?:percent|percentage)(?:_|$)/, 'ratio'],
];

const RESERVED_ENDINGS: readonly string[] = ['_count', '_sum', '_bucket'];

/** What naming conventions say of one family. */
function lintFamily({ family, type, help }: MetricMetadata): string[] {
  const findings: string[] = [];
  if (help === '') findings.push('no help text');
  if (type === 'counter' && !family.endsWith('_total')) findings.push('counter metrics should have "_total" suffix');
  if (type !== 'counter' && type !== 'unknown' && family.endsWith('_total'))
    findings.push('non-counter metrics should not have "_total" suffix');
  if (type === 'gauge' || type === 'counter')
    for (const ending of RESERVED_ENDINGS)
      if (family.endsWith(ending))
        findings.push(`non-histogram and non-summary metrics should not have "${ending}" suffix`);
  if (type !== 'unknown' && family.includes(`_${type}`)) findings.push(`metric name should not include type '${type}'`);
  if (family.includes(':')) findings.push("metric names should not contain ':'");
  if (/[a-z][A-Z]/.test(family)) findings.push("metric names should be written in 'snake_case' not 'camelCase'");
  for (const [unit, base] of BASE_UNITS) if (unit.test(family)) findings.push(`use base unit "${base}"`);
  return findings;
}

/** `check metrics`: reads a metrics page from standard input. */
export async function checkMetrics(io: CommandIo): Promise<number> {
  const body = await io.readStdin();
  const reader = createReader('text');
  let count: number;
  let metadata: readonly MetricMetadata[];
  try {
    ({ count, metadata } = reader.read(body));
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error;
    io.err(`error while linting: line ${error.line}: ${error.message}`);
    return FAILED;
  }
  const known = new Map(metadata.map((entry) => [entry.family, entry]));
  const findings: Finding[] = [];
  for (const entry of known.values())
    for (const text of lintFamily(entry)) findings.push({ metric: entry.family, text });
  const seen = new Set<string>();
  for (let sample = 0; sample < count; sample++) {
    const labels = reader.labelsOf(sample);
    const metric = getLabel(labels, METRIC_NAME);
    const family = metric.replace(/_(?:bucket|sum|count)$/, '');
    if (!known.has(metric) && !known.has(family) && !seen.has(metric)) findings.push({ metric, text: 'no help text' });
    seen.add(metric);
    for (const [label] of labelPairs(labels))
      if (/[a-z][A-Z]/.test(label) && !seen.has(`${metric}{${label}`)) {
        seen.add(`${metric}{${label}`);
        findings.push({ metric, text: "label names should be written in 'snake_case' not 'camelCase'" });
      }
  }
  for (const { metric, text } of findings) io.err(`${metric} ${text}`);
  return findings.length > 0 ? LINT : OK;
}
