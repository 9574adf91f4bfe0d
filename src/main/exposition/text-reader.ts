import type { Labels, MetricMetadata, MetricType } from '#shared/model/index.ts';
import type { ParsedBody, ParsedExemplar } from './body.ts';
import { ExpositionError, LineError } from './error.ts';
import { Layout, MODE_CHANGE, NO_EFFECT, roomFor, SAMPLE_LINE } from './layout.ts';
import { END, HELP, isBlank, LF, Line, SAMPLE, TYPE, UNIT, type LineGrammar } from './line.ts';
import { latin1, SimpleTail } from './number.ts';
import { openMetricsGrammar } from './openmetrics-line.ts';
import { firstByte, SeriesLookup } from './series-lookup.ts';
import { labelsOfLine, type SeriesMode } from './series-table.ts';
import type { BodyReader, ReaderOptions } from './reader.ts';
import { textGrammar } from './text-line.ts';

/** Whether the next thing after a bare name is `{` and not a value: the name is then not the whole series text. */
function labelsFollow(body: Uint8Array, from: number): boolean {
  let i = from;
  while (isBlank(body[i])) i++;
  return body[i] === 0x7b;
}

/** Modes a mode column can tell apart. */
const MAX_MODES = 65_536;
/** Lines from which on the shared layout is not kept after a body. */
const MAX_SHARED_LINES = 1 << 17;

/** What the body being read is laid out in, until it is accepted: bodies are read without a pause, one at a time. */
let shared = new Layout(4096, 4096);
const lookup = new SeriesLookup();
const simple = new SimpleTail();

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
  #view = new DataView(this.#body.buffer);
  readonly #old = new Layout(0, 0);
  #handles = 0;
  /** Labels of series that are new in the body, by sample, until they are asked for. */
  readonly #newLabels = new Map<number, Labels>();
  #layout = 0;
  #type: MetricType = 'unknown';
  #unit = '';
  #family = '';

  constructor(format: 'text' | 'openmetrics', options: Pick<ReaderOptions, 'typeAndUnitLabels'>) {
    this.#openMetrics = format === 'openmetrics';
    this.#grammar = this.#openMetrics ? openMetricsGrammar : textGrammar;
    this.#options = options;
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
      throw new ExpositionError(shared.lines + 1, shared.samples, error.message);
    } finally {
      if (shared.kind.length > MAX_SHARED_LINES) shared = new Layout(4096, 4096);
      lookup.trim();
    }
  }

  #read(body: Uint8Array): ParsedBody {
    const old = this.#old;
    const fresh = shared;
    const oldBody = this.#body;
    const grammar = this.#grammar;
    const line = this.#line;
    const size = body.length;
    const oldLines = old.lines;
    const metadata = new Map<string, MetricMetadata>();
    let exemplars: ParsedExemplar[] | null = null;
    let timed = false;
    let ended = false;
    let moved = false;
    let filled = false;
    let cursor = 0;
    let samples = 0;
    let n = 0;
    let mode = this.#startMode();
    fresh.lines = 0;
    fresh.samples = 0;
    // Four bytes at a time: an aligned array could not be laid over texts that have moved by a byte.
    const oldView = this.#view;
    const view = new DataView(body.buffer, body.byteOffset, size);
    let { start, seriesEnd: seriesEnds, first, kind: kinds, mode: modes, series, values, times } = fresh;

    for (let at = 0; at < size;) {
      if (n === kinds.length || samples === series.length) {
        if (n === kinds.length) fresh.growLines();
        if (samples === series.length) fresh.growSamples();
        ({ start, seriesEnd: seriesEnds, first, kind: kinds, mode: modes, series, values, times } = fresh);
      }
      if (ended) throw new LineError('unexpected data after # EOF');
      start[n] = at;
      first[n] = samples;

      if (cursor < oldLines) {
        const oldStart = old.start[cursor];
        const oldEnd = old.start[cursor + 1] - 1;
        const stop = oldEnd - oldStart > size - at ? oldStart + size - at : oldEnd;
        let s = oldStart;
        let p = at;
        while (s + 4 <= stop && oldView.getInt32(s) === view.getInt32(p)) {
          s += 4;
          p += 4;
        }
        while (s < stop && oldBody[s] === body[p]) {
          s++;
          p++;
        }
        const kind = old.kind[cursor];
        if (s === oldEnd && (p === size || body[p] === LF)) {
          if (
            kind === SAMPLE_LINE ? old.mode[cursor] === mode : kind === NO_EFFECT || !this.#options.typeAndUnitLabels
          ) {
            if (kind === SAMPLE_LINE) {
              const sample = old.first[cursor];
              if (sample !== samples) moved = true;
              series[samples] = old.series[sample];
              values[samples] = old.values[sample];
              if (old.timed) {
                const time = old.times[sample];
                times[samples] = time;
                if (time === time) timed = true;
              } else times[samples] = NaN;
              samples++;
              seriesEnds[n] = at + old.seriesEnd[cursor] - oldStart;
            } else if (kind === MODE_CHANGE) mode = old.mode[cursor];
            else if (this.#openMetrics && p - at === 5 && body[at + 2] === 0x45) ended = true;
            kinds[n] = kind;
            modes[n] = mode;
            fresh.lines = ++n;
            fresh.samples = samples;
            at = p + 1;
            cursor++;
            continue;
          }
        } else if (
          kind === SAMPLE_LINE &&
          s > old.seriesEnd[cursor] &&
          old.mode[cursor] === mode &&
          !labelsFollow(body, at + old.seriesEnd[cursor] - oldStart)
        ) {
          // The series text and the blank after it are the same: only the rest of the line is new.
          const seriesEnd = at + old.seriesEnd[cursor] - oldStart;
          const sample = old.first[cursor];
          if (sample !== samples) moved = true;
          series[samples] = old.series[sample];
          let end = simple.read(body, seriesEnd, size);
          if (end !== -1) {
            values[samples] = simple.value;
            times[samples] = NaN;
          } else {
            end = p;
            while (end < size && body[end] !== LF) end++;
            grammar.parseTail(body, at, seriesEnd, end, line);
            values[samples] = line.value;
            times[samples] = line.time;
            if (line.time === line.time) timed = true;
            if (line.exemplar !== null) (exemplars ??= []).push({ sample: samples, ...line.exemplar });
          }
          samples++;
          seriesEnds[n] = seriesEnd;
          kinds[n] = SAMPLE_LINE;
          modes[n] = mode;
          fresh.lines = ++n;
          fresh.samples = samples;
          at = end + 1;
          cursor++;
          continue;
        }
      }

      let end = at;
      while (end < size && body[end] !== LF) end++;
      grammar.parseLine(body, at, end, line);
      if (line.kind === SAMPLE) {
        let place = -1;
        if (oldLines > 0) {
          if (!filled) lookup.fill(oldBody, old);
          filled = true;
          place = lookup.find(oldBody, old, body, firstByte(body, at), line.seriesEnd, mode);
        }
        let handle: number;
        if (place === -1) {
          this.#newLabels.set(samples, this.#labelsOfLine(body, at, line, mode));
          handle = this.#handles++;
        } else handle = old.series[old.first[place]];
        if (place >= cursor) cursor = place + 1;
        if (samples >= old.samples || old.series[samples] !== handle) moved = true;
        series[samples] = handle;
        values[samples] = line.value;
        times[samples] = line.time;
        if (line.time === line.time) timed = true;
        if (line.exemplar !== null) (exemplars ??= []).push({ sample: samples, ...line.exemplar });
        samples++;
        kinds[n] = SAMPLE_LINE;
        seriesEnds[n] = line.seriesEnd;
      } else {
        kinds[n] = NO_EFFECT;
        if (line.kind === END) ended = true;
        else if (line.kind === TYPE || line.kind === UNIT || line.kind === HELP) {
          this.#note(line, metadata);
          if (line.kind !== HELP) {
            mode = this.#modeAfter(line, mode);
            kinds[n] = MODE_CHANGE;
          }
        }
        if (cursor < oldLines && old.kind[cursor] !== SAMPLE_LINE) cursor++;
      }
      modes[n] = mode;
      fresh.lines = ++n;
      fresh.samples = samples;
      at = end + 1;
    }
    if (this.#openMetrics && !ended) throw new LineError('data does not end with # EOF');

    if (moved || samples !== old.samples) this.#layout++;
    for (const entry of metadata.values()) this.#metadata.set(entry.family, entry);
    fresh.start[n] = body[size - 1] === LF ? size : size + 1;
    fresh.timed = timed;
    old.copyFrom(fresh);
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
      this.#view = new DataView(this.#body.buffer);
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
