import type { Labels, MetricMetadata, MetricType } from '#shared/model/index.ts';
import type { ParsedBody, ParsedExemplar } from './body.ts';
import { ExpositionError, LineError } from './error.ts';
import { Layout, MODE_CHANGE, NO_EFFECT, roomFor, SAMPLE_LINE } from './layout.ts';
import { END, HELP, isBlank, LF, Line, SAMPLE, TYPE, UNIT, type LineGrammar } from './line.ts';
import { Reading, type LineRunner } from './line-runner.ts';
import { latin1 } from './number.ts';
import { openMetricsGrammar } from './openmetrics-line.ts';
import { PlainRunner } from './plain-runner.ts';
import { firstByte, SeriesLookup } from './series-lookup.ts';
import { labelsOfLine, type SeriesMode } from './series-table.ts';
import type { BodyReader, ReaderOptions } from './reader.ts';
import { simdRunner } from './simd-runner.ts';
import { textGrammar } from './text-line.ts';

/** Whether the next thing after a bare name is `{` and not a value: the name is then not the whole series text. */
function labelsFollow(body: Uint8Array, from: number): boolean {
  let i = from;
  while (isBlank(body[i])) i++;
  return body[i] === 0x7b;
}

/** Modes a mode column can tell apart. */
const MAX_MODES = 65_536;

// Bodies are read without a pause, one at a time.
const plain = new PlainRunner();
const lookup = new SeriesLookup();

/**
 * Reads successive bodies of one target in a line-based format. A body is compared in place with the one before it:
 * an unchanged line is not parsed, a line whose series text is the same has only its value parsed, and only a series
 * text that stands elsewhere or is new is looked up. What results is what reading each body on its own would give.
 * Of a body its bytes and the places of its lines are kept, and nothing a series: labels are read again when asked for.
 */
export class TextReader implements BodyReader {
  readonly #grammar: LineGrammar;
  readonly #openMetrics: boolean;
  readonly #options: Pick<ReaderOptions, 'typeAndUnitLabels'>;
  readonly #modes: SeriesMode[] = [];
  readonly #modeIds = new Map<string, number>();
  readonly #metadata = new Map<string, MetricMetadata>();
  readonly #line = new Line();
  /** The body read last, in its first bytes. */
  #body = new Uint8Array(0);
  readonly #old = new Layout(0);
  readonly #reading = new Reading(this.#old);
  readonly #fast: LineRunner | null;
  #handles = 0;
  /** Labels of series that are new in the body, by sample, until they are asked for. */
  readonly #newLabels = new Map<number, Labels>();
  #layout = 0;
  #type: MetricType = 'unknown';
  #unit = '';
  #family = '';

  /** @param fast reads what it can in place of the plain runner */
  constructor(
    format: 'text' | 'openmetrics',
    options: Pick<ReaderOptions, 'typeAndUnitLabels'>,
    fast: LineRunner | null = simdRunner(),
  ) {
    this.#fast = fast;
    this.#openMetrics = format === 'openmetrics';
    this.#grammar = this.#openMetrics ? openMetricsGrammar : textGrammar;
    this.#options = options;
    this.#reading.openMetrics = this.#openMetrics;
    this.#reading.metadataLabels = options.typeAndUnitLabels;
  }

  get handles(): number {
    return this.#handles;
  }

  labelsOf(sample: number): Labels {
    const given = this.#newLabels.get(sample);
    if (given !== undefined) {
      this.#newLabels.delete(sample);
      return given;
    }
    const layout = this.#old;
    const at = layout.lineOf(sample);
    this.#grammar.parseLine(this.#body, layout.start[at], layout.start[at + 1] - 1, this.#line);
    return this.#labelsOfLine(this.#body, layout.start[at], this.#line, layout.mode[at]);
  }

  read(body: Uint8Array): ParsedBody {
    this.#newLabels.clear();
    try {
      return this.#read(body);
    } catch (error) {
      this.#newLabels.clear();
      if (!(error instanceof LineError)) throw error;
      throw new ExpositionError(this.#reading.line + 1, this.#reading.samples, error.message);
    } finally {
      lookup.trim();
    }
  }

  #read(body: Uint8Array): ParsedBody {
    const old = this.#old;
    const grammar = this.#grammar;
    const line = this.#line;
    const size = body.length;
    const metadata = new Map<string, MetricMetadata>();
    let exemplars: ParsedExemplar[] | null = null;
    let filled = false;
    const reading = this.#reading;
    reading.body = body;
    reading.size = size;
    reading.oldBody = this.#body;
    reading.at = reading.line = reading.samples = reading.cursor = 0;
    reading.mode = this.#startMode();
    reading.moved = reading.timed = reading.ended = false;
    let runner: LineRunner = plain;
    if (old.lines > 0 && this.#fast?.begin(reading) === true) runner = this.#fast;
    else plain.begin(reading);
    let { fresh } = runner;

    for (;;) {
      // Behind the end nothing may come.
      if (!reading.ended) runner.run(reading);
      if (reading.at >= size) break;
      if (reading.ended) throw new LineError('unexpected data after # EOF');
      if (reading.line === fresh.kind.length) {
        if (runner === plain) plain.grow();
        else plain.takeOver(fresh, reading);
        runner = plain;
        ({ fresh } = plain);
        continue;
      }
      const { at, line: n, samples, cursor, mode, tail } = reading;
      fresh.start[n] = at;
      fresh.first[n] = samples;
      let end = at;
      while (end < size && body[end] !== LF) end++;
      let kind = SAMPLE_LINE;
      if (tail !== -1 && !labelsFollow(body, tail)) {
        const sample = old.first[cursor];
        if (sample !== samples) reading.moved = true;
        fresh.series[samples] = old.series[sample];
        grammar.parseTail(body, at, tail, end, line);
        fresh.seriesEnd[n] = tail;
        reading.cursor = cursor + 1;
      } else {
        grammar.parseLine(body, at, end, line);
        if (line.kind === SAMPLE) {
          let place = -1;
          if (old.lines > 0) {
            if (!filled) lookup.fill(this.#body, old);
            filled = true;
            place = lookup.find(this.#body, old, body, firstByte(body, at), line.seriesEnd, mode);
          }
          let handle: number;
          if (place === -1) {
            this.#newLabels.set(samples, this.#labelsOfLine(body, at, line, mode));
            handle = this.#handles++;
          } else handle = old.series[old.first[place]];
          if (place >= cursor) reading.cursor = place + 1;
          if (samples >= old.samples || old.series[samples] !== handle) reading.moved = true;
          fresh.series[samples] = handle;
          fresh.seriesEnd[n] = line.seriesEnd;
        } else {
          kind = NO_EFFECT;
          if (line.kind === END) reading.ended = true;
          else if (line.kind === TYPE || line.kind === UNIT || line.kind === HELP) {
            this.#note(line, metadata);
            if (line.kind !== HELP) {
              reading.mode = this.#modeAfter(line, mode);
              kind = MODE_CHANGE;
            }
          }
          if (cursor < old.lines && old.kind[cursor] !== SAMPLE_LINE) reading.cursor = cursor + 1;
        }
      }
      if (kind === SAMPLE_LINE) {
        fresh.values[samples] = line.value;
        fresh.times[samples] = line.time;
        if (line.time === line.time) reading.timed = true;
        if (line.exemplar !== null) (exemplars ??= []).push({ sample: samples, ...line.exemplar });
        reading.samples = samples + 1;
      }
      fresh.kind[n] = kind;
      fresh.mode[n] = reading.mode;
      reading.line = n + 1;
      reading.at = end + 1;
    }
    if (this.#openMetrics && !reading.ended) throw new LineError('data does not end with # EOF');

    const { line: lines, samples, timed } = reading;
    if (reading.moved || samples !== old.samples) this.#layout++;
    for (const entry of metadata.values()) this.#metadata.set(entry.family, entry);
    fresh.start[lines] = body[size - 1] === LF ? size : size + 1;
    old.copyFrom(fresh, lines, samples, timed);
    this.#keep(body);
    return {
      count: samples,
      series: old.series,
      values: old.values,
      times: timed ? old.times : null,
      startTimes: null,
      histograms: null,
      exemplars,
      metadata: [...metadata.values()],
      layout: this.#layout,
    };
  }

  #keep(body: Uint8Array): void {
    const { length } = body;
    if (length > this.#body.length || length * 2 < this.#body.length) {
      this.#body = new Uint8Array(roomFor(length));
    }
    this.#body.set(body);
  }

  /** @throws LineError */
  #labelsOfLine(body: Uint8Array, start: number, line: Line, mode: number): Labels {
    const from = firstByte(body, start);
    return labelsOfLine(body, line, this.#modes[mode], latin1(body, from, line.seriesEnd), from);
  }

  #startMode(): number {
    this.#type = 'unknown';
    this.#unit = '';
    this.#family = '';
    return this.#mode();
  }

  #modeAfter(line: Line, mode: number): number {
    if (line.kind === UNIT && !this.#options.typeAndUnitLabels) return mode;
    if (line.family !== this.#family) this.#unit = '';
    this.#family = line.family;
    if (line.kind === TYPE) this.#type = line.text as MetricType;
    else this.#unit = line.text;
    return this.#mode();
  }

  #mode(): number {
    const boundLabel = this.#type === 'histogram' ? 'le' : this.#type === 'summary' ? 'quantile' : '';
    const withLabels = this.#options.typeAndUnitLabels;
    const key = withLabels ? `${this.#type} ${this.#unit}` : boundLabel;
    const known = this.#modeIds.get(key);
    if (known !== undefined) return known;
    const extra: [string, string][] = [];
    if (withLabels && this.#type !== 'unknown') extra.push(['__type__', this.#type]);
    if (withLabels && this.#unit !== '') extra.push(['__unit__', this.#unit]);
    if (this.#modes.length === MAX_MODES) throw new LineError('too many types and units');
    this.#modes.push({ boundLabel, extra });
    this.#modeIds.set(key, this.#modes.length - 1);
    return this.#modes.length - 1;
  }

  #note(line: Line, changed: Map<string, MetricMetadata>): void {
    const reported = this.#metadata.get(line.family);
    const before = changed.get(line.family) ?? reported ?? { family: line.family, type: 'unknown', help: '', unit: '' };
    const after: MetricMetadata =
      line.kind === TYPE
        ? { ...before, type: line.text as MetricType }
        : line.kind === HELP
          ? { ...before, help: line.text }
          : { ...before, unit: line.text };
    const { type, help, unit } = after;
    if (reported !== undefined && type === reported.type && help === reported.help && unit === reported.unit)
      changed.delete(line.family);
    else changed.set(line.family, after);
  }
}
