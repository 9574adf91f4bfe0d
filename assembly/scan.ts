/*
 * AssemblyScript. Compares a body with the one before it, sixteen bytes at a time, and reads the values of the lines in
 * which nothing else differs. What it does is what PlainRunner (src/main/exposition/plain-runner.ts) does, which is its
 * oracle; who calls it is SimdRunner (src/main/exposition/simd-runner.ts), where the places of all columns are set.
 * `npm run wasm` makes src/main/exposition/scan-wasm.ts of it.
 */

// Words of the state, as in simd-runner.ts.
const AT = 0;
const LINE = 4;
const SAMPLES = 8;
const CURSOR = 12;
const MODE = 16;
const MOVED = 20;
const TIMED = 24;
const ENDED = 28;
/** Where the series text ends of a line that only differs after it; -1: of none. */
const TAIL = 32;
const SIZE = 36;
const OLD_LINES = 40;
const ROOM = 44;
const OLD_TIMED = 48;
const OPENMETRICS = 52;
const METADATA_LABELS = 56;
const BODY = 60;
const OLD_BODY = 64;
const START = 68;
const SERIES_END = 72;
const FIRST = 76;
const KIND = 80;
const LINE_MODE = 84;
const SERIES = 88;
const VALUES = 92;
const TIMES = 96;
const OLD_START = 100;
const OLD_SERIES_END = 104;
const OLD_FIRST = 108;
const OLD_KIND = 112;
const OLD_LINE_MODE = 116;
const OLD_SERIES = 120;
const OLD_VALUES = 124;
const OLD_TIMES = 128;
/** Powers of five for `scaled`: 128 bits each, the upper half first. */
const FIVES = 136;
const LEAST_FIVE = -27;
const MOST_FIVE = 55;
/** Powers of ten up to 10^22 as doubles. */
const TENS = FIVES + 16 * (MOST_FIVE - LEAST_FIVE + 1);
const MOST_TEN = 22;

const SAMPLE_LINE = 0;
const NO_EFFECT = 1;
const MODE_CHANGE = 2;

const LF = 0x0a;
const BLANK = 0x20;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const LETTER_E = 0x65;

// What `number` found.
let value: f64 = 0;
let numberEnd: usize = 0;

/** Goes on from the state until the body ends, or a line has to be read in another way. */
export function run(): void {
  let at = load<i32>(AT);
  let line = load<i32>(LINE);
  let samples = load<i32>(SAMPLES);
  let cursor = load<i32>(CURSOR);
  let mode = load<i32>(MODE);
  let moved = load<i32>(MOVED);
  let timed = load<i32>(TIMED);
  let ended = 0;
  let tail = -1;
  const size = load<i32>(SIZE);
  const oldLines = load<i32>(OLD_LINES);
  const room = load<i32>(ROOM);
  const oldTimed = load<i32>(OLD_TIMED);
  const openMetrics = load<i32>(OPENMETRICS);
  const metadataLabels = load<i32>(METADATA_LABELS);
  const body = <usize>load<u32>(BODY);
  const oldBody = <usize>load<u32>(OLD_BODY);
  const start = <usize>load<u32>(START);
  const seriesEnd = <usize>load<u32>(SERIES_END);
  const first = <usize>load<u32>(FIRST);
  const kinds = <usize>load<u32>(KIND);
  const modes = <usize>load<u32>(LINE_MODE);
  const series = <usize>load<u32>(SERIES);
  const values = <usize>load<u32>(VALUES);
  const times = <usize>load<u32>(TIMES);
  const oldStart = <usize>load<u32>(OLD_START);
  const oldSeriesEnd = <usize>load<u32>(OLD_SERIES_END);
  const oldFirst = <usize>load<u32>(OLD_FIRST);
  const oldKinds = <usize>load<u32>(OLD_KIND);
  const oldModes = <usize>load<u32>(OLD_LINE_MODE);
  const oldSeries = <usize>load<u32>(OLD_SERIES);
  const oldValues = <usize>load<u32>(OLD_VALUES);
  const oldTimes = <usize>load<u32>(OLD_TIMES);
  const bodyEnd = body + size;

  while (at < size && cursor < oldLines && line < room) {
    const before = load<i32>(oldStart + (cursor << 2));
    const length = load<i32>(oldStart + ((cursor + 1) << 2)) - 1 - before;
    const kind = <i32>load<u8>(oldKinds + cursor);
    const old = oldBody + before;
    const fresh = body + at;
    const most = min(length, size - at);
    let same = 0;
    // Bytes beyond either end may be compared, and never count.
    while (same < most) {
      const equal = i8x16.bitmask(i8x16.eq(v128.load(old + same), v128.load(fresh + same)));
      if (equal !== 0xffff) {
        same += ctz(~equal);
        break;
      }
      same += 16;
    }
    if (same > most) same = most;

    let lineEnd = at + length;
    let sampleTime: f64 = NaN;
    if (same === length && (lineEnd === size || load<u8>(fresh + length) === LF)) {
      if (kind === SAMPLE_LINE) {
        if (<i32>load<u16>(oldModes + (cursor << 1)) !== mode) break;
        const sample = load<i32>(oldFirst + (cursor << 2));
        if (sample !== samples) moved = 1;
        store<i32>(series + (samples << 2), load<i32>(oldSeries + (sample << 2)));
        // As an integer: the bits of a NaN are to stay as they are.
        store<i64>(values + (samples << 3), load<i64>(oldValues + (sample << 3)));
        if (oldTimed) sampleTime = load<f64>(oldTimes + (sample << 3));
        store<i32>(seriesEnd + (line << 2), at + load<i32>(oldSeriesEnd + (cursor << 2)) - before);
      } else {
        if (kind !== NO_EFFECT && metadataLabels) break;
        if (kind === MODE_CHANGE) mode = <i32>load<u16>(oldModes + (cursor << 1));
        else if (openMetrics && length === 5 && load<u8>(fresh + 2) === 0x45) ended = 1;
      }
    } else {
      if (kind !== SAMPLE_LINE || <i32>load<u16>(oldModes + (cursor << 1)) !== mode) break;
      const text = load<i32>(oldSeriesEnd + (cursor << 2)) - before;
      if (same <= text) break;
      if (!number(fresh + text)) {
        tail = at + text;
        break;
      }
      let p = numberEnd;
      if (!openMetrics && load<u8>(p) === BLANK && p < bodyEnd) {
        p = milliseconds(p + 1);
        sampleTime = value2;
      }
      if (p === 0 || (p !== bodyEnd && load<u8>(p) !== LF)) {
        tail = at + text;
        break;
      }
      lineEnd = <i32>(p - body);
      const sample = load<i32>(oldFirst + (cursor << 2));
      if (sample !== samples) moved = 1;
      store<i32>(series + (samples << 2), load<i32>(oldSeries + (sample << 2)));
      store<f64>(values + (samples << 3), value);
      store<i32>(seriesEnd + (line << 2), at + text);
    }
    store<i32>(start + (line << 2), at);
    store<i32>(first + (line << 2), samples);
    store<u8>(kinds + line, <u8>kind);
    store<u16>(modes + (line << 1), <u16>mode);
    if (kind === SAMPLE_LINE) {
      store<f64>(times + (samples << 3), sampleTime);
      if (sampleTime === sampleTime) timed = 1;
      samples++;
    }
    line++;
    cursor++;
    at = lineEnd + 1;
    // What follows the end is an error, for the caller to find.
    if (ended) break;
  }
  store<i32>(AT, at);
  store<i32>(LINE, line);
  store<i32>(SAMPLES, samples);
  store<i32>(CURSOR, cursor);
  store<i32>(MODE, mode);
  store<i32>(MOVED, moved);
  store<i32>(TIMED, timed);
  store<i32>(ENDED, ended);
  store<i32>(TAIL, tail);
}

// What `milliseconds` found.
let value2: f64 = 0;

/** Reads an integer of at most 15 digits; sets `value2`. @returns where it ends, 0 when it is anything else */
function milliseconds(from: usize): usize {
  let p = from;
  const negative = load<u8>(p) === MINUS;
  if (negative) p++;
  const digits = p;
  let n: i64 = 0;
  for (let d = <u32>load<u8>(p) - ZERO; d < 10; d = <u32>load<u8>(++p) - ZERO) {
    if (p - digits === 15) return 0;
    n = n * 10 + d;
  }
  if (p === digits) return 0;
  value2 = <f64>(negative ? -n : n);
  return p;
}

/**
 * Reads a blank and a decimal number of at most 19 digits; sets `value`, exactly rounded, and `numberEnd`.
 * @returns false when it is anything else, or one that takes more than this to be rounded exactly
 */
function number(from: usize): bool {
  if (load<u8>(from) !== BLANK) return false;
  let p = from + 1;
  const negative = load<u8>(p) === MINUS;
  if (negative) p++;
  let w: u64 = 0;
  const whole = p;
  let d = <u32>load<u8>(p) - ZERO;
  while (d < 10) {
    w = w * 10 + d;
    d = <u32>load<u8>(++p) - ZERO;
  }
  let digits = <i32>(p - whole);
  let exponent = 0;
  if (load<u8>(p) === POINT) {
    const fraction = ++p;
    d = <u32>load<u8>(p) - ZERO;
    while (d < 10) {
      w = w * 10 + d;
      d = <u32>load<u8>(++p) - ZERO;
    }
    exponent = <i32>(fraction - p);
    digits -= exponent;
  }
  if (digits === 0) return false;
  if (digits > 19) {
    // Zeros in front are none that count.
    let q = whole;
    for (let c = load<u8>(q); (c === ZERO || c === POINT) && q < p; c = load<u8>(++q)) if (c === ZERO) digits--;
    if (digits > 19) return false;
  }
  if ((load<u8>(p) | 0x20) === LETTER_E) {
    p++;
    const sign = load<u8>(p);
    if (sign === MINUS || sign === PLUS) p++;
    const from = p;
    let e = 0;
    d = <u32>load<u8>(p) - ZERO;
    while (d < 10 && p - from < 4) {
      e = e * 10 + d;
      d = <u32>load<u8>(++p) - ZERO;
    }
    if (p === from || d < 10) return false;
    exponent += sign === MINUS ? -e : e;
  }
  let result: f64;
  if (w === 0) result = 0;
  else if (w <= (<u64>1) << 53 && exponent >= -MOST_TEN && exponent <= MOST_TEN) {
    // Both are exact, so the one division or multiplication rounds right.
    result = exponent < 0 ? <f64>w / load<f64>(TENS + (-exponent << 3)) : <f64>w * load<f64>(TENS + (exponent << 3));
  } else if (exponent >= LEAST_FIVE && exponent <= MOST_FIVE) result = scaled(w, exponent);
  else return false;
  value = negative ? -result : result;
  numberEnd = p;
  return true;
}

function upperHalf(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (middle & 0xffffffff);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

/**
 * The double next to w * 10^q, w not 0 (Lemire, "Number Parsing at a Gigabyte per Second", 2021): w times a power of
 * five of 128 bits, whose upper bits are the mantissa. Between LEAST_FIVE and MOST_FIVE they always decide.
 */
function scaled(w: u64, q: i32): f64 {
  const shift = <i32>clz(w);
  const left = w << shift;
  const five: usize = FIVES + ((q - LEAST_FIVE) << 4);
  const high = load<u64>(five);
  let upper = upperHalf(left, high);
  let lower = left * high;
  // Nine bits are left below the mantissa and its rounding: when all are set, what was cut off may carry into it.
  if ((upper & 0x1ff) === 0x1ff) {
    const carried = upperHalf(left, load<u64>(five + 8));
    lower += carried;
    if (carried > lower) upper++;
  }
  const top = <i32>(upper >> 63);
  const cut = top + 9;
  let mantissa = upper >> cut;
  // log2(10^q) in fixed point; the exponent's bias is 1023.
  let power = ((217706 * q) >> 16) + 63 + top - shift + 1023;
  // Exactly between two doubles: to the even one.
  if (lower <= 1 && q >= -4 && q <= 23 && (mantissa & 3) === 1 && mantissa << cut === upper) mantissa &= ~(<u64>1);
  mantissa += mantissa & 1;
  mantissa >>= 1;
  if (mantissa >= (<u64>1) << 53) {
    mantissa = (<u64>1) << 52;
    power++;
  }
  return reinterpret<f64>((mantissa & ~((<u64>1) << 52)) | ((<u64>power) << 52));
}
