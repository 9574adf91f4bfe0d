import { describe, expect, test } from 'vitest';
import { formatSeries, wordsOf, isStaleAt } from '#shared/model/index.ts';
import { readWriteRequest, SnappyError, unpackSnappy } from '#main/remote/index.ts';
import { snappyCompress } from 'hysnappy';
import { Bits, labels, message, packed, sample, Varint, zigzag, type Field } from './messages.ts';

const INTEGER: Field[] = [
  [1, new Varint(12)],
  [3, 18.4],
  [4, zigzag(3)],
  [5, 0.001],
  [6, new Varint(2)],
  [8, message([1, zigzag(-3)], [2, new Varint(1)])],
  [9, packed([zigzag(3)])],
  [11, message([1, zigzag(0)], [2, new Varint(2)])],
  [11, message([1, zigzag(1)], [2, new Varint(1)])],
  [12, packed([zigzag(1), zigzag(1), zigzag(2)])],
  [14, new Varint(2)],
  [15, new Varint(5000)],
];
const READ = {
  schema: 3,
  counterResetHint: 2,
  zeroThreshold: 0.001,
  zeroCount: 2,
  count: 12,
  sum: 18.4,
  negativeSpans: [-3, 1],
  negativeBuckets: [3],
  positiveSpans: [0, 2, 1, 1],
  positiveBuckets: [1, 2, 4],
  customValues: [],
};
const CUSTOM: Field[] = [
  [2, 5.5],
  [3, 1],
  [4, zigzag(-53)],
  [7, 0],
  [11, message([2, new Varint(2)])],
  [13, packed([1.5, 4])],
  [14, new Varint(3)],
  [15, new Varint(6000)],
  [16, packed([0.1, 1])],
];

describe('a remote write request of version 1', () => {
  test('brings samples, histograms, exemplars and metadata', () => {
    const request = readWriteRequest(
      message(
        [1, message(...labels({ b: '2', __name__: 'x' }), sample(1000, 1), sample(-2000, -0))],
        [
          1,
          message(
            ...labels({ __name__: 'h' }),
            [4, message(...INTEGER)],
            [4, message(...CUSTOM)],
            [3, message([1, message([1, 'trace_id'], [2, 'abc'])], [2, 0.5], [3, new Varint(4000)])],
          ),
        ],
        [1, message(...labels({ __name__: 's' }), sample(1, new Bits(0x7ff0000000000002n)))],
        [3, message([1, new Varint(1)], [2, 'x'], [4, 'Help.'], [5, 'bytes'])],
      ),
      1,
    );
    expect(request.labels.map(formatSeries)).toEqual(['x{b="2"}', 'h', 's']);
    expect([...request.series]).toEqual([0, 0, 1, 1, 2]);
    expect([...request.times]).toEqual([1000, -2000, 5000, 6000, 1]);
    expect(Object.is(request.values[1], -0)).toBe(true);
    expect(isStaleAt(wordsOf(request.values), 4)).toBe(true);
    expect(request.histograms.get(2)).toEqual(READ);
    expect(request.histograms.get(3)).toMatchObject({
      schema: -53,
      counterResetHint: 3,
      count: 5.5,
      positiveSpans: [0, 2],
      positiveBuckets: [1.5, 4],
      customValues: [0.1, 1],
    });
    expect(request.exemplars).toEqual([{ series: 1, labels: ['trace_id', 'abc'], value: 0.5, time: 4000 }]);
    expect(request.metadata).toEqual([{ family: 'x', type: 'counter', help: 'Help.', unit: 'bytes' }]);
    expect(request.problems).toEqual([]);
  });

  test('series that cannot be stored are left out and named, the others taken', () => {
    const request = readWriteRequest(
      message(
        [1, message(...labels({ job: 'a' }), sample(1, 1), [4, message(...INTEGER)])],
        [1, message(...labels({ __name__: 'x' }), ...labels({ __name__: 'y' }), sample(1, 2))],
        [1, message(...labels({ __name__: 'good' }), sample(1, 3))],
      ),
      1,
    );
    expect(request.problems).toEqual(['a series has no metric name', 'label name "__name__" is not unique']);
    expect(request.labels.map(formatSeries)).toEqual(['good']);
    expect([...request.values]).toEqual([3]);
    expect(request.histograms.size).toBe(0);
  });

  test.each([
    ['cut off', Buffer.from([10, 200, 1])],
    [
      'a histogram with too few buckets',
      message([1, message(...labels({ __name__: 'h' }), [4, message(...INTEGER.slice(0, 9))])]),
    ],
    ['an unknown schema', message([1, message([4, message([4, zigzag(40)])])])],
  ])('%s is refused', (_name, bytes) => {
    expect(() => readWriteRequest(bytes, 1)).toThrow(/./);
  });
});

describe('a remote write request of version 2', () => {
  const symbols = ['', '__name__', 'x', 'job', 'a', 'Help.', 'bytes', 'trace_id', 't1'];
  const table = symbols.map((symbol): Field => [4, symbol]);
  const refs = (...places: number[]): Field => [1, packed(places.map((place) => new Varint(place)))];

  test('has its texts in a table, and start times', () => {
    const request = readWriteRequest(
      message(...table, [
        5,
        message(
          refs(1, 2, 3, 4),
          sample(1000, 1, 500),
          sample(2000, 2),
          [3, message(...INTEGER, [17, new Varint(77)])],
          [4, message(refs(7, 8), [2, 0.5], [3, new Varint(900)])],
          [5, message([1, new Varint(2)], [3, new Varint(5)], [4, new Varint(6)])],
          [6, new Varint(300)],
        ),
      ]),
      2,
    );
    expect(request.labels.map(formatSeries)).toEqual(['x{job="a"}']);
    expect([...request.startTimes]).toEqual([500, 300, 77]);
    expect(request.histograms.get(2)).toEqual(READ);
    expect(request.exemplars).toEqual([{ series: 0, labels: ['trace_id', 't1'], value: 0.5, time: 900 }]);
    expect(request.metadata).toEqual([{ family: 'x', type: 'gauge', help: 'Help.', unit: 'bytes' }]);
  });

  test('a symbol that is not there is refused', () => {
    expect(() => readWriteRequest(message(...table, [5, message(refs(1, 99))]), 2)).toThrow('symbol 99');
    expect(() => readWriteRequest(message(...table, [5, message(refs(1))]), 2)).toThrow('no value');
  });
});

test('snappy blocks are unpacked within bounds', () => {
  const text = Buffer.from('Hearth '.repeat(1000));
  const block = snappyCompress(new Uint8Array(text));
  expect(Buffer.from(unpackSnappy(block, 10_000)).equals(text)).toBe(true);
  expect(() => unpackSnappy(block, 1000)).toThrow(SnappyError);
  expect(() => unpackSnappy(Buffer.from('this is none'), 1000)).toThrow(SnappyError);
  expect(() => unpackSnappy(new Uint8Array(0), 1000)).toThrow(SnappyError);
});
