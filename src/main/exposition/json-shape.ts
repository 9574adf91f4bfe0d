import { METRIC_NAME, METRIC_TYPES, type MetricType } from '#shared/model/index.ts';
import { LineError } from './error.ts';
import { jsonNumber, jsonText, jsonTime, kindOf, metricName } from './json-value.ts';

/** One sample that a document tells of. */
export interface JsonSample {
  readonly name: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
  /** Milliseconds; NaN for none. */
  readonly time: number;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

type Keys = Readonly<Record<string, unknown>>;

/** What each key of a sample is, by its names. */
const ROLES: Readonly<Record<string, 'name' | 'value' | 'labels' | 'time' | 'type' | 'help' | 'unit'>> = {
  name: 'name',
  metric: 'name',
  value: 'value',
  labels: 'labels',
  tags: 'labels',
  timestamp: 'time',
  time: 'time',
  type: 'type',
  help: 'help',
  unit: 'unit',
};

const TYPES: ReadonlySet<string> = new Set(METRIC_TYPES);

const REMEDY =
  'say in hearth.yml which parts of this JSON are samples (jobs: JOB: json:), or answer with [{"name": ..., "value": ..., "labels": {...}, "timestamp": ...}]';

/**
 * The samples of a document in one of the forms that need no mapping: a sample, an array of samples, or an object whose
 * values are numbers, samples or arrays of samples, its keys their names where they have none of their own. A sample is
 * an object of `value` and, if wanted, `name`, `labels`, `timestamp`, `type`, `help`, `unit`. Samples whose value is
 * null are left out.
 * @throws LineError for anything else, with the place
 */
export function recognizedSamples(document: unknown): Iterable<JsonSample> {
  if (Array.isArray(document)) return arrayOf(document as readonly unknown[], '', '$');
  if (!isObject(document)) throw new LineError(`$ is ${kindOf(document)}: ${REMEDY}`);
  return isSample(document) ? one(document, '', '$') : keyed(document);
}

function* keyed(document: Keys): Iterable<JsonSample> {
  for (const [key, member] of Object.entries(document)) {
    const place = `$[${JSON.stringify(key)}]`;
    if (Array.isArray(member)) yield* arrayOf(member as readonly unknown[], key, place);
    else if (isObject(member)) yield* one(member, key, place);
    else if (typeof member === 'number' || typeof member === 'boolean') yield* one({ value: member }, key, place);
    else if (member !== null) throw new LineError(`${place} is ${kindOf(member)}: ${REMEDY}`);
  }
}

function* arrayOf(items: readonly unknown[], name: string, place: string): Iterable<JsonSample> {
  for (const [i, item] of items.entries()) {
    if (!isObject(item)) throw new LineError(`${place}[${i}] is ${kindOf(item)}: ${REMEDY}`);
    yield* one(item, name, `${place}[${i}]`);
  }
}

function isObject(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSample(object: Keys): boolean {
  return Object.hasOwn(object, 'value') && (typeof object['name'] === 'string' || typeof object['metric'] === 'string');
}

function* one(object: Keys, outerName: string, place: string): Iterable<JsonSample> {
  const parts = new Map<string, readonly [value: unknown, place: () => string]>();
  for (const [key, value] of Object.entries(object)) {
    const at = `${place}[${JSON.stringify(key)}]`;
    if (!Object.hasOwn(ROLES, key)) throw new LineError(`${at} is not a key of a sample: ${REMEDY}`);
    const role = ROLES[key];
    if (parts.has(role)) throw new LineError(`${at} says the ${role} a second time`);
    parts.set(role, [value, () => at]);
  }
  const [raw, rawPlace] = parts.get('value') ?? [undefined, () => place];
  if (raw === undefined) throw new LineError(`${place} has no value: ${REMEDY}`);
  const value = jsonNumber(raw, rawPlace);
  if (value === null) return;
  const text = (role: string): string => jsonText(...(parts.get(role) ?? [null, () => place]));
  const labels = labelsOf(...(parts.get('labels') ?? [null, () => place]));
  const own = labels.find(([label]) => label === METRIC_NAME)?.[1] ?? '';
  const type = text('type');
  yield {
    name: metricName(text('name') || own || outerName, () => `${place}["name"]`),
    labels: labels.filter(([label]) => label !== METRIC_NAME),
    value,
    time: jsonTime(...(parts.get('time') ?? [null, () => place])),
    type: TYPES.has(type) ? (type as MetricType) : 'unknown',
    help: text('help'),
    unit: text('unit'),
  };
}

function labelsOf(value: unknown, place: () => string): JsonSample['labels'] {
  if (value === null) return [];
  if (!isObject(value)) throw new LineError(`${place()} must be an object of texts, and is ${kindOf(value)}`);
  return Object.entries(value).map(([label, text]) => {
    const at = (): string => `${place()}[${JSON.stringify(label)}]`;
    if (label === '' || !label.isWellFormed()) throw new LineError(`${at()} is not a label name`);
    return [label, jsonText(text, at)] as const;
  });
}
