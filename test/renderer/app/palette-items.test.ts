import { expect, test } from 'vitest';
import { searchPalette, type PaletteItem, type PaletteKind } from '#renderer/app/palette-items.ts';

const item = (kind: PaletteKind, title: string): PaletteItem => ({
  id: `${kind} ${title}`,
  kind,
  title,
  note: '',
  chip: '',
  metricType: null,
  shortcut: null,
  run: () => undefined,
  runAlternative: null,
});

const items = [
  item('metric', 'alertmanager_http_requests_total'),
  item('metric', 'http_requests_total'),
  item('metric', 'process_cpu_seconds_total'),
  item('target', 'requests-api'),
  item('command', 'Go to Live'),
  item('setting', 'Storage'),
];
const titles = (text: string) => searchPalette(items, text).map(({ item: found }) => found.title);

test('every word has to be found, in any order and case', () => {
  expect(titles('TOTAL http')).toEqual(['http_requests_total', 'alertmanager_http_requests_total']);
  expect(titles('http nothing')).toEqual([]);
});

test('an earlier place is better, kinds stay together', () => {
  expect(titles('requests')).toEqual(['http_requests_total', 'alertmanager_http_requests_total', 'requests-api']);
});

test('what the page in view shows comes first, and only for who types', () => {
  const shown = [...items, item('chart', 'Requests')];
  expect(searchPalette(shown, 'requests')[0].item.kind).toBe('chart');
  expect(searchPalette(shown, '').some(({ item: found }) => found.kind === 'chart')).toBe(false);
});

test('a sign asks for one kind', () => {
  expect(titles('@')).toEqual(['requests-api']);
  expect(titles('>live')).toEqual(['Go to Live']);
});

test('without text, metrics are left out: there are thousands', () => {
  expect(titles('')).toEqual(['requests-api', 'Go to Live', 'Storage']);
});

test('the places that matched are told, in order', () => {
  const [match] = searchPalette(items, 'total http_');
  expect(match.marks).toEqual([
    [0, 5],
    [14, 19],
  ]);
});
