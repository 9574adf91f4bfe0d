import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { zh } from '#renderer/i18n/zh/index.ts';
import { resources } from '#renderer/i18n/index.ts';

/** Every word that the interface asks for is in its catalogue, and every word of a catalogue is asked for. */
const PLURAL = /_(?:zero|one|two|few|many|other)$/;
type Namespace = keyof typeof resources.en;

function keysOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [prefix.replace(PLURAL, '')];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, prefix === '' ? key : `${prefix}.${key}`));
}

interface Asked {
  /** Keys in `t('...')`. */
  readonly literal: Set<string>;
  /** Words in quotes that may be keys: of a table, or chosen between two. */
  readonly quoted: Set<string>;
  /** Keys put together from a template. */
  readonly patterns: RegExp[];
}

function nothing(): Asked {
  return { literal: new Set(), quoted: new Set(), patterns: [] };
}

/** A page asks its own catalogue, all other folders the common one; `common:` names it from a page. */
function askedByNamespace(): Readonly<Record<Namespace, Asked>> {
  const asked = { common: nothing(), live: nothing(), explore: nothing(), quality: nothing(), settings: nothing() };
  for (const file of globSync('src/renderer/**/*.{ts,tsx}')) {
    const text = readFileSync(file, 'utf8');
    const own = (/pages\/(live|explore|quality|settings)\//.exec(file.replaceAll('\\', '/'))?.[1] ??
      'common') as Namespace;
    const place = (key: string): readonly [Asked, string] =>
      key.startsWith('common:') ? [asked.common, key.slice('common:'.length)] : [asked[own], key];
    for (const [, found] of text.matchAll(/\bt\(\s*'([^']+)'/g)) {
      const [to, key] = place(found);
      to.literal.add(key);
    }
    for (const [, template] of text.matchAll(/\bt\(\s*`([^`]+)`/g)) {
      const [to, key] = place(template);
      const parts = key.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', String.raw`\.`));
      to.patterns.push(new RegExp(`^${parts.join('[^.]+')}$`));
    }
    for (const [, found] of text.matchAll(/'((?:common:)?[a-z]\w*(?:\.[\w-]+)*)'/gi)) {
      const [to, key] = place(found);
      to.quoted.add(key);
    }
  }
  return asked;
}

const asked = askedByNamespace();

test.each(Object.keys(resources.en) as Namespace[])('the words of %s', (namespace) => {
  const keys = new Set(keysOf(resources.en[namespace]));
  const { literal, quoted, patterns } = asked[namespace];
  expect(literal.size).toBeGreaterThan(0);
  expect([...literal].filter((key) => !keys.has(key))).toEqual([]);
  for (const pattern of patterns) expect([...keys].filter((key) => pattern.test(key)).length).toBeGreaterThan(0);
  const isAsked = (key: string): boolean =>
    literal.has(key) || quoted.has(key) || patterns.some((pattern) => pattern.test(key));
  expect([...keys].filter((key) => !isAsked(key))).toEqual([]);
});

/** Keys with the placeholders of their text; plural forms of one key taken together. */
function placeholdersOf(value: unknown, prefix = ''): [key: string, names: string][] {
  if (typeof value === 'string')
    return [
      [
        prefix.replace(PLURAL, ''),
        [...value.matchAll(/\{\{(\w+)\}\}/g)]
          .map(([, name]) => name)
          .sort()
          .join(' '),
      ],
    ];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    placeholdersOf(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}

/** All placeholders that any form of a key has, by key. */
function joined(catalogue: unknown): Map<string, string> {
  const all = new Map<string, Set<string>>();
  for (const [key, names] of placeholdersOf(catalogue)) {
    const known = all.get(key) ?? new Set<string>();
    for (const name of names.split(' ').filter(Boolean)) known.add(name);
    all.set(key, known);
  }
  return new Map([...all].map(([key, names]) => [key, [...names].sort().join(' ')]));
}

test.each(Object.keys(resources.en) as Namespace[])('%s says the same in both languages', (namespace) => {
  const english = joined(resources.en[namespace]);
  const chinese = joined(zh[namespace]);
  expect([...english.keys()].filter((key) => !chinese.has(key))).toEqual([]);
  expect([...chinese.keys()].filter((key) => !english.has(key))).toEqual([]);
  for (const [key, names] of english) expect(`${key}: ${chinese.get(key)}`).toBe(`${key}: ${names}`);
});

test('no text stands in the code', () => {
  const found: string[] = [];
  for (const file of globSync('src/renderer/{app,frame,ui,charts,pages,target-url}/**/*.tsx')) {
    const text = readFileSync(file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');
    // Words between tags, and in the attributes that people read or hear.
    for (const [, words] of text.matchAll(
      /<[A-Za-z][^<>]*>\s*([A-Za-z][A-Za-z ,.’'-]*[a-z]{2,}[A-Za-z ,.’'-]*)\s*<\//g,
    ))
      found.push(`${file}: ${words}`);
    for (const [, words] of text.matchAll(/\b(?:title|aria-label|placeholder|label|alt)="([A-Za-z][^"]*)"/g))
      found.push(`${file}: ${words}`);
  }
  // Names of keys and of formats are the same in every language.
  const allowed = /: (?:Space|esc|CSV|Esc|Enter|Tab|Shift|Ctrl|num|host:port|https?:\/\/\S+)$/;
  expect(found.filter((one) => !allowed.test(one))).toEqual([]);
});
