import { expect, test } from 'vitest';
import { formatAge, formatTicks, formatTime, formatValue } from '#renderer/ui/index.ts';

test.each([
  [0.514, 'seconds', '514 ms'],
  [0.00109, 'seconds', '1.09 ms'],
  [0.000624, 'seconds', '624 µs'],
  [46.4, 'seconds', '46.4 s'],
  [5400, 'seconds', '90 min'],
  [1.39 * 2 ** 30, 'bytes', '1.39 GiB'],
  [512, 'bytes', '512 B'],
  [35_800_000, 'bytes/s', '35.8 MB/s'],
  [332_000, 'bytes/s', '332 kB/s'],
  [66.9, 'per-second', '66.9/s'],
  [5230, 'per-second', '5.23k/s'],
  [0.26241, 'ratio', '26.2 %'],
  [0.002, 'ratio', '0.20 %'],
  [1.5, '', '1.50'],
  [107, '', '107'],
  [3, '', '3'],
  [12_345, '', '12.3k'],
  [0.026, '', '26m'],
  [-1.5, '', '−1.50'],
  [41, 'celsius', '41 °C'],
] as const)('%d as %s is %s', (value, unit, text) => {
  expect(formatValue(value, unit, 'en').text).toBe(text);
});

test('zero is 0, no value is a dash, infinity says so', () => {
  expect(formatValue(0, '', 'en').text).toBe('0');
  expect(formatValue(0, 'per-second', 'en').text).toBe('0');
  expect(formatValue(0, 'bytes', 'en').text).toBe('0 B');
  expect(formatValue(null, 'bytes', 'en').text).toBe('–');
  expect(formatValue(Number.NaN, '', 'en').text).toBe('–');
  expect(formatValue(Number.POSITIVE_INFINITY, '', 'en').text).toBe('+∞');
});

test('what rounds to the next unit is written in it', () => {
  expect(formatValue(999_700, 'bytes/s', 'en').text).toBe('1.00 MB/s');
  expect(formatValue(0.9996, 'seconds', 'en').text).toBe('1.00 s');
});

test('an axis has one unit and as many decimals as tell its labels apart', () => {
  expect(formatTicks([0, 0.25, 0.5], 'seconds', 'en')).toEqual(['0', '250 ms', '500 ms']);
  expect(formatTicks([0, 2 ** 29, 2 ** 30], 'bytes', 'en')).toEqual(['0', '0.5 GiB', '1.0 GiB']);
  expect(formatTicks([0, 0], '', 'en')).toEqual(['0', '0']);
});

test.each([
  [1600, '1.6 s'],
  [5000, '5 s'],
  [42_900, '42 s'],
  [370_000, '6 m 10 s'],
  [360_000, '6 m'],
  [1_080_000, '18 m'],
  [273_600_000, '3 d 4 h'],
  [-5, '0 s'],
])('an age of %d ms is %s', (millis, text) => {
  expect(formatAge(millis)).toBe(text);
});

test('one part of an age is its largest', () => {
  expect(formatAge(370_000, 1)).toBe('6 m');
});

test('times are written in the zone that was chosen', () => {
  const time = Date.UTC(2026, 10, 22, 20, 34, 5);
  expect(formatTime(time, 'clock-seconds', 'en', 'utc')).toBe('20:34:05');
  expect(formatTime(time, 'clock', 'en', 'utc')).toBe('20:34');
});
