import { readFileSync } from 'node:fs';
import { parseSeries, PromqlParseError, type SeriesDescription } from '#shared/promql/index.ts';
import { runCase, type CaseOutcome } from './outcome.ts';

interface SeriesCase {
  readonly series: string;
  readonly valid: boolean;
  readonly values?: readonly (number | null)[];
  readonly errorSubstring?: string;
}

function check(test: SeriesCase): string | null {
  let series: SeriesDescription;
  try {
    series = parseSeries(test.series);
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
    if (test.valid) return `is refused: ${error.located}`;
    const expected = test.errorSubstring ?? '';
    return error.located.includes(expected) ? null : `error is "${error.located}", not "${expected}"`;
  }
  if (!test.valid) return 'is accepted';
  if (test.values === undefined) return null;
  const values = series.values.map((value) => (value.type === 'float' ? value.value : null));
  const wanted = JSON.stringify(test.values);
  return JSON.stringify(values) === wanted ? null : `gives ${JSON.stringify(values)}, not ${wanted}`;
}

/** Series descriptions with their values, or the error they give. */
export function promqlSeries(path: string): readonly CaseOutcome[] {
  const file = JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly SeriesCase[] };
  return file.cases.map((test) => runCase(test.series, () => check(test)));
}
