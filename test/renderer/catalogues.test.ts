import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import explore from '#renderer/i18n/en/explore.json' with { type: 'json' };
import settings from '#renderer/i18n/en/settings.json' with { type: 'json' };

/** Every word that a page asks for is in its catalogue, and every word of the catalogue is asked for. */
const PLURAL = /_(?:zero|one|two|few|many|other)$/;

function keysOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [prefix.replace(PLURAL, '')];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, prefix === '' ? key : `${prefix}.${key}`));
}

/** Keys asked for by `t('...')`, and patterns for those put together from a template or chosen between two. */
function askedIn(folder: string): { readonly literal: Set<string>; readonly patterns: RegExp[] } {
  const literal = new Set<string>();
  const patterns: RegExp[] = [];
  for (const file of globSync(`src/renderer/pages/${folder}/**/*.{ts,tsx}`)) {
    const text = readFileSync(file, 'utf8');
    for (const [, key] of text.matchAll(/\bt\(\s*'([^']+)'/g)) literal.add(key);
    for (const [, template] of text.matchAll(/\bt\(\s*`([^`]+)`/g)) {
      const pattern = template
        .split(/\$\{[^}]*\}/)
        .map((part) => part.replaceAll('.', String.raw`\.`))
        .join('[^.]+');
      patterns.push(new RegExp(`^${pattern}$`));
    }
    // Keys kept in tables: `title: 'section.targets'`.
    for (const [, key] of text.matchAll(/: '([a-z]+\.[a-zA-Z-]+)'/g)) literal.add(key);
  }
  return { literal, patterns };
}

test.each([
  ['settings', settings],
  ['explore', explore],
])('the words of %s', (folder, catalogue) => {
  const keys = new Set(keysOf(catalogue));
  const { literal, patterns } = askedIn(folder);
  expect(literal.size).toBeGreaterThan(0);
  const inTables = [...literal].filter((key) => keys.has(key));
  const missing = [...literal].filter((key) => !keys.has(key));
  expect(missing.filter((key) => !/^(?:metric|target)\./.test(key))).toEqual([]);
  const unused = [...keys].filter(
    (key) => key !== 'title' && !inTables.includes(key) && !patterns.some((pattern) => pattern.test(key)),
  );
  expect(unused).toEqual([]);
  for (const pattern of patterns) expect([...keys].filter((key) => pattern.test(key)).length).toBeGreaterThan(0);
});
