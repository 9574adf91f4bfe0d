import {
  DISCOVERY_FIELDS,
  emptyValue,
  fileFields,
  type DiscoveryField,
  type DiscoveryForm,
  type DiscoveryValue,
  type SecretForm,
} from '#shared/contract/index.ts';
import type { JobKeys } from './job-keys.ts';
import { asDesiredMap, asList, asMap, plainNumber, text, truth, type PlainMap, type SecretSink } from './plain-map.ts';
import type { Desired, Plain } from './plain-value.ts';

const SUFFIX = '_sd_configs';

/** How a job finds targets, as the form shows it. */
export function discoveryOfJob(job: PlainMap): readonly DiscoveryForm[] {
  return [...job].flatMap(([key, entries]) => {
    if (!key.endsWith(SUFFIX)) return [];
    const kind = key.slice(0, -SUFFIX.length);
    return asList(entries).map((entry, at) => formOf(kind, at, asMap(entry)));
  });
}

function formOf(kind: string, at: number, entry: PlainMap): DiscoveryForm {
  const fields = fileFields(kind);
  return {
    kind,
    at,
    values: Object.fromEntries(fields.map((field) => [field.key, valueOf(field, plainAt(entry, field.key))])),
    kept: leaves(entry).filter((key) => !fields.some((field) => field.key === key)),
  };
}

function plainAt(entry: PlainMap, key: string): Plain | undefined {
  let here: Plain | undefined = entry;
  for (const part of key.split('.')) here = asMap(here).get(part);
  return here;
}

/** The keys of an entry, those of mappings that fields lead into by their path. */
function leaves(entry: PlainMap, prefix = ''): readonly string[] {
  return [...entry].flatMap(([key, value]) => {
    const path = prefix + key;
    const within = ALL_KEYS.some((known) => known.startsWith(`${path}.`));
    return within && value instanceof Map ? leaves(value as PlainMap, `${path}.`) : [path];
  });
}

const ALL_KEYS: readonly string[] = Object.values(DISCOVERY_FIELDS).flatMap((fields) => fields.map(({ key }) => key));

function valueOf(field: DiscoveryField, value: Plain | undefined): DiscoveryValue {
  switch (field.type) {
    case 'secret':
      return { kind: text(value) === '' ? 'none' : 'kept' };
    case 'list':
      return asList(value).map((item) => text(item));
    case 'flag':
      return value === undefined ? '' : String(truth(value, field.fallback === 'true'));
    default:
      return text(value);
  }
}

/** Says what the form changed of how targets are found; entries that it does not name any more go. */
export function setDiscovery(
  keys: JobKeys,
  form: readonly DiscoveryForm[],
  before: readonly DiscoveryForm[],
  sink: SecretSink,
): void {
  if (JSON.stringify(form) === JSON.stringify(before)) return;
  for (const kind of new Set([...before, ...form].map((each) => each.kind))) {
    const key = kind + SUFFIX;
    const written = keys.get(key);
    const entries = Array.isArray(written) ? (written as readonly Desired[]) : [];
    const wanted = form
      .filter((each) => each.kind === kind)
      .map((each) => {
        const old = before.find((one) => one.kind === kind && each.at !== null && one.at === each.at) ?? null;
        const entry = new Map(asDesiredMap(old === null ? undefined : entries[old.at ?? 0]));
        for (const field of fileFields(kind))
          setField(entry, field, each.values[field.key], old?.values[field.key] ?? emptyValue(field), sink);
        return entry;
      });
    keys.set(key, wanted.length === 0 ? undefined : wanted);
  }
}

function setField(
  entry: Map<string, Desired>,
  { key, type, fallback }: DiscoveryField,
  value: DiscoveryValue | undefined,
  before: DiscoveryValue,
  sink: SecretSink,
): void {
  if (value === undefined || JSON.stringify(value) === JSON.stringify(before)) return;
  const path = key.split('.');
  if (type === 'secret') {
    const secret = value as SecretForm;
    if (secret.kind !== 'kept') setAt(entry, path, secret.kind === 'new' ? sink(secret.text) : undefined);
  } else if (Array.isArray(value)) {
    const items = (value as readonly string[]).map((item) => item.trim()).filter((item) => item !== '');
    setAt(entry, path, items.length === 0 ? undefined : items);
  } else {
    const typed = (value as string).trim();
    if (type === 'flag') setAt(entry, path, typed === '' || typed === fallback ? undefined : typed === 'true');
    else setAt(entry, path, typed === '' ? undefined : plainNumber(typed));
  }
}

/** Sets or takes out a key; mappings on the way come and go with it. */
function setAt(map: Map<string, Desired>, [key, ...rest]: readonly string[], value: Desired | undefined): void {
  if (rest.length === 0) {
    if (value === undefined) map.delete(key);
    else map.set(key, value);
    return;
  }
  const inner = new Map(asDesiredMap(map.get(key)));
  setAt(inner, rest, value);
  if (inner.size === 0) map.delete(key);
  else map.set(key, inner);
}
