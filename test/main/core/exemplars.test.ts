import { expect, test } from 'vitest';
import { listExemplars } from '#main/core/selection.ts';
import { openMemoryStorage, type Storage } from '#main/storage/index.ts';
import { HearthError } from '#shared/contract/index.ts';
import { labelsFromRecord } from '#shared/model/index.ts';

function stored(): Storage {
  const storage = openMemoryStorage();
  const writer = storage.writer('shop');
  const refs = ['1', '0.5'].map((le) => writer.resolve(labelsFromRecord({ __name__: 'took_bucket', le })));
  writer.append({
    time: 1000,
    length: 2,
    refs: Int32Array.from(refs),
    values: Float64Array.of(3, 2),
    times: null,
    startTimes: null,
    histograms: null,
    exemplars: refs.map((ref, i) => ({
      ref,
      labels: labelsFromRecord({ trace_id: String(i) }),
      value: 0.25 + i,
      time: 900,
    })),
  });
  return storage;
}

test('exemplars of all series that any selector of a query selects, each series once, sorted', () => {
  const storage = stored();
  const expr = 'rate(took_bucket[1m]) / ignoring(le) took_bucket{le="1"}';
  const { series } = listExemplars(storage, { expr, start: 0, end: 1000 });
  expect(series.map(({ labels, exemplars }) => [labels.at(-1), exemplars[0].labels[1]])).toEqual([
    ['0.5', '1'],
    ['1', '0'],
  ]);
  expect(listExemplars(storage, { expr, start: 901, end: 1000 }).series).toEqual([]);
});

test('an expression that does not parse is refused with its place', () => {
  expect(() => listExemplars(stored(), { expr: 'rate(', start: 0, end: 1 })).toThrow(HearthError);
});
