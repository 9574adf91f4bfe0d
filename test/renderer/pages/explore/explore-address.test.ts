import { expect, test } from 'vitest';
import { draftFor, readDraft, writeDraft } from '#renderer/pages/explore/drafts.ts';
import { readAddress, writeAddress } from '#renderer/pages/explore/explore-address.ts';
import type { QueryRow } from '#renderer/pages/explore/query-list.ts';

const row = (id: string, text: string, ran = text): QueryRow => ({ id, text, ran, shown: true });

test.each([
  'expr=up',
  'expr=rate(x%5B1m%5D)&b=up&hide=B&range=6h',
  'expr=up&tab=explain&from=1000&to=2000',
  'expr=up&draw=stacked&compare=week&exemplars=&range=15m',
  'expr=up&tab=table&tiers=false&range=15m',
])('an address comes back as it was: %s', (address) => {
  const read = readAddress(new URLSearchParams(address));
  expect(new URLSearchParams(writeAddress(read)).toString()).toBe(new URLSearchParams(address).toString());
});

test('what an address says wrongly is taken as not said', () => {
  const read = readAddress(new URLSearchParams('expr=up&tab=x&draw=y&compare=z&from=5&to=1&range=never'));
  expect(read.view).toEqual({ tab: 'graph', draw: null, compare: null, exemplars: false, tiers: null });
  expect(read.range).toBeNull();
});

test('a draft is kept for the queries it was typed over, and not for those of a link', () => {
  const draft = [row('A', 'up + 1', 'up'), row('B', 'typed', '')];
  expect(draftFor([row('A', 'up')], draft)).toBe(draft);
  expect(draftFor([row('A', '', '')], draft)).toBe(draft);
  const sent = [row('A', 'other')];
  expect(draftFor(sent, draft)).toBe(sent);
  expect(draftFor(sent, null)).toBe(sent);
});

test('a draft that cannot be read is none, one that cannot be written does no harm', () => {
  const store = new Map<string, string>();
  const storage = {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
  } as unknown as Storage;
  expect(readDraft(storage)).toBeNull();
  writeDraft(storage, [row('A', 'up')]);
  expect(readDraft(storage)).toEqual([row('A', 'up')]);
  store.forEach((_, key) => store.set(key, '[{"id":"a"}]'));
  expect(readDraft(storage)).toBeNull();
  const full = {
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  } as unknown as Storage;
  expect(() => writeDraft(full, [])).not.toThrow();
});
