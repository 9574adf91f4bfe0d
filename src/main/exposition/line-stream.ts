import {
  setStaleAt,
  wordsOf,
  type Histogram,
  type Labels,
  type MetricMetadata,
  type MetricType,
} from '#shared/model/index.ts';
import { ExpositionError, LineError } from './error.ts';
import { carryingGrammar } from './histogram-text.ts';
import { END, HELP, isBlank, LF, Line, SAMPLE, TYPE, UNIT, type LineGrammar } from './line.ts';
import { latin1 } from './number.ts';
import { labelsOfLine, type SeriesMode } from './series-table.ts';
import { textGrammar } from './text-line.ts';

/** Bytes of one line at most: more is no line but another kind of file. */
const MAX_LINE = 1 << 20;

/** Samples in the order of their lines; the arrays are used again after `clear`. */
export interface SampleLines {
  readonly count: number;
  /** Handle of each sample's series: an index into the stream's `labels`. */
  readonly series: Int32Array;
  /** Exact bits; see STALE_TEXT. */
  readonly values: Float64Array;
  /** Milliseconds; NaN where the line has no time. */
  readonly times: Float64Array;
  /** Samples that are native histograms; their value is 0. */
  readonly histograms: ReadonlyMap<number, Histogram>;
}

/**
 * How a stale marker is written where text has to carry it: every reader of the formats takes it for a NaN (the case
 * of letters does not matter to them), and it is a spelling that nothing else writes.
 */
export const STALE_TEXT = 'nAN';

/**
 * Reads one endless body piece by piece, for files and uploads of many samples. What the lines say is what a
 * BodyReader finds in them. The series of a line is not looked up when it is the one of the line before, or the one
 * that followed it the last time: files list series after series, or time after time in the same order.
 */
export class LineStream implements SampleLines {
  /** Label set of each handle. Grows only. */
  readonly labels: Labels[] = [];
  count = 0;
  series = new Int32Array(1 << 14);
  values = new Float64Array(1 << 14);
  times = new Float64Array(1 << 14);
  readonly histograms = new Map<number, Histogram>();
  /** Whether `# EOF` was read. */
  ended = false;
  /** Lines read so far. */
  lines = 0;
  readonly #openMetrics: boolean;
  readonly #grammar: LineGrammar;
  readonly #line = new Line();
  readonly #metadata = new Map<string, MetricMetadata>();
  readonly #handles = new Map<string, number>();
  /** Beginning of a line whose end has not come yet. */
  #rest: Uint8Array = new Uint8Array(0);
  /** Series texts of all handles, one after the other, and where each ends. */
  #texts = new Uint8Array(1 << 16);
  #ends = new Int32Array(1 << 10);
  /** Handle that came after this one last; -1 where none has. */
  #after = new Int32Array(1 << 10).fill(-1);
  #bounded = new Uint8Array(1 << 10);
  #last = -1;
  /** Whether the line before had the series of the one before that: which guess is tried first. */
  #repeats = true;
  #type: MetricType = 'unknown';
  #words = wordsOf(this.values);

  constructor(format: 'text' | 'openmetrics') {
    this.#openMetrics = format === 'openmetrics';
    this.#grammar = this.#openMetrics ? carryingGrammar : textGrammar;
  }

  /** Metadata said since this was asked last. */
  takeMetadata(): MetricMetadata[] {
    const taken = [...this.#metadata.values()];
    this.#metadata.clear();
    return taken;
  }

  /** Forgets the samples read so far; the series stay known. */
  clear(): void {
    this.count = 0;
    this.histograms.clear();
  }

  /** Bytes held of a line that has not ended. */
  get pendingBytes(): number {
    return this.#rest.length;
  }

  /**
   * Reads the next bytes; samples are added to the columns.
   * @throws ExpositionError with the number of the line, the lines before it being read
   */
  push(piece: Uint8Array): void {
    let at = 0;
    if (this.#rest.length > 0) {
      const end = piece.indexOf(LF);
      if (this.#rest.length + (end < 0 ? piece.length : end) > MAX_LINE) this.#fail('the line is too long');
      const joined = Buffer.concat([this.#rest, end < 0 ? piece : piece.subarray(0, end + 1)]);
      if (end < 0) {
        this.#rest = joined;
        return;
      }
      this.#rest = new Uint8Array(0);
      this.#read(joined, joined.length);
      at = end + 1;
    }
    const last = piece.lastIndexOf(LF);
    if (last < at) {
      this.#rest = new Uint8Array(piece.subarray(at));
      return;
    }
    this.#read(at === 0 ? piece : piece.subarray(at), last + 1 - at);
    if (piece.length - last - 1 > MAX_LINE) this.#fail('the line is too long');
    this.#rest = new Uint8Array(piece.subarray(last + 1));
  }

  /** Reads a last line without a line feed. @throws ExpositionError */
  end(): void {
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    if (rest.length > 0) this.#read(Buffer.concat([rest, Buffer.of(LF)]), rest.length + 1);
  }

  #fail(message: string): never {
    throw new ExpositionError(this.lines + 1, this.count, message);
  }

  /** Lines in [0, size), each with its line feed. */
  #read(buf: Uint8Array, size: number): void {
    try {
      this.#readLines(buf, size);
    } catch (error) {
      if (error instanceof LineError) this.#fail(error.message);
      throw error;
    }
  }

  #readLines(buf: Uint8Array, size: number): void {
    const line = this.#line;
    const grammar = this.#grammar;
    for (let at = 0; at < size;) {
      if (this.ended) throw new LineError('unexpected data after # EOF');
      if (this.count === this.series.length) this.#grow();
      const last = this.#last;
      let handle = -1;
      let seriesEnd = -1;
      if (last >= 0) {
        const first = this.#repeats ? last : this.#after[last];
        seriesEnd = this.#matches(buf, at, first);
        if (seriesEnd >= 0) handle = first;
        else {
          const second = this.#repeats ? this.#after[last] : last;
          seriesEnd = this.#matches(buf, at, second);
          if (seriesEnd >= 0) handle = second;
        }
      }
      let end = handle >= 0 ? seriesEnd : at;
      while (buf[end] !== LF) end++;
      if (handle >= 0) grammar.parseTail(buf, at, seriesEnd, end, line);
      else {
        grammar.parseLine(buf, at, end, line);
        if (line.kind !== SAMPLE) {
          this.#note(line);
          this.lines++;
          at = end + 1;
          continue;
        }
        handle = this.#handleOf(buf, at, line);
      }
      if (last >= 0) {
        this.#repeats = handle === last;
        if (!this.#repeats) this.#after[last] = handle;
      }
      this.#last = handle;
      const n = this.count++;
      this.series[n] = handle;
      this.values[n] = line.value;
      this.times[n] = line.time;
      if (line.histogram !== null) this.histograms.set(n, line.histogram);
      if (line.value !== line.value && isStaleText(buf, seriesEnd >= 0 ? seriesEnd : line.seriesEnd, end))
        setStaleAt(this.#words, n);
      this.lines++;
      at = end + 1;
    }
  }

  /** End of the series text at `at` when it is that of the handle, in the mode in force; else -1. */
  #matches(buf: Uint8Array, at: number, handle: number): number {
    if (handle < 0 || this.#bounded[handle] !== this.#mode()) return -1;
    const texts = this.#texts;
    const from = handle === 0 ? 0 : this.#ends[handle - 1];
    const length = this.#ends[handle] - from;
    const end = at + length;
    // Beyond the buffer's end this reads undefined, which is no blank.
    if (!isBlank(buf[end])) return -1;
    // Neighbours in a file differ at their ends first, if anywhere.
    for (let k = length - 1; k >= 0; k--) if (texts[from + k] !== buf[at + k]) return -1;
    if (buf[end - 1] === 0x7d) return end;
    let i = end;
    while (isBlank(buf[i])) i++;
    return buf[i] === 0x7b ? -1 : end;
  }

  /** 0, or what stands for the label that is a bound under the type in force. */
  #mode(): number {
    return this.#type === 'histogram' ? 1 : this.#type === 'summary' ? 2 : 0;
  }

  #handleOf(buf: Uint8Array, start: number, line: Line): number {
    let from = start;
    while (isBlank(buf[from])) from++;
    const mode = this.#mode();
    const text = latin1(buf, from, line.seriesEnd);
    const key = mode === 0 ? text : `${mode} ${text}`;
    const known = this.#handles.get(key);
    if (known !== undefined) return known;
    const labels = labelsOfLine(buf, line, MODES[mode], text, from);
    const handle = this.labels.push(labels) - 1;
    this.#handles.set(key, handle);
    this.#keep(handle, buf.subarray(from, line.seriesEnd), mode);
    return handle;
  }

  #keep(handle: number, text: Uint8Array, mode: number): void {
    if (handle === this.#ends.length) {
      this.#ends = grown(this.#ends, new Int32Array(2 * handle));
      this.#after = grown(this.#after, new Int32Array(2 * handle).fill(-1));
      this.#bounded = grown(this.#bounded, new Uint8Array(2 * handle));
    }
    const from = handle === 0 ? 0 : this.#ends[handle - 1];
    while (from + text.length > this.#texts.length)
      this.#texts = grown(this.#texts, new Uint8Array(2 * this.#texts.length));
    this.#texts.set(text, from);
    this.#ends[handle] = from + text.length;
    this.#bounded[handle] = mode;
  }

  #note(line: Line): void {
    if (line.kind === END) {
      this.ended = true;
      return;
    }
    if (line.kind !== TYPE && line.kind !== HELP && line.kind !== UNIT) return;
    const { family } = line;
    const known = this.#metadata.get(family) ?? { family, type: 'unknown', help: '', unit: '' };
    if (line.kind === TYPE) {
      this.#type = line.text as MetricType;
      this.#metadata.set(family, { ...known, type: this.#type });
    } else if (line.kind === HELP) this.#metadata.set(family, { ...known, help: line.text });
    else this.#metadata.set(family, { ...known, unit: line.text });
  }

  #grow(): void {
    const size = 2 * this.series.length;
    this.series = grown(this.series, new Int32Array(size));
    const values = new Float64Array(size);
    wordsOf(values).set(this.#words);
    this.values = values;
    this.#words = wordsOf(values);
    this.times = grown(this.times, new Float64Array(size));
  }
}

const MODES: readonly SeriesMode[] = [
  { boundLabel: '', extra: [] },
  { boundLabel: 'le', extra: [] },
  { boundLabel: 'quantile', extra: [] },
];

function isStaleText(buf: Uint8Array, from: number, end: number): boolean {
  let i = from;
  while (i < end && isBlank(buf[i])) i++;
  for (let k = 0; k < STALE_TEXT.length; k++) if (buf[i + k] !== STALE_TEXT.charCodeAt(k)) return false;
  return true;
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
