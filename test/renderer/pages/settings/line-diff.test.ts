import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countChanges, lineDiff } from '#renderer/pages/settings/line-diff.ts';

const LINES = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`);

test('a changed line shows with three lines around it and the rest counted', () => {
  const after = LINES.with(9, 'changed');
  const diff = lineDiff(`${LINES.join('\n')}\n`, `${after.join('\n')}\n`);
  expect(countChanges(diff)).toEqual({ added: 1, removed: 1 });
  expect(diff[0]).toEqual({ kind: 'skipped', count: 6 });
  expect(diff).toContainEqual({ kind: 'removed', text: 'line 10', before: 10, after: null });
  expect(diff).toContainEqual({ kind: 'added', text: 'changed', before: null, after: 10 });
  expect(diff.at(-1)).toEqual({ kind: 'skipped', count: 7 });
});

test('equal texts have no difference', () => {
  expect(lineDiff('a\nb\n', 'a\nb\n')).toEqual([]);
});

test('nothing of either text is lost', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = lineDiff(before, after);
      if (before === after) return;
      const skipped = diff.reduce((sum, line) => sum + (line.kind === 'skipped' ? line.count : 0), 0);
      const same = diff.filter((line) => line.kind === 'same').length;
      const { added, removed } = countChanges(diff);
      const count = (value: string): number => (value === '' ? 0 : value.replace(/\n$/, '').split('\n').length);
      expect(same + skipped + removed).toBe(count(before));
      expect(same + skipped + added).toBe(count(after));
    }),
  );
});
