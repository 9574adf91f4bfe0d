import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameList, FrameLists } from '../../../src/main/storage/frame-list.ts';

type Row = [id: number, timeline: number, mint: number, maxt: number];

test('frames of a range are those that reach into it, oldest end first', () => {
  const row = fc.tuple(fc.nat(50), fc.nat(20));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), fc.nat(60), fc.nat(30), (spans, start, length) => {
      const rows = spans.map(([mint, size], i): Row => [i + 1, i + 100, mint, mint + size]).sort((a, b) => a[3] - b[3]);
      const end = start + length;
      const found: Row[] = [];
      new FrameList(rows).each(start, end, (...frame) => found.push(frame));
      expect(found).toEqual(rows.filter(([, , mint, maxt]) => maxt >= start && mint <= end));
    }),
  );
});

test('lists are loaded once, and again when a frame was added or all is to be forgotten', () => {
  let version = 0;
  const loaded: number[] = [];
  const lists = new FrameLists(
    (group) => {
      loaded.push(group);
      return new FrameList([[1, 1, 0, version]]);
    },
    () => version,
  );
  lists.of(7);
  lists.of(8);
  lists.of(7);
  expect(loaded).toEqual([7, 8]);
  version = 5;
  let newest = 0;
  lists.of(7).each(0, 10, (_id, _timeline, _mint, maxt) => (newest = maxt));
  expect(newest).toBe(5);
  lists.clear();
  lists.of(7);
  expect(loaded).toEqual([7, 8, 7, 7]);
});
