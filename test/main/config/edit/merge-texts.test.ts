import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeTexts } from '#main/config/edit/merge-texts.ts';

const BASE = 'a\nb\nc\nd\ne\nf\n';

test.each([
  ['both at different places', 'A\nb\nc\nd\ne\nf\n', 'a\nb\nc\nd\ne\nF\n', 'A\nb\nc\nd\ne\nF\n'],
  ['one adds, one removes', 'a\nb\nx\ny\nc\nd\ne\nf\n', 'a\nb\nc\nd\nf\n', 'a\nb\nx\ny\nc\nd\nf\n'],
  ['only one changes', BASE, 'z\n', 'z\n'],
  ['without a line break at the end', 'A\nb\nc\nd\ne\nf\n', 'a\nb\nc\nd\ne\ng', 'A\nb\nc\nd\ne\ng'],
])('%s', async (_, mine, theirs, merged) => {
  expect(await mergeTexts(BASE, mine, theirs)).toBe(merged);
  expect(await mergeTexts(BASE, theirs, mine)).toBe(merged);
});

test.each([
  ['the same line', 'a\nX\nc\nd\ne\nf\n', 'a\nY\nc\nd\ne\nf\n'],
  ['lines side by side', 'a\nX\nc\nd\ne\nf\n', 'a\nb\nY\nd\ne\nf\n'],
  ['both add at the end', `${BASE}x\n`, `${BASE}y\n`],
])('%s is for a person to decide', async (_, mine, theirs) => {
  expect(await mergeTexts(BASE, mine, theirs)).toBe(null);
});

test('each line that one side added is there once, each that one side removed is gone', async () => {
  const lines = fc.array(fc.constantFrom('p', 'q', 'r', 's'), { maxLength: 8 });
  const counted = (text: string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const line of text.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  };
  const of = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');
  await fc.assert(
    fc.asyncProperty(lines, lines, lines, async (a, b, c) => {
      const [base, mine, theirs] = [of(a), of(b), of(c)];
      const merged = await mergeTexts(base, mine, theirs);
      if (merged === null) return;
      const [m, x, y, z] = [merged, mine, theirs, base].map(counted);
      for (const line of ['p', 'q', 'r', 's'])
        expect(m.get(line) ?? 0).toBe((x.get(line) ?? 0) + (y.get(line) ?? 0) - (z.get(line) ?? 0));
    }),
  );
});
