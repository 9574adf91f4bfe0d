import {
  getLabel,
  isLegacyLabelName,
  isLegacyMetricName,
  isStaleAt,
  labelPairs,
  METRIC_NAME,
  wordsOf,
  type Labels,
  type MetricMetadata,
  type Millis,
} from '#shared/model/index.ts';
import { histogramText, STALE_TEXT } from '#main/exposition/index.ts';
import type { SeriesColumns } from './columns.ts';
import type { ExportSelection, ExportSource } from './export-source.ts';

/** Samples asked for at a time: what is in memory, but for a series that has more by itself. */
const WANTED = 300_000;
const MOST_SERIES = 256;
/** Characters of one piece of text. */
const PIECE = 1 << 16;

/** What was written, filled while it is. */
export interface ExportCounts {
  series: number;
  samples: number;
  /** Native histograms among them. */
  histograms: number;
  /** Series without a metric name, which it has no form for either. */
  nameless: number;
}

/** Suffixes of the series of a family, by its type: the family of `x_bucket` is `x` only if that is a histogram. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['_count', '_sum', '_created'],
  info: ['_info'],
};

interface Family {
  readonly name: string;
  readonly metadata: MetricMetadata | null;
}

/** The family that a metric belongs to. */
function familyOf(name: string, known: ReadonlyMap<string, readonly MetricMetadata[]>): Family {
  const own = known.get(name)?.[0];
  if (own !== undefined) {
    // The older text format calls the family of a counter as its series; OpenMetrics leaves the suffix out.
    if (own.type === 'counter' && name.endsWith('_total'))
      return { name: name.slice(0, -'_total'.length), metadata: own };
    if (own.type === 'counter') return { name, metadata: { ...own, type: 'unknown' } };
    return { name, metadata: own };
  }
  for (const [type, suffixes] of Object.entries(SUFFIXES))
    for (const suffix of suffixes) {
      if (!name.endsWith(suffix)) continue;
      const family = name.slice(0, -suffix.length);
      const metadata = known.get(family)?.find((entry) => entry.type === type);
      if (metadata !== undefined) return { name: family, metadata };
    }
  return { name, metadata: null };
}

/** The only escapes that the format has. */
function escaped(text: string): string {
  return /[\\\n"]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"') : text;
}

function headerOf({ name, metadata }: Family): string {
  if (metadata === null || name === '') return '';
  const written = isLegacyMetricName(name) ? name : `"${escaped(name)}"`;
  let text = `# TYPE ${written} ${metadata.type}\n`;
  if (metadata.unit !== '' && name.endsWith(`_${metadata.unit}`)) text += `# UNIT ${written} ${metadata.unit}\n`;
  if (metadata.help !== '') text += `# HELP ${written} ${escaped(metadata.help)}\n`;
  return text;
}

/** Name and labels; names that are not of the old kind in quotes. */
function seriesText(labels: Labels): string {
  const name = getLabel(labels, METRIC_NAME);
  const bare = isLegacyMetricName(name);
  const parts = bare ? [] : [`"${escaped(name)}"`];
  for (const [label, value] of labelPairs(labels)) {
    if (label === METRIC_NAME) continue;
    parts.push(`${isLegacyLabelName(label) ? label : `"${escaped(label)}"`}="${escaped(value)}"`);
  }
  if (!bare) return `{${parts.join(',')}}`;
  return parts.length === 0 ? name : `${name}{${parts.join(',')}}`;
}

function valueText(value: number, words: Uint32Array, i: number): string {
  if (value !== value) return isStaleAt(words, i) ? STALE_TEXT : 'NaN';
  if (value === 0) return words[2 * i + 1] === 0 && words[2 * i] === 0 ? '0' : '-0';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

/**
 * Seconds, such that cutting `seconds * 1000` after the point, as readers do, gives the same milliseconds: where the
 * product falls short of them, a tenth of a millisecond is added.
 */
export function secondsText(time: Millis): string {
  const seconds = time / 1000;
  if (Math.trunc(seconds * 1000) === time) return String(seconds);
  const whole = Math.trunc(Math.abs(time) / 1000);
  return `${time < 0 ? '-' : ''}${whole}.${String(Math.abs(time) % 1000).padStart(3, '0')}1`;
}

/** Times of the series written last, as text: its neighbours mostly have the same. */
class TimeTexts {
  #times: Float64Array = new Float64Array(0);
  #texts: string[] = [];

  of(times: Float64Array): readonly string[] {
    const known = this.#times;
    let same = known.length === times.length;
    for (let i = 0; same && i < times.length; i++) same = known[i] === times[i];
    if (!same) {
      this.#times = times;
      this.#texts = Array.from(times, (time) => ` ${secondsText(time)}\n`);
    }
    return this.#texts;
  }
}

/** Lines of one answer in pieces. */
function* linesOf(
  { labels, counts, times, values, histograms }: SeriesColumns,
  timeTexts: TimeTexts,
): Generator<string> {
  const words = wordsOf(values);
  let piece = '';
  let from = 0;
  for (const [k, series] of labels.entries()) {
    const to = from + counts[k];
    const head = `${seriesText(series)} `;
    const texts = timeTexts.of(times.subarray(from, to));
    for (let i = from; i < to; i++) {
      const histogram = histograms?.[i] ?? null;
      piece +=
        head + (histogram === null ? valueText(values[i], words, i) : histogramText(histogram)) + texts[i - from];
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    from = to;
  }
  if (piece !== '') yield piece;
}

/**
 * The selected series as OpenMetrics text, metric by metric and each series in order of time, ended by `# EOF`. Floats
 * and native histograms come back from it bit by bit but for payloads of NaN; see docs/protocols/import.md for what it cannot hold.
 * @param counts filled while pieces are taken
 */
export async function* exportOpenMetrics(
  source: ExportSource,
  selection: ExportSelection,
  counts: ExportCounts,
): AsyncGenerator<string> {
  const { start, end } = selection;
  const known = await source.metadata();
  const metrics = (await source.names(selection)).map((name) => ({ name, family: familyOf(name, known) }));
  // Metrics of one family stand together; the order is that of code units, the same wherever it is made.
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  metrics.sort((a, b) => order(a.family.name, b.family.name) || order(a.name, b.name));
  const timeTexts = new TimeTexts();
  let described = '';
  let most = 16;
  for (const { name, family } of metrics) {
    const series = await source.series(selection, name);
    if (name === '') {
      counts.nameless += series.length;
      continue;
    }
    for (let at = 0; at < series.length;) {
      const asked = series.slice(at, at + most);
      at += asked.length;
      const columns = await source.samples(asked, start, end);
      const samples = columns.times.length;
      most = Math.max(1, Math.min(MOST_SERIES, 2 * most, Math.floor((most * WANTED) / Math.max(1, samples))));
      counts.series += columns.labels.length;
      counts.samples += samples;
      if (columns.histograms !== null) for (const one of columns.histograms) if (one !== null) counts.histograms++;
      if (samples > 0 && described !== family.name) {
        described = family.name;
        yield headerOf(family);
      }
      yield* linesOf(columns, timeTexts);
    }
  }
  yield '# EOF\n';
}
