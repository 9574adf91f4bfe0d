import { expect, test } from 'vitest';
import { parseWhen } from '#renderer/time-range/parse-when.ts';

const NOW = Date.UTC(2026, 10, 25, 14, 30);
const at = (text: string): number | null => parseWhen(text, NOW, 'utc');

test.each([
  ['now', NOW],
  ['-2h', NOW - 7_200_000],
  ['now - 1h30m', NOW - 5_400_000],
  ['14:05', Date.UTC(2026, 10, 25, 14, 5)],
  ['23:10:07', Date.UTC(2026, 10, 24, 23, 10, 7)],
  ['2026-11-24', Date.UTC(2026, 10, 24)],
  ['2026-11-24 9:05', Date.UTC(2026, 10, 24, 9, 5)],
  ['2026-11-24T09:05:06+01:00', Date.UTC(2026, 10, 24, 8, 5, 6)],
  ['1764000000', 1_764_000_000_000],
  ['1764000000123', 1_764_000_000_123],
  [' 14:05 ', Date.UTC(2026, 10, 25, 14, 5)],
])('%s is a time', (text, time) => expect(at(text)).toBe(time));

test.each(['', 'soon', '25:00', '14:60', '2026-02-30', '2026-13-01', '-2', '12', '2026-11-24Tx'])(
  '%j is none',
  (text) => expect(at(text)).toBeNull(),
);

test('a time without a zone is of the person’s own', () => {
  expect(parseWhen('2026-11-24 09:05', NOW, 'local')).toBe(new Date(2026, 10, 24, 9, 5).getTime());
});
