import { expect, test } from 'vitest';
import { compileMatcher, labelsFromPairs, matchesAll, RegexError, type Matcher } from '#shared/model/index.ts';
import { LabelIndex } from '#main/storage/label-index.ts';
import { SeriesTable } from '#main/storage/series-table.ts';

const COUNT = 12_000;

/** `rare` has few series, `common` nearly all; a quarter lack the label `zone`, every seventh series is hidden. */
function filled(): { readonly table: SeriesTable; readonly index: LabelIndex } {
  const table = new SeriesTable();
  const index = new LabelIndex(table);
  for (let i = 0; i < COUNT; i++) {
    const ref = table.resolve(
      labelsFromPairs([
        ['__name__', i % 200 === 0 ? 'rare' : 'common'],
        ['instance', `host-${i % 50}`],
        ['i', String(i)],
        ...(i % 4 === 0 ? [] : [['zone', `z${i % 3}`] as const]),
      ]),
    );
    if (i % 7 !== 0) index.add(ref);
  }
  return { table, index };
}

const SELECTORS: readonly (readonly Matcher[])[] = [
  [{ name: '__name__', type: '=', value: 'rare' }],
  [
    { name: '__name__', type: '=', value: 'rare' },
    { name: 'instance', type: '=', value: 'host-0' },
  ],
  [
    { name: '__name__', type: '=', value: 'rare' },
    { name: 'zone', type: '=', value: '' },
  ],
  [
    { name: '__name__', type: '=', value: 'rare' },
    { name: 'i', type: '=~', value: '[24].*' },
    { name: 'zone', type: '!~', value: 'z1' },
  ],
  [
    { name: '__name__', type: '=', value: 'rare' },
    { name: 'nobody', type: '!=', value: 'has it' },
    { name: 'nor this', type: '=~', value: '.+' },
  ],
  [
    { name: '__name__', type: '=', value: 'common' },
    { name: 'instance', type: '=', value: 'host-3' },
    { name: 'zone', type: '!=', value: 'z2' },
  ],
  [
    { name: '__name__', type: '=', value: 'unknown' },
    { name: 'zone', type: '=', value: 'z0' },
  ],
];

test('whatever way a selector is answered, it finds what comparing each series finds', () => {
  for (const matchers of SELECTORS) {
    const { table, index } = filled();
    const compiled = matchers.map(compileMatcher);
    const expected = Array.from({ length: COUNT }, (_, ref) => ref).filter(
      (ref) => index.isAlive(ref) && matchesAll(compiled, table.labels(ref)),
    );
    expect(index.select(matchers)).toEqual(expected);
    // The other way: all labels have been asked for once.
    for (const name of ['instance', 'i', 'zone', 'nobody', 'nor this']) index.values(name, []);
    expect(index.select(matchers)).toEqual(expected);
    // What is remembered is remembered with these very matchers.
    expect(index.select([...matchers])).toEqual(expected);
  }
});

test('what was found is forgotten when a series comes, ends or comes back', () => {
  const { table, index } = filled();
  const matchers: readonly Matcher[] = [
    { name: '__name__', type: '=', value: 'rare' },
    { name: 'zone', type: '=~', value: 'z[01]|' },
  ];
  const first = index.select(matchers);
  expect(first.length).toBeGreaterThan(10);
  expect(index.select(matchers)).toEqual(first);
  const [gone] = first;
  index.remove(gone);
  expect(index.select(matchers)).toEqual(first.slice(1));
  const added = table.resolve(
    labelsFromPairs([
      ['__name__', 'rare'],
      ['instance', 'new'],
    ]),
  );
  expect(index.select(matchers)).toEqual(first.slice(1));
  index.add(added);
  expect(index.select(matchers)).toEqual([...first.slice(1), added]);
  index.add(gone);
  expect(index.select(matchers)).toEqual([...first, added]);
});

test('however often is asked, and whatever came between, newer series are found like older ones', () => {
  const table = new SeriesTable();
  const index = new LabelIndex(table);
  const expected = new Map<string, number[]>([
    ['a', []],
    ['b', []],
  ]);
  for (let i = 0; i < 400; i++) {
    const kind = i % 3 === 0 ? 'a' : 'b';
    const ref = table.resolve(
      labelsFromPairs([
        ['i', String(i)],
        ['kind', kind],
      ]),
    );
    index.add(ref);
    expected.get(kind)?.push(ref);
    for (const [value, refs] of expected) {
      expect(index.select([{ name: 'kind', type: '=', value }])).toEqual(refs);
      expect(index.select([{ name: 'kind', type: '!~', value: `[^${value}]` }])).toEqual(refs);
    }
    expect(index.values('kind', index.select([{ name: 'i', type: '!=', value: '' }]))).toEqual(
      i === 0 ? ['a'] : ['a', 'b'],
    );
  }
});

test('a broken expression is an error, whether the series are few or many', () => {
  const { index } = filled();
  for (const value of ['rare', 'common', 'unknown'])
    expect(() =>
      index.select([
        { name: '__name__', type: '=', value },
        { name: 'zone', type: '=~', value: '(' },
      ]),
    ).toThrow(RegexError);
});
