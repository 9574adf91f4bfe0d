import { quoteGo } from '#shared/model/index.ts';
import { LineError } from './error.ts';
import {
  BLANK,
  COMMENT,
  expected,
  HELP,
  isBlank,
  QUOTE,
  SAMPLE,
  scanLabelName,
  scanMetricName,
  scanQuoted,
  TYPE,
  unescapeClassicHelp,
  unescapeLabel,
  utf8,
  type Line,
  type LineGrammar,
} from './line.ts';
import { parseFloatBytes } from './number.ts';

function skipBlanks(buf: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isBlank(buf[i])) i++;
  return i;
}

/** The classic text format, versions 0.0.4 and 1.0.0 (quoted UTF-8 names). */
export const textGrammar: LineGrammar = {
  parseLine(buf, start, end, line) {
    const at = skipBlanks(buf, start, end);
    if (at === end) {
      line.kind = BLANK;
      return;
    }
    if (buf[at] === 0x23) {
      parseComment(buf, start, at, end, line);
      return;
    }
    line.kind = SAMPLE;
    line.nameStart = -1;
    line.pairs.length = 0;
    let i = at;
    if (buf[at] !== 0x7b) {
      i = scanMetricName(buf, at, end);
      if (i === at) throw expected('expected a valid start token', buf, start, at, end);
      line.nameStart = at;
      line.nameEnd = i;
    }
    const brace = skipBlanks(buf, i, end);
    if (brace < end && buf[brace] === 0x7b) i = parseLabels(buf, start, brace + 1, end, line);
    if (line.nameStart === -1)
      throw new LineError(`metric name not set while parsing: ${quoteGo(utf8(buf, start, i, 'text'))}`);
    line.seriesEnd = i;
    this.parseTail(buf, start, i, end, line);
  },

  parseTail(buf, start, from, end, line) {
    line.exemplar = null;
    line.time = NaN;
    let i = skipBlanks(buf, from, end);
    const valueStart = i;
    while (i < end && !isBlank(buf[i]) && buf[i] !== 0x7b) i++;
    // After a bare name a blank must follow, or the name would have gone on.
    if (i === valueStart) throw expected('expected value after metric', buf, start, i, end);
    if (valueStart === from && buf[from - 1] !== 0x7d)
      throw expected('expected value after metric', buf, start, from, end);
    line.value = parseFloatBytes(buf, valueStart, i);
    if (i === end) return;
    i = skipBlanks(buf, i, end);
    if (i === end) return;
    const timeStart = i;
    if (buf[i] === 0x2d) i++;
    const digits = i;
    let time = 0;
    for (; i < end; i++) {
      const d = buf[i] - 0x30;
      if (d < 0 || d > 9) break;
      time = time * 10 + d;
    }
    if (i === digits) throw expected('expected timestamp or new record', buf, start, i, end);
    const rest = skipBlanks(buf, i, end);
    if (rest !== end) throw expected('expected next entry after timestamp', buf, start, rest, end);
    if (!Number.isSafeInteger(time))
      throw new LineError(`timestamp out of range: ${quoteGo(utf8(buf, timeStart, i, 'text'))}`);
    line.time = buf[timeStart] === 0x2d ? -time : time;
  },
};

const TYPES: Readonly<Record<string, string>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  untyped: 'unknown',
};

function parseComment(buf: Uint8Array, start: number, at: number, end: number, line: Line): void {
  line.kind = COMMENT;
  const word = skipBlanks(buf, at + 1, end);
  const kind = keyword(buf, word, end);
  if (kind === COMMENT) return;
  const name = skipBlanks(buf, word + 4, end);
  const what = kind === HELP ? 'HELP' : 'TYPE';
  let nameEnd: number;
  if (name < end && buf[name] === QUOTE) {
    nameEnd = scanQuoted(buf, name, end);
    if (nameEnd === -1 || nameEnd === name + 2)
      throw expected(`expected metric name after ${what}`, buf, start, name, end);
    line.family = unescapeLabel(utf8(buf, name + 1, nameEnd - 1, 'metric name'));
  } else {
    nameEnd = scanMetricName(buf, name, end);
    if (nameEnd === name) throw expected(`expected metric name after ${what}`, buf, start, name, end);
    line.family = utf8(buf, name, nameEnd, 'metric name');
  }
  if (nameEnd < end && !isBlank(buf[nameEnd])) throw expected(`expected text in ${what}`, buf, start, nameEnd, end);
  if (kind === HELP) {
    line.text = unescapeClassicHelp(utf8(buf, Math.min(nameEnd + 1, end), end, 'help text'));
  } else {
    const text = utf8(buf, nameEnd, end, 'metric type').trim();
    const type = Object.hasOwn(TYPES, text) ? TYPES[text] : undefined;
    if (type === undefined) throw new LineError(`invalid metric type ${quoteGo(text)}`);
    line.text = type;
  }
  line.kind = kind;
}

/** HELP or TYPE when that word, followed by a blank or the line's end, is at `at`; else COMMENT. */
function keyword(buf: Uint8Array, at: number, end: number): number {
  if (end - at < 4 || (end - at > 4 && !isBlank(buf[at + 4]))) return COMMENT;
  if (buf[at] === 0x48 && buf[at + 1] === 0x45 && buf[at + 2] === 0x4c && buf[at + 3] === 0x50) return HELP;
  if (buf[at] === 0x54 && buf[at + 1] === 0x59 && buf[at + 2] === 0x50 && buf[at + 3] === 0x45) return TYPE;
  return COMMENT;
}

/** Reads labels after `{`; returns the offset after `}`. */
function parseLabels(buf: Uint8Array, start: number, from: number, end: number, line: Line): number {
  let i = skipBlanks(buf, from, end);
  for (;;) {
    if (i < end && buf[i] === 0x7d) return i + 1;
    let nameStart = i;
    let nameEnd: number;
    const quoted = i < end && buf[i] === QUOTE;
    if (quoted) {
      const after = scanQuoted(buf, i, end);
      if (after === -1 || after === i + 2) throw expected('expected label name', buf, start, i, end);
      nameStart = i + 1;
      nameEnd = after - 1;
      i = after;
    } else {
      nameEnd = scanLabelName(buf, i, end);
      if (nameEnd === i) throw expected('expected label name', buf, start, i, end);
      i = nameEnd;
    }
    i = skipBlanks(buf, i, end);
    if (quoted && i < end && (buf[i] === 0x2c || buf[i] === 0x7d)) {
      // A quoted string on its own is the metric name.
      if (line.nameStart !== -1) throw expected('metric name already set', buf, start, i, end);
      line.nameStart = nameStart;
      line.nameEnd = nameEnd;
      if (buf[i] === 0x2c) i = skipBlanks(buf, i + 1, end);
      continue;
    }
    if (i >= end || buf[i] !== 0x3d) throw expected('expected equal', buf, start, i, end);
    i = skipBlanks(buf, i + 1, end);
    const valueEnd = i < end && buf[i] === QUOTE ? scanQuoted(buf, i, end) : -1;
    if (valueEnd === -1) throw expected('expected label value', buf, start, i, end);
    line.pairs.push(nameStart, nameEnd, i + 1, valueEnd - 1);
    i = skipBlanks(buf, valueEnd, end);
    // Known weakness of the reference that targets rely on: a comma between labels may be missing.
    if (i < end && buf[i] === 0x2c) i = skipBlanks(buf, i + 1, end);
  }
}
