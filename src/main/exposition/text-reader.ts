import type { Labels, MetricMetadata, MetricType } from '#shared/model/index.ts';
import type { ParsedBody, ParsedExemplar } from './body.ts';
import { ExpositionError, LineError } from './error.ts';
import { Layout, MODE_CHANGE, NO_EFFECT } from './layout.ts';
import { END, HELP, isBlank, LF, Line, SAMPLE, TYPE, UNIT, type LineGrammar } from './line.ts';
import { latin1 } from './number.ts';
import { openMetricsGrammar } from './openmetrics-line.ts';
import { labelsOfLine, type SeriesMode } from './series-table.ts';
import type { BodyReader, ReaderOptions } from './reader.ts';
import { textGrammar } from './text-line.ts';

interface Mode extends SeriesMode {
  readonly handles: Map<string, number>;
}

/** Whether the next thing after a bare name is `{` and not a value: the name is then not the whole series text. */
function labelsFollow(body: Uint8Array, from: number): boolean {
  let i = from;
  while (isBlank(body[i])) i++;
  return body[i] === 0x7b;
}

/**
 * Reads successive bodies of one target in a line-based format. A body is compared in place with the one before it:
 * an unchanged line is not parsed, a line whose series text is the same has only its value parsed, and only a series
 * text that stands elsewhere or is new is looked up. What results is what reading each body on its own would give.
 */
export class TextReader implements BodyReader {
  readonly #grammar: LineGrammar;
  readonly #openMetrics: boolean;
  readonly #options: Pick<ReaderOptions, 'typeAndUnitLabels'>;
  readonly #labels: Labels[] = [];
  readonly #modes: Mode[] = [];
  readonly #modeIds = new Map<string, number>();
  readonly #metadata = new Map<string, MetricMetadata>();
  readonly #line = new Line();
  #old = new Layout();
  #new = new Layout();
  #oldBody: Uint8Array = new Uint8Array(0);
  /** Line of each handle's series in the old body, -1 where it is not in it. */
  #lineOf = new Int32Array(64).fill(-1);
  #layout = 0;
  #type: MetricType = 'unknown';
  #unit = '';
  #family = '';

  constructor(format: 'text' | 'openmetrics', options: Pick<ReaderOptions, 'typeAndUnitLabels'>) {
    this.#openMetrics = format === 'openmetrics';
    this.#grammar = this.#openMetrics ? openMetricsGrammar : textGrammar;
    this.#options = options;
  }

  /** Label set of each handle, as the target writes it (before relabelling). Grows only. */
  get labels(): readonly Labels[] {
    return this.#labels;
  }

  /**
   * Reads a body; the reader keeps it (not a copy) until the next, so it must not be changed.
   * @throws ExpositionError with the line, and then has forgotten the body before
   */
  read(body: Uint8Array): ParsedBody {
    try {
      return this.#read(body);
    } catch (error) {
      this.#old.lines = 0;
      this.#old.samples = 0;
      this.#lineOf.fill(-1);
      this.#layout++;
      if (!(error instanceof LineError)) throw error;
      const { lines, sample } = this.#new;
      let samples = 0;
      for (let i = 0; i < lines; i++) if (sample[i] >= 0) samples++;
      throw new ExpositionError(lines + 1, samples, error.message);
    }
  }

  #read(body: Uint8Array): ParsedBody {
    const old = this.#old;
    const fresh = this.#new;
    const oldBody = this.#oldBody;
    const grammar = this.#grammar;
    const line = this.#line;
    const size = body.length;
    const metadata = new Map<string, MetricMetadata>();
    let exemplars: ParsedExemplar[] | null = null;
    let hasTimes = false;
    let ended = false;
    let moved = false;
    let cursor = 0;
    let samples = 0;
    let mode = this.#startMode();
    fresh.lines = 0;

    for (let at = 0; at < size;) {
      const n = fresh.lines;
      if (n === fresh.start.length) fresh.growLines();
      if (samples === fresh.series.length) fresh.growSamples();
      if (ended) throw new LineError('unexpected data after # EOF');

      if (cursor < old.lines) {
        const oldEnd = old.end[cursor];
        const oldStart = old.start[cursor];
        let s = oldStart;
        let p = at;
        while (s < oldEnd && oldBody[s] === body[p]) {
          s++;
          p++;
        }
        const sample = old.sample[cursor];
        if (s === oldEnd && (p === size || body[p] === LF)) {
          if (sample >= 0 ? old.mode[cursor] === mode : sample === NO_EFFECT || !this.#options.typeAndUnitLabels) {
            if (sample >= 0) {
              const handle = old.series[sample];
              const time = old.times[sample];
              if (sample !== samples) moved = true;
              fresh.series[samples] = handle;
              fresh.values[samples] = old.values[sample];
              fresh.times[samples] = time;
              if (time === time) hasTimes = true;
              fresh.sample[n] = samples++;
              fresh.seriesEnd[n] = at + old.seriesEnd[cursor] - oldStart;
              fresh.mode[n] = mode;
            } else if (sample === MODE_CHANGE) {
              mode = old.mode[cursor];
              fresh.sample[n] = MODE_CHANGE;
              fresh.mode[n] = mode;
            } else if (this.#openMetrics && p - at === 5 && body[at + 2] === 0x45) {
              ended = true;
              fresh.sample[n] = NO_EFFECT;
            } else fresh.sample[n] = NO_EFFECT;
            fresh.start[n] = at;
            fresh.end[n] = p;
            fresh.lines = n + 1;
            at = p + 1;
            cursor++;
            continue;
          }
        } else if (
          sample >= 0 &&
          s > old.seriesEnd[cursor] &&
          old.mode[cursor] === mode &&
          !labelsFollow(body, at + old.seriesEnd[cursor] - oldStart)
        ) {
          // The series text and the blank after it are the same: only the rest of the line is new.
          let end = p;
          while (end < size && body[end] !== LF) end++;
          const seriesEnd = at + old.seriesEnd[cursor] - oldStart;
          grammar.parseTail(body, at, seriesEnd, end, line);
          const handle = old.series[sample];
          if (sample !== samples) moved = true;
          fresh.series[samples] = handle;
          fresh.values[samples] = line.value;
          fresh.times[samples] = line.time;
          if (line.time === line.time) hasTimes = true;
          if (line.exemplar !== null) (exemplars ??= []).push({ sample: samples, ...line.exemplar });
          fresh.sample[n] = samples++;
          fresh.start[n] = at;
          fresh.seriesEnd[n] = seriesEnd;
          fresh.end[n] = end;
          fresh.mode[n] = mode;
          fresh.lines = n + 1;
          at = end + 1;
          cursor++;
          continue;
        }
      }

      let end = at;
      while (end < size && body[end] !== LF) end++;
      grammar.parseLine(body, at, end, line);
      fresh.start[n] = at;
      fresh.end[n] = end;
      if (line.kind === SAMPLE) {
        const handle = this.#handleOf(body, at, line, mode);
        const place = this.#lineOf[handle];
        if (place >= cursor) cursor = place + 1;
        if (samples >= old.samples || old.series[samples] !== handle) moved = true;
        fresh.series[samples] = handle;
        fresh.values[samples] = line.value;
        fresh.times[samples] = line.time;
        if (line.time === line.time) hasTimes = true;
        if (line.exemplar !== null) (exemplars ??= []).push({ sample: samples, ...line.exemplar });
        fresh.sample[n] = samples++;
        fresh.seriesEnd[n] = line.seriesEnd;
      } else {
        fresh.sample[n] = NO_EFFECT;
        if (line.kind === END) ended = true;
        else if (line.kind === TYPE || line.kind === UNIT || line.kind === HELP) {
          this.#note(line, metadata);
          if (line.kind !== HELP) {
            mode = this.#modeAfter(line, mode);
            fresh.sample[n] = MODE_CHANGE;
          }
        }
        if (cursor < old.lines && old.sample[cursor] < 0) cursor++;
      }
      fresh.mode[n] = mode;
      fresh.lines = n + 1;
      at = end + 1;
    }
    if (this.#openMetrics && !ended) throw new LineError('data does not end with # EOF');

    if (moved || samples !== old.samples) {
      this.#layout++;
      for (let i = 0; i < old.samples; i++) this.#lineOf[old.series[i]] = -1;
      for (let i = 0; i < fresh.lines; i++) if (fresh.sample[i] >= 0) this.#lineOf[fresh.series[fresh.sample[i]]] = i;
    } else if (fresh.lines !== old.lines)
      for (let i = 0; i < fresh.lines; i++) if (fresh.sample[i] >= 0) this.#lineOf[fresh.series[fresh.sample[i]]] = i;
    for (const entry of metadata.values()) this.#metadata.set(entry.family, entry);
    fresh.samples = samples;
    this.#old = fresh;
    this.#new = old;
    this.#oldBody = body;
    return {
      count: samples,
      series: fresh.series,
      values: fresh.values,
      times: hasTimes ? fresh.times : null,
      startTimes: null,
      histograms: null,
      exemplars,
      metadata: [...metadata.values()],
      layout: this.#layout,
    };
  }

  #handleOf(body: Uint8Array, start: number, line: Line, mode: number): number {
    let from = start;
    while (isBlank(body[from])) from++;
    const key = latin1(body, from, line.seriesEnd);
    const { handles } = this.#modes[mode];
    const known = handles.get(key);
    if (known !== undefined) return known;
    const labels = labelsOfLine(body, line, this.#modes[mode], key, from);
    const handle = this.#labels.length;
    this.#labels.push(labels);
    handles.set(key, handle);
    if (handle === this.#lineOf.length) {
      const larger = new Int32Array(handle * 2).fill(-1);
      larger.set(this.#lineOf);
      this.#lineOf = larger;
    }
    return handle;
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
    this.#modes.push({ boundLabel, extra, handles: new Map() });
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
