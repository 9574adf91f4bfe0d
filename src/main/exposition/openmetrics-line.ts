import { METRIC_TYPES, quoteGo } from '#shared/model/index.ts';
import { LineError } from './error.ts';
import {
  END,
  expected,
  HELP,
  QUOTE,
  SAMPLE,
  scanLabelName,
  scanMetricName,
  scanQuoted,
  TYPE,
  UNIT,
  unescapeLabel,
  utf8,
  type Line,
  type LineExemplar,
  type LineGrammar,
} from './line.ts';
import { parseFloatBytes } from './number.ts';

const TYPES: ReadonlySet<string> = new Set(METRIC_TYPES);

/** OpenMetrics text 0.0.1 and 1.0.0: separators are single blanks, times are seconds. */
export const openMetricsGrammar: LineGrammar = {
  parseLine(buf, start, end, line) {
    if (start < end && buf[start] === 0x23) {
      parseMetadata(buf, start, end, line);
      return;
    }
    line.kind = SAMPLE;
    line.nameStart = -1;
    line.pairs.length = 0;
    let i = start;
    if (start < end && buf[start] !== 0x7b) {
      i = scanMetricName(buf, start, end);
      if (i > start) {
        line.nameStart = start;
        line.nameEnd = i;
      }
    }
    if (start === end || (i === start && buf[start] !== 0x7b))
      throw expected('expected a valid start token', buf, start, start, end);
    if (i < end && buf[i] === 0x7b) i = parseLabels(buf, start, i + 1, end, line.pairs, line);
    if (line.nameStart === -1)
      throw new LineError(`metric name not set while parsing: ${quoteGo(utf8(buf, start, i, 'text'))}`);
    line.seriesEnd = i;
    this.parseTail(buf, start, i, end, line);
  },

  parseTail(buf, start, from, end, line) {
    line.exemplar = null;
    line.time = NaN;
    const valueEnd = scanWord(buf, from, end);
    if (valueEnd === -1) throw expected('expected value after metric', buf, start, from, end);
    line.value = parseFloatBytes(buf, from + 1, valueEnd);
    if (valueEnd === end) return;
    let i = valueEnd;
    if (!startsExemplar(buf, i, end)) {
      const timeEnd = scanWord(buf, i, end);
      if (timeEnd === -1 || buf[i + 1] === 0x23) throw expected('expected timestamp or # symbol', buf, start, i, end);
      line.time = parseTime(buf, i + 1, timeEnd, 'timestamp');
      i = timeEnd;
      if (i === end) return;
      if (!startsExemplar(buf, i, end)) throw expected('expected next entry after timestamp', buf, start, i, end);
    }
    line.exemplar = parseExemplar(buf, start, i + 4, end);
  },
};

/** End of the word after the single blank at `at`; -1 when there is none. */
function scanWord(buf: Uint8Array, at: number, end: number): number {
  if (at >= end || buf[at] !== 0x20) return -1;
  let i = at + 1;
  while (i < end && buf[i] !== 0x20) i++;
  return i === at + 1 ? -1 : i;
}

/** Whether ` # {` is at `at`. */
function startsExemplar(buf: Uint8Array, at: number, end: number): boolean {
  return end - at >= 4 && buf[at] === 0x20 && buf[at + 1] === 0x23 && buf[at + 2] === 0x20 && buf[at + 3] === 0x7b;
}

function parseTime(buf: Uint8Array, from: number, to: number, what: string): number {
  const seconds = parseFloatBytes(buf, from, to);
  if (!Number.isFinite(seconds)) throw new LineError(`invalid ${what} ${utf8(buf, from, to, 'text')}`);
  return Math.trunc(seconds * 1000);
}

function parseExemplar(buf: Uint8Array, start: number, from: number, end: number): LineExemplar {
  const pairs: number[] = [];
  let i = parseLabels(buf, start, from, end, pairs, null);
  const labels: (readonly [string, string])[] = [];
  for (let p = 0; p < pairs.length; p += 4)
    labels.push([
      unescapeLabel(utf8(buf, pairs[p], pairs[p + 1], 'label name')),
      unescapeLabel(utf8(buf, pairs[p + 2], pairs[p + 3], 'label value')),
    ]);
  const valueEnd = scanWord(buf, i, end);
  if (valueEnd === -1) throw expected('expected value after exemplar labels', buf, start, i, end);
  const value = parseFloatBytes(buf, i + 1, valueEnd);
  i = valueEnd;
  let time = NaN;
  if (i < end) {
    const timeEnd = scanWord(buf, i, end);
    if (timeEnd === -1) throw expected('expected exemplar timestamp', buf, start, i, end);
    time = parseTime(buf, i + 1, timeEnd, 'exemplar timestamp');
    if (timeEnd !== end) throw expected('expected next entry after exemplar timestamp', buf, start, timeEnd, end);
  }
  return { labels, value, time };
}

const KEYWORDS: readonly (readonly [word: string, kind: number])[] = [
  ['# HELP ', HELP],
  ['# TYPE ', TYPE],
  ['# UNIT ', UNIT],
];

function parseMetadata(buf: Uint8Array, start: number, end: number, line: Line): void {
  const head = utf8(buf, start, Math.min(end, start + 7), 'text');
  if (head.startsWith('# EOF')) {
    if (end - start > 5) throw new LineError('unexpected data after # EOF');
    line.kind = END;
    return;
  }
  const found = KEYWORDS.find(([word]) => word === head || (head.length === 6 && word.startsWith(head)));
  if (found === undefined) throw expected('expected a valid start token', buf, start, start, end);
  const [word, kind] = found;
  const what = word.slice(2, 6);
  const name = start + 7;
  let nameEnd: number;
  if (name < end && buf[name] === QUOTE) {
    nameEnd = scanQuoted(buf, name, end);
    if (nameEnd === -1 || nameEnd === name + 2)
      throw expected(`expected metric name after ${what}`, buf, start, name, end);
    line.family = unescapeLabel(utf8(buf, name + 1, nameEnd - 1, 'metric name'));
  } else {
    nameEnd = name >= end ? name : scanMetricName(buf, name, end);
    if (nameEnd === name) throw expected(`expected metric name after ${what}`, buf, start, Math.min(name, end), end);
    line.family = utf8(buf, name, nameEnd, 'metric name');
  }
  if (nameEnd >= end || buf[nameEnd] !== 0x20) throw expected(`expected text in ${what}`, buf, start, nameEnd, end);
  const text = utf8(buf, nameEnd + 1, end, 'help text');
  line.kind = kind;
  if (kind === HELP) line.text = unescapeLabel(text);
  else if (kind === TYPE) {
    if (!TYPES.has(text)) throw new LineError(`invalid metric type ${quoteGo(text)}`);
    line.text = text;
  } else {
    if (text !== '' && !line.family.endsWith(`_${text}`))
      throw new LineError(`unit ${quoteGo(text)} not a suffix of metric ${quoteGo(line.family)}`);
    line.text = text;
  }
}

/** Reads labels after `{`; `line` takes a quoted metric name among them (null: none may be). Returns the offset after `}`. */
function parseLabels(
  buf: Uint8Array,
  start: number,
  from: number,
  end: number,
  pairs: number[],
  line: Line | null,
): number {
  let i = from;
  if (i < end && buf[i] === 0x7d) return i + 1;
  for (;;) {
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
    if (quoted && line !== null && i < end && (buf[i] === 0x2c || buf[i] === 0x7d)) {
      if (line.nameStart !== -1) throw expected('metric name already set', buf, start, i, end);
      line.nameStart = nameStart;
      line.nameEnd = nameEnd;
    } else {
      if (i >= end || buf[i] !== 0x3d) throw expected('expected equal', buf, start, i, end);
      i++;
      const valueEnd = i < end && buf[i] === QUOTE ? scanQuoted(buf, i, end) : -1;
      if (valueEnd === -1) throw expected('expected label value', buf, start, i, end);
      pairs.push(nameStart, nameEnd, i + 1, valueEnd - 1);
      i = valueEnd;
    }
    if (i < end && buf[i] === 0x7d) return i + 1;
    if (i >= end || buf[i] !== 0x2c) throw expected('expected comma or brace close', buf, start, i, end);
    i++;
    if (i < end && buf[i] === 0x7d) return i + 1;
  }
}
