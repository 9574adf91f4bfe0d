import { expect, test } from 'vitest';
import { labelsFromRecord } from '#shared/model/index.ts';
import { Receiver, type WriteRequest } from '#main/remote/index.ts';
import { openMemoryStorage } from '#main/storage/index.ts';
import { EXPONENTIAL, pairs, plainSamples } from '../storage/batches.ts';

type Samples = readonly (readonly [time: number, value: number])[];

function requestOf(series: Readonly<Record<string, Samples>>): Omit<WriteRequest, 'problems'> {
  const names = Object.keys(series);
  const all = names.flatMap((name, k) => series[name].map(([time, value]) => ({ k, time, value })));
  return {
    labels: names.map((name) => labelsFromRecord({ __name__: name, job: 'j', instance: name[0] })),
    series: Uint32Array.from(all, ({ k }) => k),
    times: Float64Array.from(all, ({ time }) => time),
    values: Float64Array.from(all, ({ value }) => value),
    startTimes: new Float64Array(all.length),
    histograms: new Map(),
    exemplars: [],
    metadata: [],
  };
}

const FINE = { outOfOrder: 0, duplicate: 0, tooOld: 0 };

test('stores what comes, series by series or not, and counts what it refuses', async () => {
  const store = openMemoryStorage();
  const receiver = new Receiver(store);
  const one = (name: string) =>
    store.querier().select([{ name: '__name__', type: '=', value: name }], -Infinity, Infinity)[0];
  const first = requestOf({
    a1: [
      [1000, 1],
      [2000, 2],
    ],
    a2: [
      [2000, 4],
      [1000, 3],
    ],
    b1: [[1500, 5]],
  });
  expect(await receiver.receive(first)).toMatchObject({ samples: 5, histograms: 0, ...FINE });
  // Sent once more, as senders do that got no answer.
  expect(await receiver.receive(requestOf({ a1: [[2000, 2]] }))).toMatchObject({ samples: 1, ...FINE });
  expect(await receiver.receive(requestOf({ a1: [[2000, 3]], b1: [[1000, 1]], a2: [[3000, 6]] }))).toMatchObject({
    samples: 1,
    outOfOrder: 1,
    duplicate: 1,
    tooOld: 0,
  });
  expect(pairs(one('a1'))).toEqual([
    [1000, 1],
    [2000, 2],
  ]);
  expect(pairs(one('a2'))).toEqual([
    [1000, 3],
    [2000, 4],
    [3000, 6],
  ]);
  store.setOutOfOrderWindow(10_000);
  expect(await receiver.receive(requestOf({ b1: [[1000, 1]] }))).toMatchObject({ samples: 1, ...FINE });
  expect(pairs(one('b1'))).toHaveLength(2);
});

test('histograms, start times, exemplars and metadata get where they belong', async () => {
  const store = openMemoryStorage();
  const receiver = new Receiver(store);
  const request = requestOf({
    h: [
      [1000, 0],
      [2000, 7],
    ],
  });
  const outcome = await receiver.receive({
    ...request,
    startTimes: Float64Array.of(0, 500),
    histograms: new Map([[0, EXPONENTIAL]]),
    exemplars: [{ series: 0, labels: labelsFromRecord({ id: 'x' }), value: 1, time: 1000 }],
    metadata: [{ family: 'h', type: 'histogram', help: 'H', unit: '' }],
  });
  expect(outcome).toMatchObject({ samples: 1, histograms: 1, exemplars: 1 });
  const querier = store.querier();
  expect(plainSamples(querier.select([], -Infinity, Infinity)[0])).toEqual([
    { time: 1000, bits: '', histogram: EXPONENTIAL },
    { time: 2000, bits: '401c000000000000', startTime: 500 },
  ]);
  expect(querier.exemplars([], -Infinity, Infinity)[0].exemplars).toHaveLength(1);
  expect(store.metadata('h').get('h')?.[0].help).toBe('H');
});
