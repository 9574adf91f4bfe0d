import type { Brand } from './brand.ts';

/**
 * A label set: `[name, value, name, value, ...]`, sorted by name (UTF-8 byte order), names unique, no empty
 * values (an empty value is the same as no label). Plain data, so it crosses threads and processes as it is.
 * Made only by the functions of this file.
 */
export type Labels = Brand<readonly string[], 'Labels'>;

export const METRIC_NAME = '__name__';

export const EMPTY_LABELS: Labels = [] as readonly string[] as Labels;

/** Order of two strings by their UTF-8 bytes: differs from `<` only where surrogate pairs meet U+E000..U+FFFF. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xSurrogate = x >= 0xd800 && x <= 0xdfff;
    const ySurrogate = y >= 0xd800 && y <= 0xdfff;
    if (xSurrogate !== ySurrogate) return xSurrogate ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

/** Label set of any pairs: sorts, drops empty values; of a repeated name the last one wins. */
export function labelsFromPairs(pairs: Iterable<readonly [name: string, value: string]>): Labels {
  const byName = new Map<string, string>();
  for (const [name, value] of pairs) byName.set(name, value);
  const names = [...byName.keys()].filter((name) => byName.get(name) !== '').sort(compareUtf8);
  const flat: string[] = [];
  for (const name of names) flat.push(name, byName.get(name) as string);
  return flat as readonly string[] as Labels;
}

/** Label set of a record such as `{__name__: 'up', job: 'node'}`. */
export function labelsFromRecord(record: Readonly<Record<string, string>>): Labels {
  return labelsFromPairs(Object.entries(record));
}

/** The label set as a plain object without a prototype, so that a label named `__proto__` is an ordinary one. */
export function labelsToRecord(labels: Labels): Record<string, string> {
  const record = Object.create(null) as Record<string, string>;
  for (let i = 0; i < labels.length; i += 2) record[labels[i]] = labels[i + 1];
  return record;
}

/** Takes over an array that is already sorted, unique and free of empty values (decoders, hot paths). */
export function labelsFromSortedFlat(flat: readonly string[]): Labels {
  return flat as Labels;
}

/** The value of a label; `''` when the set does not have it. */
export function getLabel(labels: Labels, name: string): string {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) return labels[i + 1];
  return '';
}

/** The set with one label set to `value`; an empty value removes it. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  const flat: string[] = [];
  let placed = value === '';
  for (let i = 0; i < labels.length; i += 2) {
    const current = labels[i];
    if (current === name) continue;
    if (!placed && compareUtf8(name, current) < 0) {
      flat.push(name, value);
      placed = true;
    }
    flat.push(current, labels[i + 1]);
  }
  if (!placed) flat.push(name, value);
  return flat as readonly string[] as Labels;
}

/** The set without the labels for which `drop` says true. */
export function filterLabels(labels: Labels, keep: (name: string, value: string) => boolean): Labels {
  const flat: string[] = [];
  for (let i = 0; i < labels.length; i += 2) if (keep(labels[i], labels[i + 1])) flat.push(labels[i], labels[i + 1]);
  return flat.length === labels.length ? labels : (flat as readonly string[] as Labels);
}

export function* labelPairs(labels: Labels): Generator<readonly [name: string, value: string]> {
  for (let i = 0; i < labels.length; i += 2) yield [labels[i], labels[i + 1]];
}

/** A string that is equal for equal label sets and different for different ones: for use as a Map key. */
export function labelsKey(labels: Labels): string {
  // Lengths make the joined text unambiguous whatever bytes the values hold.
  let key = '';
  for (const part of labels) key += `${part.length}:${part}`;
  return key;
}

/** The order in which Prometheus sorts series: by name, then value, label by label; a shorter prefix comes first. */
export function compareLabels(a: Labels, b: Labels): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const order = compareUtf8(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

export function equalLabels(a: Labels, b: Labels): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const LEGACY_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const LEGACY_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** Whether the name can be written without quotes as a label name. */
export function isLegacyLabelName(name: string): boolean {
  return LEGACY_LABEL.test(name);
}

/** Whether the name can be written without quotes as a metric name. */
export function isLegacyMetricName(name: string): boolean {
  return LEGACY_METRIC.test(name);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

const NON_PRINTING = /^[^\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

function quoteChar(char: string): string {
  const escape = ESCAPES[char];
  if (escape !== undefined) return escape;
  if (!NON_PRINTING.test(char)) return char;
  const code = char.codePointAt(0) as number;
  const hex = code.toString(16);
  // A byte that is no UTF-8, where a reader kept it as half of a surrogate pair.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x20 || code === 0x7f) return `\\x${hex.padStart(2, '0')}`;
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** The text as a double-quoted Go string literal. */
export function quoteGo(text: string): string {
  if (/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of text) out += quoteChar(char);
  return `${out}"`;
}

/** All labels in braces, the name among them: `{__name__="up", job="node"}`; error messages name series so. */
export function formatLabels(labels: Labels): string {
  const parts: string[] = [];
  for (const [name, value] of labelPairs(labels))
    parts.push(`${isLegacyLabelName(name) ? name : quoteGo(name)}=${quoteGo(value)}`);
  return `{${parts.join(', ')}}`;
}

/** A series as PromQL writes it: `up{job="node"}`, `{"a.b", x="y"}`, `{}`. */
export function formatSeries(labels: Labels): string {
  const name = getLabel(labels, METRIC_NAME);
  const parts: string[] = [];
  const bareName = name !== '' && isLegacyMetricName(name);
  if (name !== '' && !bareName) parts.push(quoteGo(name));
  for (const [label, value] of labelPairs(labels)) {
    if (label === METRIC_NAME) continue;
    parts.push(`${isLegacyLabelName(label) ? label : quoteGo(label)}=${quoteGo(value)}`);
  }
  if (bareName) return parts.length === 0 ? name : `${name}{${parts.join(', ')}}`;
  return `{${parts.join(', ')}}`;
}
