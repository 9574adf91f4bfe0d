import { copyColumns, type Columns } from './layout.ts';
import type { LineRunner, Reading } from './line-runner.ts';
import { SCAN_WASM } from './scan-wasm.ts';

/** Words of the state at the start of the memory, as in assembly/scan.ts. */
const AT = 0;
const LINE = 1;
const SAMPLES = 2;
const CURSOR = 3;
const MODE = 4;
const MOVED = 5;
const TIMED = 6;
const ENDED = 7;
const TAIL = 8;
const SIZE = 9;
const OLD_LINES = 10;
const ROOM = 11;
const OLD_TIMED = 12;
const OPENMETRICS = 13;
const METADATA_LABELS = 14;
const BODY = 15;
const OLD_BODY = 16;
const COLUMNS = 17;
const OLD_COLUMNS = 25;

const FIVES = 136;
const LEAST_FIVE = -27;
const MOST_FIVE = 55;
const MOST_TEN = 22;

/** Where the columns begin: behind state, tables and what the compiler may need. */
const FIRST_BYTE = 8192;
const PAGE = 65_536;
/** Memory is only given back with the thread: larger bodies are left to the plain runner. */
const MAX_BYTES = 16 << 20;
/** Bytes behind a body that may be read with it. */
const PADDING = 32;

interface Scan {
  readonly memory: WebAssembly.Memory;
  run(): void;
}

/** Compares sixteen bytes at a time, in WebAssembly: bodies and columns are copied into its memory. */
class SimdRunner implements LineRunner {
  fresh: Columns;
  readonly #scan: Scan;
  #state: Int32Array;
  #bytes: Uint8Array;
  #old: Columns;
  #lines = 0;
  #bodyBytes = 0;
  #body = 0;
  #oldBody = 0;

  constructor(scan: Scan) {
    this.#scan = scan;
    this.#state = new Int32Array(scan.memory.buffer);
    this.#bytes = new Uint8Array(scan.memory.buffer);
    this.fresh = this.#old = columnsAt(scan.memory.buffer, FIRST_BYTE, 0).columns;
    writePowers(scan.memory.buffer);
  }

  begin(reading: Reading): boolean {
    const { body, size, oldBody, old } = reading;
    const oldSize = Math.min(old.start[old.lines], oldBody.length);
    const lines = old.lines + (old.lines >> 3) + 64;
    const largest = Math.max(size, oldSize);
    if ((lines > this.#lines || largest > this.#bodyBytes) && !this.#reserve(lines, largest)) return false;
    this.#bytes.set(body, this.#body);
    this.#bytes.fill(0, this.#body + size, this.#body + size + PADDING);
    this.#bytes.set(oldBody.length === oldSize ? oldBody : oldBody.subarray(0, oldSize), this.#oldBody);
    copyColumns(old, this.#old, old.lines, old.samples);
    const state = this.#state;
    state[SIZE] = size;
    state[OLD_LINES] = old.lines;
    state[OLD_TIMED] = Number(old.timed);
    state[OPENMETRICS] = Number(reading.openMetrics);
    state[METADATA_LABELS] = Number(reading.metadataLabels);
    return true;
  }

  run(reading: Reading): void {
    reading.tail = -1;
    if (reading.cursor >= reading.old.lines) return;
    const state = this.#state;
    state[AT] = reading.at;
    state[LINE] = reading.line;
    state[SAMPLES] = reading.samples;
    state[CURSOR] = reading.cursor;
    state[MODE] = reading.mode;
    state[MOVED] = Number(reading.moved);
    state[TIMED] = Number(reading.timed);
    this.#scan.run();
    reading.at = state[AT];
    reading.line = state[LINE];
    reading.samples = state[SAMPLES];
    reading.cursor = state[CURSOR];
    reading.mode = state[MODE];
    reading.moved = state[MOVED] === 1;
    reading.timed = state[TIMED] === 1;
    reading.ended = state[ENDED] === 1;
    reading.tail = state[TAIL];
  }

  /** Makes room for so many lines and bytes of a body. @returns false when that would be too much */
  #reserve(lines: number, bodyBytes: number): boolean {
    const wantedLines = Math.max(this.#lines, roomFor(lines, 8));
    const wantedBytes = Math.max(this.#bodyBytes, roomFor(bodyBytes, 64));
    const bytes = FIRST_BYTE + wantedLines * 2 * COLUMN_BYTES + 128 + 2 * (wantedBytes + PADDING);
    if (bytes > MAX_BYTES) return false;
    const { memory } = this.#scan;
    const pages = Math.ceil(bytes / PAGE) - memory.buffer.byteLength / PAGE;
    if (pages > 0) memory.grow(pages);
    const { buffer } = memory;
    this.#state = new Int32Array(buffer);
    this.#bytes = new Uint8Array(buffer);
    const fresh = columnsAt(buffer, FIRST_BYTE, wantedLines);
    const old = columnsAt(buffer, fresh.end, wantedLines);
    this.fresh = fresh.columns;
    this.#old = old.columns;
    this.#oldBody = old.end;
    this.#body = old.end + wantedBytes + PADDING;
    this.#lines = wantedLines;
    this.#bodyBytes = wantedBytes;
    const state = this.#state;
    state[ROOM] = wantedLines;
    state[BODY] = this.#body;
    state[OLD_BODY] = this.#oldBody;
    placesOf(this.fresh).forEach((place, i) => (state[COLUMNS + i] = place));
    placesOf(this.#old).forEach((place, i) => (state[OLD_COLUMNS + i] = place));
    return true;
  }
}

/** Bytes of all columns a line. */
const COLUMN_BYTES = 8 + 8 + 4 + 4 + 4 + 4 + 2 + 1;

/** A quarter more, and a multiple of `unit`. */
function roomFor(size: number, unit: number): number {
  return Math.ceil((size * 1.25) / unit) * unit;
}

/** Columns of `lines` lines, a multiple of eight, laid over memory from `from` on. */
function columnsAt(buffer: ArrayBuffer, from: number, lines: number): { columns: Columns; end: number } {
  let at = from;
  const next = (bytes: number): number => {
    at += bytes;
    return at - bytes;
  };
  const columns: Columns = {
    values: new Float64Array(buffer, next(8 * lines), lines),
    times: new Float64Array(buffer, next(8 * lines), lines),
    // One more: where a line after the last would start.
    start: new Int32Array(buffer, next(4 * lines + 8), lines + 1),
    seriesEnd: new Int32Array(buffer, next(4 * lines), lines),
    first: new Int32Array(buffer, next(4 * lines), lines),
    series: new Int32Array(buffer, next(4 * lines), lines),
    mode: new Uint16Array(buffer, next(2 * lines), lines),
    kind: new Uint8Array(buffer, next(lines), lines),
  };
  return { columns, end: at };
}

/** Where the columns lie, in the order of the state. */
function placesOf({ start, seriesEnd, first, kind, mode, series, values, times }: Columns): number[] {
  return [start, seriesEnd, first, kind, mode, series, values, times].map(({ byteOffset }) => byteOffset);
}

/** 128 bits of each power of five, rounded down from one on and up below, and the powers of ten. */
function writePowers(buffer: ArrayBuffer): void {
  const view = new DataView(buffer);
  let at = FIVES;
  for (let q = LEAST_FIVE; q <= MOST_FIVE; q++) {
    const five = 5n ** BigInt(Math.abs(q));
    const bits = five.toString(2).length;
    const power = q >= 0 ? five << BigInt(128 - bits) : (1n << BigInt(bits + 127)) / five + 1n;
    view.setBigUint64(at, power >> 64n, true);
    view.setBigUint64(at + 8, power & 0xffff_ffff_ffff_ffffn, true);
    at += 16;
  }
  for (let exponent = 0; exponent <= MOST_TEN; exponent++, at += 8) view.setFloat64(at, Number(`1e${exponent}`), true);
}

let made: SimdRunner | null | undefined;

/** The one of this thread; null where there is no WebAssembly with vectors, or no memory for it. */
export function simdRunner(): LineRunner | null {
  if (made === undefined) {
    try {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(SCAN_WASM, 'base64')));
      made = new SimdRunner(exports as unknown as Scan);
    } catch {
      made = null;
    }
  }
  return made;
}
