import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createReader, DEFAULT_READER_OPTIONS, ExpositionError, type ReaderOptions } from '#main/exposition/index.ts';
import { formatSeries } from '#shared/model/index.ts';

/** A small protobuf writer: `[field, value]` where a number is a varint, a bigint a zigzag one, and so on. */
type Field = readonly [number: number, value: Value];
type Value = number | { double: number } | { sint: number } | string | readonly Field[];

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

function message(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      const tag = (type: number): Buffer => varint(number * 8 + type);
      if (typeof value === 'number') return [tag(0), varint(value)];
      if (typeof value === 'string') return [tag(2), varint(Buffer.byteLength(value)), Buffer.from(value)];
      if ('sint' in value) return [tag(0), varint((BigInt(value.sint) << 1n) ^ (BigInt(value.sint) >> 63n))];
      if ('double' in value) {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleLE(value.double);
        return [tag(1), bytes];
      }
      const inner = message(value);
      return [tag(2), varint(inner.length), inner];
    }),
  );
}

const body = (...families: readonly (readonly Field[])[]): Buffer =>
  Buffer.concat(families.flatMap((fields) => [varint(message(fields).length), message(fields)]));
const double = (value: number): { double: number } => ({ double: value });
const sint = (value: number): { sint: number } => ({ sint: value });
const label = (name: string, value: string): Field => [
  1,
  [
    [1, name],
    [2, value],
  ],
];

function read(bytes: Buffer, options: Partial<ReaderOptions> = {}) {
  const reader = createReader('protobuf', { ...DEFAULT_READER_OPTIONS, ...options });
  const parsed = reader.read(bytes);
  const names = Array.from({ length: parsed.count }, (_, i) => formatSeries(reader.labelsOf(i)));
  return {
    parsed,
    names,
    samples: names.map((name, i) => [name, parsed.histograms?.get(i) ?? parsed.values[i]]),
  };
}

const COUNTER = 0;
const GAUGE = 1;
const SUMMARY = 2;
const UNTYPED = 3;
const HISTOGRAM = 4;
const GAUGE_HISTOGRAM = 5;

const native: readonly Field[] = [
  [1, 10],
  [2, double(100.5)],
  [5, sint(3)],
  [6, double(0.001)],
  [7, 2],
  [
    12,
    [
      [1, sint(-2)],
      [2, 2],
    ],
  ],
  [
    12,
    [
      [1, sint(1)],
      [2, 1],
    ],
  ],
  [13, sint(1)],
  [13, sint(3)],
  [13, sint(-1)],
  [
    9,
    [
      [1, sint(0)],
      [2, 1],
    ],
  ],
  [10, sint(1)],
];
const classic: readonly Field[] = [
  [
    3,
    [
      [1, 3],
      [2, double(1)],
    ],
  ],
  [
    3,
    [
      [1, 10],
      [2, double(2.5)],
    ],
  ],
];

describe('protobuf', () => {
  test('counters, gauges, untyped values; labels, times, exemplars, start times', () => {
    const { samples, parsed } = read(
      body(
        [
          [1, 'c_total'],
          [2, 'help'],
          [3, COUNTER],
          [
            4,
            [
              label('b', '2'),
              label('a', '1'),
              [
                3,
                [
                  [1, double(5)],
                  [
                    2,
                    [
                      label('id', 'x'),
                      [2, double(4)],
                      [
                        3,
                        [
                          [1, 1700],
                          [2, 5_000_000],
                        ],
                      ],
                    ],
                  ],
                  [3, [[1, 1600]]],
                ],
              ],
              [6, 123],
            ],
          ],
        ],
        [
          [1, 'g'],
          [3, GAUGE],
          [4, [[2, [[1, double(-0.5)]]]]],
          [4, [label('x', 'y'), [2, [[1, double(NaN)]]]]],
        ],
        [
          [1, 'u'],
          [3, UNTYPED],
          [5, 'seconds'],
          [4, [[5, [[1, double(7)]]]]],
        ],
      ),
    );
    expect(samples).toEqual([
      ['c_total{a="1", b="2"}', 5],
      ['g', -0.5],
      ['g{x="y"}', NaN],
      ['u', 7],
    ]);
    expect(parsed.times?.[0]).toBe(123);
    expect(parsed.times?.[1]).toBeNaN();
    expect(parsed.startTimes?.[0]).toBe(1_600_000);
    expect(parsed.exemplars).toEqual([{ sample: 0, labels: [['id', 'x']], value: 4, time: 1_700_005 }]);
    expect(parsed.metadata).toEqual([
      { family: 'c_total', type: 'counter', help: 'help', unit: '' },
      { family: 'g', type: 'gauge', help: '', unit: '' },
      { family: 'u', type: 'unknown', help: '', unit: 'seconds' },
    ]);
  });

  test('summaries, with and without quantiles', () => {
    const summary: readonly Field[] = [
      [1, 4],
      [2, double(1.5)],
      [
        3,
        [
          [1, double(1)],
          [2, double(0.7)],
        ],
      ],
    ];
    expect(
      read(
        body([
          [1, 's'],
          [3, SUMMARY],
          [4, [[4, summary]]],
          [4, [label('a', 'b'), [4, [[1, 1]]]]],
        ]),
      ).samples,
    ).toEqual([
      ['s_count', 4],
      ['s_sum', 1.5],
      ['s{quantile="1.0"}', 0.7],
      ['s_count{a="b"}', 1],
      ['s_sum{a="b"}', 0],
    ]);
  });

  test('classic histograms; the missing last bucket is added', () => {
    expect(
      read(
        body([
          [1, 'h'],
          [3, HISTOGRAM],
          [4, [[7, [[1, 12], [2, double(9)], ...classic]]]],
        ]),
      ).samples,
    ).toEqual([
      ['h_count', 12],
      ['h_sum', 9],
      ['h_bucket{le="1.0"}', 3],
      ['h_bucket{le="2.5"}', 10],
      ['h_bucket{le="+Inf"}', 12],
    ]);
  });

  const wanted = {
    schema: 3,
    counterResetHint: 0,
    zeroThreshold: 0.001,
    zeroCount: 2,
    count: 10,
    sum: 100.5,
    positiveSpans: [-2, 2, 1, 1],
    negativeSpans: [0, 1],
    positiveBuckets: [1, 4, 3],
    negativeBuckets: [1],
    customValues: [],
  };

  test('native histograms: integers, floats, gauges, empty ones', () => {
    const on = { nativeHistograms: true };
    expect(
      read(
        body([
          [1, 'h'],
          [3, HISTOGRAM],
          [4, [[7, native]]],
        ]),
        on,
      ).samples,
    ).toEqual([['h', wanted]]);
    expect(
      read(
        body([
          [1, 'h'],
          [3, GAUGE_HISTOGRAM],
          [4, [[7, native]]],
        ]),
        on,
      ).samples,
    ).toEqual([['h', { ...wanted, counterResetHint: 3 }]]);
    const float: readonly Field[] = [
      [4, double(2.5)],
      [2, double(1)],
      [
        12,
        [
          [1, sint(0)],
          [2, 1],
        ],
      ],
      [14, double(2.5)],
    ];
    expect(
      read(
        body([
          [1, 'h'],
          [3, HISTOGRAM],
          [4, [[7, float]]],
        ]),
        on,
      ).samples,
    ).toMatchObject([['h', { count: 2.5, positiveBuckets: [2.5] }]]);
    const empty: readonly Field[] = [
      [
        12,
        [
          [1, sint(0)],
          [2, 0],
        ],
      ],
    ];
    expect(
      read(
        body([
          [1, 'h'],
          [3, HISTOGRAM],
          [4, [[7, empty]]],
        ]),
        on,
      ).samples,
    ).toMatchObject([['h', { count: 0, positiveSpans: [], positiveBuckets: [] }]]);
  });

  test.each([
    [
      { nativeHistograms: false },
      ['h_count', 'h_sum', 'h_bucket{le="1.0"}', 'h_bucket{le="2.5"}', 'h_bucket{le="+Inf"}'],
    ],
    [{ nativeHistograms: true }, ['h']],
    [
      { nativeHistograms: true, keepClassicHistograms: true },
      ['h', 'h_count', 'h_sum', 'h_bucket{le="1.0"}', 'h_bucket{le="2.5"}', 'h_bucket{le="+Inf"}'],
    ],
  ])('both forms with %j', (options, series) => {
    const both = body([
      [1, 'h'],
      [3, HISTOGRAM],
      [4, [[7, [...native, ...classic]]]],
    ]);
    expect(read(both, options).samples.map(([name]) => name)).toEqual(series);
  });

  test('exemplars of native histograms need a time', () => {
    const exemplar = (value: number, time: boolean): Field => [
      16,
      [[2, double(value)], ...(time ? [[3, [[1, 5]]] as Field] : [])],
    ];
    const { parsed } = read(
      body([
        [1, 'h'],
        [3, HISTOGRAM],
        [4, [[7, [...native, exemplar(1, true), exemplar(2, false)]]]],
      ]),
      { nativeHistograms: true },
    );
    expect(parsed.exemplars?.map(({ value, time }) => [value, time])).toEqual([[1, 5000]]);
  });

  test('series keep their handles, and the layout its number', () => {
    const reader = createReader('protobuf');
    const at = (value: number, ...names: string[]): Buffer =>
      body(
        ...names.map((name): readonly Field[] => [
          [1, name],
          [3, GAUGE],
          [4, [[2, [[1, double(value)]]]]],
        ]),
      );
    const first = reader.read(at(1, 'a', 'b')).layout;
    const second = reader.read(at(2, 'a', 'b'));
    expect([second.layout, second.metadata, [...second.series]]).toEqual([first, [], [0, 1]]);
    const third = reader.read(at(2, 'b'));
    expect(third.layout).not.toBe(first);
    expect([...third.series]).toEqual([1]);
  });

  test('type and unit labels', () => {
    const family: readonly Field[] = [
      [1, 'g'],
      [3, GAUGE],
      [5, 'seconds'],
      [4, [label('__type__', 'x'), [2, [[1, double(1)]]]]],
    ];
    expect(read(body(family), { typeAndUnitLabels: true }).samples).toEqual([
      ['g{__type__="gauge", __unit__="seconds"}', 1],
    ]);
    expect(read(body(family)).samples).toEqual([['g{__type__="x"}', 1]]);
  });

  const good = body([
    [1, 'g'],
    [3, GAUGE],
    [4, [[2, [[1, double(1)]]]]],
  ]);
  test.each<[string, Buffer]>([
    ['cut', good.subarray(0, good.length - 1)],
    ['length too large', Buffer.concat([varint(1000), good.subarray(1)])],
    ['endless varint', Buffer.alloc(20, 0xff)],
    ['wire type', body([[1, 5]])],
    ['no name', body([[3, GAUGE]])],
    ['text', Buffer.from('a 1\n')],
    [
      'UTF-8 in a name',
      body([
        [1, 'g'],
        [3, GAUGE],
        [
          4,
          [
            [
              1,
              [
                [1, 'a'],
                [2, 'b'],
              ],
            ],
          ],
        ],
      ]).map((byte) => (byte === 0x67 ? 0xff : byte)) as Buffer,
    ],
    [
      'UTF-8 in a value',
      body([
        [1, 'g'],
        [3, GAUGE],
        [4, [label('a', 'Z'), [2, [[1, double(1)]]]]],
      ]).map((byte) => (byte === 0x5a ? 0xff : byte)) as Buffer,
    ],
    [
      'repeated label',
      body([
        [1, 'g'],
        [3, GAUGE],
        [4, [label('a', '1'), label('a', '2')]],
      ]),
    ],
  ])('refused: %s', (_, bytes) => {
    expect(() => read(Buffer.from(bytes))).toThrow(ExpositionError);
  });

  test.each<[string, readonly Field[]]>([
    [
      'empty spans with deltas',
      [
        [
          12,
          [
            [1, sint(0)],
            [2, 0],
          ],
        ],
        [13, sint(1)],
      ],
    ],
    [
      'more deltas than spans',
      [
        [
          12,
          [
            [1, sint(0)],
            [2, 1],
          ],
        ],
        [13, sint(1)],
        [13, sint(1)],
      ],
    ],
    [
      'negative buckets',
      [
        [
          12,
          [
            [1, sint(0)],
            [2, 1],
          ],
        ],
        [13, sint(-1)],
      ],
    ],
    [
      'unknown schema',
      [
        [5, sint(9)],
        [
          12,
          [
            [1, sint(0)],
            [2, 0],
          ],
        ],
      ],
    ],
    [
      'negative gap',
      [
        [
          12,
          [
            [1, sint(0)],
            [2, 1],
          ],
        ],
        [
          12,
          [
            [1, sint(-1)],
            [2, 1],
          ],
        ],
        [13, sint(1)],
        [13, sint(1)],
      ],
    ],
  ])('refused native histogram: %s', (_, fields) => {
    expect(() =>
      read(
        body([
          [1, 'h'],
          [3, HISTOGRAM],
          [4, [[7, fields]]],
        ]),
        { nativeHistograms: true },
      ),
    ).toThrow(ExpositionError);
  });

  const folder = resolve(import.meta.dirname, '../../../../shared/fixtures/scrapes/formats');
  if (!existsSync(folder)) console.warn('SKIPPED: recorded protobuf bodies: no ../shared/fixtures/scrapes');
  test.skipIf(!existsSync(folder))('real bodies', () => {
    for (const [file, metric] of [
      ['node', 'node_load1'],
      ['prometheus', 'prometheus_build_info'],
      ['alertmanager', 'alertmanager_build_info'],
    ]) {
      const { names, parsed } = read(readFileSync(resolve(folder, `${file}.delimited.pb`)));
      expect(parsed.count).toBeGreaterThan(100);
      expect(names.some((name) => name.startsWith(metric))).toBe(true);
    }
  });
});
