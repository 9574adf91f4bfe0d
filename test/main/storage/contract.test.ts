import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatSeries, labelsFromRecord, type Matcher } from '#shared/model/index.ts';
import {
  StorageError,
  type SeriesRef,
  type SeriesSamples,
  type Storage,
  type StorageOptions,
} from '#main/storage/index.ts';
import { append, batchOf, CUSTOM, EXPONENTIAL, pairs, plainSamples, STALE } from './batches.ts';
import { ENGINES } from './engines.ts';

const ALL = [-Infinity, Infinity] as const;

describe.each(ENGINES)('storage engine $name', (engine) => {
  let folder = '';
  let store: Storage;
  const open = (options?: StorageOptions): Storage => (store = engine.open(folder, options));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearth-store-'));
  });
  afterEach(async () => {
    await store.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  const select = (matchers: readonly Matcher[] = [], start = -Infinity, end = Infinity): SeriesSamples[] => {
    const querier = store.querier();
    const result = querier.select(matchers, start, end);
    querier.release();
    return result;
  };
  const one = (name: string, start?: number, end?: number): SeriesSamples | undefined =>
    select([{ name: '__name__', type: '=', value: name }], start, end)[0];
  const names = (matchers: readonly Matcher[]): string[] =>
    select(matchers)
      .map((series) => formatSeries(series.labels))
      .sort();

  test('a sample is visible as soon as it is appended', () => {
    const writer = open().writer('t');
    const result = append(writer, 1000, { labels: { __name__: 'up', job: 'a' }, value: 1 });
    expect(result).toEqual({ appended: 1, outOfOrder: 0, duplicate: 0, tooOld: 0 });
    const [series] = select();
    expect(formatSeries(series.labels)).toBe('up{job="a"}');
    expect(pairs(series)).toEqual([[1000, 1]]);
  });

  test('resolve gives one reference to one label set', () => {
    const writer = open().writer('t');
    const a = writer.resolve(labelsFromRecord({ __name__: 'a' }));
    expect(writer.resolve(labelsFromRecord({ __name__: 'b' }))).not.toBe(a);
    expect(writer.resolve(labelsFromRecord({ __name__: 'a' }))).toBe(a);
    expect(store.writer('other').resolve(labelsFromRecord({ __name__: 'a' }))).toBe(a);
  });

  test('a registered series without samples is not seen', () => {
    const writer = open().writer('t');
    writer.resolve(labelsFromRecord({ __name__: 'a' }));
    expect(select()).toEqual([]);
    expect(store.querier().labelNames([], ...ALL)).toEqual([]);
  });

  test('ranges are inclusive at both ends and hold nothing else', () => {
    const writer = open().writer('t');
    for (let t = 1; t <= 600; t++) append(writer, t * 1000, { labels: { __name__: 'a' }, value: t });
    expect(pairs(one('a', 300_000, 302_000))).toEqual([
      [300_000, 300],
      [301_000, 301],
      [302_000, 302],
    ]);
    expect(pairs(one('a', 300_001, 301_999))).toEqual([[301_000, 301]]);
    expect(one('a', 300_001, 300_999)).toBeUndefined();
    expect(one('a', 600_001, 700_000)).toBeUndefined();
    expect(one('a', 0, 999)).toBeUndefined();
    expect(pairs(one('a'))).toHaveLength(600);
    expect(pairs(one('a', 0, 1_000_000)).every(([time, value]) => time === value * 1000)).toBe(true);
  });

  test('negative times and time 0 are ordinary times', () => {
    const writer = open().writer('t');
    for (const time of [-5000, 0, 5000]) append(writer, time, { labels: { __name__: 'a' }, value: time });
    expect(pairs(one('a', -5000, 0))).toEqual([
      [-5000, -5000],
      [0, 0],
    ]);
  });

  test('values keep every bit', () => {
    const writer = open().writer('t');
    const bits = [
      '7ff0000000000002',
      '7ff8000000000000',
      '7ff8000000000001',
      'fff8000000000000',
      '7ff0000000000001',
      'ffffffffffffffff',
      '8000000000000000',
      '0000000000000000',
      '7ff0000000000000',
      'fff0000000000000',
      '0000000000000001',
      '7fefffffffffffff',
      '4340000000000001',
      '3fb999999999999a',
    ];
    const values = new Float64Array(bits.length);
    const view = new DataView(values.buffer);
    bits.forEach((text, i) => view.setBigUint64(8 * i, BigInt(`0x${text}`), true));
    const refs = Uint32Array.from(bits, (_, i) => writer.resolve(labelsFromRecord({ __name__: 'a', i: String(i) })));
    const rest = { times: null, startTimes: null, histograms: null, exemplars: null };
    // The same values in turn over all series, so that each value follows each other.
    for (let row = 0; row < 300; row++) {
      const turned = new Float64Array(bits.length);
      const words = new BigUint64Array(turned.buffer);
      bits.forEach((_, i) => (words[i] = BigInt(`0x${bits[(i + row * (1 + (i % 3))) % bits.length]}`)));
      writer.append({ time: row, length: bits.length, refs, values: turned, ...rest });
    }
    for (const series of select()) {
      const i = Number(series.labels[3]);
      const expected = Array.from({ length: 300 }, (_, row) => bits[(i + row * (1 + (i % 3))) % bits.length]);
      expect(plainSamples(series).map((sample) => sample.bits)).toEqual(expected);
    }
  });

  test('the batch may be reused by the caller', () => {
    const writer = open().writer('t');
    const batch = batchOf(writer, 1, [{ labels: { __name__: 'a' }, value: 7 }]);
    writer.append(batch);
    batch.values[0] = 8;
    batch.refs[0] = 99;
    expect(pairs(one('a'))).toEqual([[1, 7]]);
  });

  test('older samples are refused and counted, the rest of the batch is taken', () => {
    const writer = open().writer('t');
    append(writer, 2000, { labels: { __name__: 'a' }, value: 1 });
    expect(
      append(writer, 1000, { labels: { __name__: 'a' }, value: 2 }, { labels: { __name__: 'b' }, value: 3 }),
    ).toEqual({ appended: 1, outOfOrder: 1, duplicate: 0, tooOld: 0 });
    expect(pairs(one('a'))).toEqual([[2000, 1]]);
    expect(pairs(one('b'))).toEqual([[1000, 3]]);
    expect(store.stats().outOfOrderSamples).toBe(1);
  });

  test('the same time again: same bits are ignored, other bits refused', () => {
    const writer = open().writer('t');
    append(writer, 1000, { labels: { __name__: 'a' }, value: 0 }, { labels: { __name__: 'n' }, value: NaN });
    const none = { appended: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 };
    expect(
      append(writer, 1000, { labels: { __name__: 'a' }, value: 0 }, { labels: { __name__: 'n' }, value: NaN }),
    ).toEqual(none);
    expect(append(writer, 1000, { labels: { __name__: 'a' }, value: -0 })).toEqual({ ...none, duplicate: 1 });
    expect(
      append(writer, 1000, { labels: { __name__: 'a' }, value: 5 }, { labels: { __name__: 'a' }, value: 6 }),
    ).toEqual({
      ...none,
      duplicate: 2,
    });
    expect(
      append(writer, 2000, { labels: { __name__: 'a' }, value: 5 }, { labels: { __name__: 'a' }, value: 6 }),
    ).toEqual({
      ...none,
      appended: 1,
      duplicate: 1,
    });
    expect(pairs(one('a'))).toEqual([
      [1000, 0],
      [2000, 5],
    ]);
    expect(store.stats().duplicateSamples).toBe(4);
  });

  test('one series is in time order whatever the writer', () => {
    open();
    const [a, b] = [store.writer('a'), store.writer('b')];
    const labels = { __name__: 'x' };
    append(a, 1000, { labels, value: 1 });
    append(b, 2000, { labels, value: 2 });
    expect(append(a, 1500, { labels, value: 3 }).outOfOrder).toBe(1);
    expect(append(a, 2000, { labels, value: 4 }).duplicate).toBe(1);
    expect(append(a, 2000, { labels, value: 2 })).toEqual({ appended: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 });
    append(a, 3000, { labels, value: 5 });
    append(b, 4000, { labels, value: 6 });
    b.release();
    append(a, 5000, { labels, value: 7 });
    expect(pairs(one('x')).map(([, value]) => value)).toEqual([1, 2, 5, 6, 7]);
  });

  test('samples with times of their own are stored at those', () => {
    const writer = open().writer('t');
    for (let i = 1; i <= 300; i++)
      append(
        writer,
        i * 1000,
        { labels: { __name__: 'scraped' }, value: i },
        { labels: { __name__: 'own' }, value: i, time: i * 1000 - 300 - (i % 7) },
        { labels: { __name__: 'slow' }, value: Math.floor(i / 10), time: Math.floor(i / 10) * 10_000 },
      );
    expect(pairs(one('scraped'))).toHaveLength(300);
    expect(pairs(one('own'))).toEqual(
      Array.from({ length: 300 }, (_, i) => [(i + 1) * 1000 - 300 - ((i + 1) % 7), i + 1]),
    );
    expect(pairs(one('slow'))).toEqual(Array.from({ length: 31 }, (_, i) => [i * 10_000, i]));
    expect(store.stats().duplicateSamples).toBe(0);
  });

  test('series that come and go keep their gaps', () => {
    const writer = open().writer('t');
    for (let t = 0; t < 700; t++) {
      const samples = [{ labels: { __name__: 'always' }, value: t }];
      if (t % 3 !== 0) samples.push({ labels: { __name__: 'often' }, value: t });
      if (t > 350) samples.push({ labels: { __name__: 'late' }, value: t });
      if (t < 100) samples.unshift({ labels: { __name__: 'early' }, value: t });
      append(writer, t, ...samples);
    }
    const times = (name: string): number[] => pairs(one(name)).map(([time]) => time);
    const range = Array.from({ length: 700 }, (_, t) => t);
    expect(times('always')).toEqual(range);
    expect(times('often')).toEqual(range.filter((t) => t % 3 !== 0));
    expect(times('late')).toEqual(range.filter((t) => t > 350));
    expect(times('early')).toEqual(range.filter((t) => t < 100));
    expect(one('early', 150, 300)).toBeUndefined();
  });

  test('stale markers are stored as such', () => {
    const writer = open().writer('t');
    append(writer, 1, { labels: { __name__: 'a' }, value: 1 });
    append(writer, 2, { labels: { __name__: 'a' }, value: STALE });
    expect(plainSamples(select()[0])[1]).toEqual({ time: 2, bits: '7ff0000000000002' });
  });

  test('histograms are stored whole, beside floats', () => {
    const writer = open().writer('t');
    const samples = Array.from({ length: 500 }, (_, t) => {
      if (t === 100) return 4.5;
      if (t === 101) return STALE;
      if (t % 50 === 7) return { ...CUSTOM, sum: t };
      return {
        ...EXPONENTIAL,
        counterResetHint: (t % 4) as 0 | 1 | 2 | 3,
        count: 12 + t,
        sum: 0.1 * t,
        positiveBuckets: [1 + t, 2.5, t % 2 === 0 ? -0 : 4],
      };
    });
    samples.forEach((value, t) =>
      append(writer, t, { labels: { __name__: 'h' }, value }, { labels: { __name__: 'f' }, value: t }),
    );
    const [series] = select([{ name: '__name__', type: '=', value: 'h' }]);
    const got = plainSamples(series);
    expect(got).toHaveLength(500);
    expect(got.map((sample) => sample.histogram ?? null)).toEqual(
      samples.map((value) => (typeof value === 'object' ? value : null)),
    );
    expect(got[101].bits).toBe('7ff0000000000002');
    expect(series.values[series.from + 100]).toBe(4.5);
    expect(one('f')?.histograms).toBeNull();
    expect(one('f')?.startTimes).toBeNull();
    expect(pairs(one('f'))).toHaveLength(500);
  });

  test('the same histogram at the same time is ignored, another refused', () => {
    const writer = open().writer('t');
    const labels = { __name__: 'h' };
    append(writer, 1, { labels, value: EXPONENTIAL });
    expect(append(writer, 1, { labels, value: { ...EXPONENTIAL } }).duplicate).toBe(0);
    expect(append(writer, 1, { labels, value: { ...EXPONENTIAL, count: 13 } }).duplicate).toBe(1);
    expect(append(writer, 1, { labels, value: 0 }).duplicate).toBe(1);
  });

  test('start times come back where they were given', () => {
    const writer = open().writer('t');
    for (let t = 0; t < 500; t++)
      append(
        writer,
        t * 10,
        { labels: { __name__: 'with' }, value: t, startTime: t < 20 ? NaN : 5 + Math.floor(t / 100) },
        { labels: { __name__: 'without' }, value: t },
      );
    expect(plainSamples(one('with') as SeriesSamples).map((sample) => sample.startTime ?? 0)).toEqual(
      Array.from({ length: 500 }, (_, t) => (t < 20 ? 0 : 5 + Math.floor(t / 100))),
    );
    expect(one('without')?.startTimes).toBeNull();
    expect(one('with', 0, 100)?.startTimes).toBeNull();
  });

  describe('selectors', () => {
    beforeEach(() => {
      const writer = open().writer('t');
      const sets: Record<string, string>[] = [
        { __name__: 'http', job: 'api', code: '200' },
        { __name__: 'http', job: 'api', code: '500' },
        { __name__: 'http', job: 'web', code: '200' },
        { __name__: 'up', job: 'api' },
        { __name__: 'up', job: 'web', note: 'a\nb' },
        { job: 'nameless' },
      ];
      append(writer, 1000, ...sets.map((labels) => ({ labels, value: 1 })));
    });
    const m = (name: string, type: Matcher['type'], value: string): Matcher => ({ name, type, value });
    test.each([
      [[m('__name__', '=', 'up')], ['up{job="api"}', 'up{job="web", note="a\\nb"}']],
      [[m('__name__', '=', 'up'), m('job', '!=', 'api')], ['up{job="web", note="a\\nb"}']],
      [[m('code', '=~', '2..')], ['http{code="200", job="api"}', 'http{code="200", job="web"}']],
      [[m('code', '!~', '2..'), m('__name__', '=', 'http')], ['http{code="500", job="api"}']],
      [[m('code', '=', ''), m('job', '=', 'api')], ['up{job="api"}']],
      [
        [m('code', '!=', '')],
        ['http{code="200", job="api"}', 'http{code="200", job="web"}', 'http{code="500", job="api"}'],
      ],
      [
        [m('code', '=~', '|500'), m('job', '=', 'api')],
        ['http{code="500", job="api"}', 'up{job="api"}'],
      ],
      [[m('note', '=~', 'a.b')], ['up{job="web", note="a\\nb"}']],
      [[m('__name__', '=', '')], ['{job="nameless"}']],
      [
        [m('job', '=~', 'a.*|nameless'), m('code', '!=', '500')],
        ['http{code="200", job="api"}', 'up{job="api"}', '{job="nameless"}'],
      ],
      [[m('job', '=', 'nobody')], []],
      [[m('nothing', '=', 'x')], []],
      [[m('job', '=', 'api'), m('job', '=', 'web')], []],
      [[m('job', '!=', 'api'), m('job', '!=', 'web')], ['{job="nameless"}']],
      [
        [m('nothing', '!=', 'x'), m('nothing', '!~', '.+'), m('__name__', '=~', 'u.')],
        ['up{job="api"}', 'up{job="web", note="a\\nb"}'],
      ],
    ])('%j', (matchers, expected) => {
      expect(names(matchers)).toEqual([...expected].sort());
      expect(
        store
          .querier()
          .series(matchers, ...ALL)
          .map(formatSeries)
          .sort(),
      ).toEqual([...expected].sort());
    });

    test('label names and values, sorted, of matching series in the range', () => {
      const querier = store.querier();
      expect(querier.labelNames([], ...ALL)).toEqual(['__name__', 'code', 'job', 'note']);
      expect(querier.labelNames([m('__name__', '=', 'up'), m('job', '=', 'api')], ...ALL)).toEqual(['__name__', 'job']);
      expect(querier.labelValues('job', [], ...ALL)).toEqual(['api', 'nameless', 'web']);
      expect(querier.labelValues('code', [m('job', '=', 'web')], ...ALL)).toEqual(['200']);
      expect(querier.labelValues('nothing', [], ...ALL)).toEqual([]);
      expect(querier.labelValues('job', [], 5_000_000, 6_000_000)).toEqual([]);
      querier.release();
    });

    test('a broken expression is a RegexError', () => {
      expect(() => select([m('job', '=~', '(')])).toThrow(/./);
    });
  });

  test('metadata: later entries of a source replace, disagreeing sources stand side by side', () => {
    open();
    const entry = (help: string) => ({ family: 'f', type: 'counter' as const, help, unit: '' });
    store.putMetadata('a', [entry('old'), { family: 'g', type: 'gauge', help: 'G', unit: 'seconds' }]);
    store.putMetadata('a', [entry('new')]);
    store.putMetadata('b', [entry('new')]);
    expect(store.metadata('f')).toEqual(new Map([['f', [entry('new')]]]));
    store.putMetadata('b', [entry('other')]);
    expect(store.metadata().get('f')).toEqual([entry('new'), entry('other')]);
    expect(store.metadata().get('g')).toEqual([{ family: 'g', type: 'gauge', help: 'G', unit: 'seconds' }]);
    expect(store.metadata('nothing').size).toBe(0);
  });

  describe('exemplars', () => {
    const trace = (id: string) => labelsFromRecord({ trace_id: id });
    const add = (ref: SeriesRef, id: string, value: number, time: number): void => {
      const writer = store.writer('e');
      const batch = batchOf(writer, time, [], [{ ref, labels: trace(id), value, time }]);
      writer.append(batch);
    };
    const ids = (start = -Infinity, end = Infinity): string[][] =>
      store
        .querier()
        .exemplars([{ name: '__name__', type: '=~', value: '.+' }], start, end)
        .map((series) => series.exemplars.map((exemplar) => exemplar.labels[1]));

    test('belong to series, in time order, within the range', () => {
      const writer = open().writer('t');
      append(writer, 1000, { labels: { __name__: 'a' }, value: 1 });
      const ref = writer.resolve(labelsFromRecord({ __name__: 'a' }));
      add(ref, 'x', 0.5, 900);
      add(ref, 'y', 0.7, 1000);
      expect(ids()).toEqual([['x', 'y']]);
      expect(ids(950, 2000)).toEqual([['y']]);
      expect(ids(2000, 3000)).toEqual([]);
    });

    test('repeated, older and overlong ones are left out', () => {
      const writer = open().writer('t');
      append(writer, 1000, { labels: { __name__: 'a' }, value: 1 });
      const ref = writer.resolve(labelsFromRecord({ __name__: 'a' }));
      add(ref, 'x', 1, 1000);
      add(ref, 'x', 1, 2000);
      add(ref, 'w', 1, 500);
      add(ref, 'z'.repeat(200), 1, 3000);
      expect(ids()).toEqual([['x']]);
    });

    test('the newest are kept', () => {
      const writer = open({ maxExemplars: 3 }).writer('t');
      append(writer, 1000, { labels: { __name__: 'a' }, value: 1 }, { labels: { __name__: 'b' }, value: 1 });
      const a = writer.resolve(labelsFromRecord({ __name__: 'a' }));
      const b = writer.resolve(labelsFromRecord({ __name__: 'b' }));
      add(a, '1', 1, 1);
      add(b, '2', 1, 2);
      add(a, '3', 1, 3);
      add(a, '4', 1, 4);
      add(a, '5', 1, 5);
      expect(ids()).toEqual([['3', '4', '5']]);
    });
  });

  describe('deletion', () => {
    test('removes the samples of the range, of matching series only', async () => {
      const writer = open().writer('t');
      for (let t = 0; t < 500; t++)
        append(writer, t, { labels: { __name__: 'a' }, value: t }, { labels: { __name__: 'b' }, value: t });
      await store.deleteSeries([{ name: '__name__', type: '=', value: 'a' }], 100, 399);
      expect(pairs(one('a')).map(([time]) => time)).toEqual(
        Array.from({ length: 200 }, (_, i) => (i < 100 ? i : i + 300)),
      );
      expect(pairs(one('b'))).toHaveLength(500);
      expect(one('a', 150, 200)).toBeUndefined();
    });

    test('of everything up to now leaves room for what comes', async () => {
      const writer = open().writer('t');
      append(writer, 1000, { labels: { __name__: 'a' }, value: 1 });
      await store.deleteSeries([], -Infinity, Infinity);
      expect(select()).toEqual([]);
      append(writer, 2000, { labels: { __name__: 'a' }, value: 2 });
      expect(pairs(one('a'))).toEqual([[2000, 2]]);
    });
  });

  describe('retention', () => {
    const housekeep = async (): Promise<void> => {
      for (let steps = 0; await store.housekeep(); steps++)
        if (steps > 10_000) throw new Error('housekeeping never ends');
    };

    test('by time: old samples are refused, and in time removed', async () => {
      const writer = open({ retention: { time: 100_000, bytes: null } }).writer('t');
      append(writer, 1_000_000, { labels: { __name__: 'a' }, value: 1 });
      expect(append(writer, 899_999, { labels: { __name__: 'b' }, value: 1 })).toEqual({
        appended: 0,
        outOfOrder: 0,
        duplicate: 0,
        tooOld: 1,
      });
      expect(append(writer, 900_000, { labels: { __name__: 'b' }, value: 1 }).appended).toBe(1);
      expect(store.stats().tooOldSamples).toBe(1);
      append(writer, 100_000_000, { labels: { __name__: 'c' }, value: 1 });
      await housekeep();
      expect(names([])).toEqual(['c']);
      expect(store.stats().minTime).toBe(100_000_000);
    });

    test('a sample ahead of the clock does not make others old', async () => {
      const writer = open({ clock: () => 1_000_000, retention: { time: 100_000, bytes: null } }).writer('t');
      append(writer, 950_000, { labels: { __name__: 'a' }, value: 1 });
      append(writer, 999_000_000, { labels: { __name__: 'b' }, value: 1 });
      expect(append(writer, 951_000, { labels: { __name__: 'a' }, value: 1 }).appended).toBe(1);
      await housekeep();
      expect(pairs(one('a'))).toHaveLength(2);
    });

    test('set to nothing it removes nothing', async () => {
      const writer = open().writer('t');
      append(writer, 0, { labels: { __name__: 'a' }, value: 1 });
      append(writer, 1e12, { labels: { __name__: 'b' }, value: 1 });
      await housekeep();
      expect(names([])).toEqual(['a', 'b']);
      store.setRetention({ time: 1000, bytes: null });
      await housekeep();
      expect(names([])).toEqual(['b']);
    });
  });

  test('estimates tell the size of a selection, before and after sealing', async () => {
    const writer = open().writer('t');
    for (let i = 0; i < 600; i++)
      append(
        writer,
        1000 * i,
        { labels: { __name__: 'a' }, value: i },
        { labels: { __name__: 'b', x: '1' }, value: i * 7 },
        { labels: { __name__: 'b', x: '2' }, value: 1 },
      );
    const estimate = (name: string, start: number, end: number) => {
      const querier = store.querier();
      const found = querier.estimate([{ name: '__name__', type: '=', value: name }], start, end);
      querier.release();
      return found;
    };
    const check = (): void => {
      const all = estimate('b', 0, 600_000);
      expect(all.series).toBe(2);
      expect(all.samples).toBeGreaterThanOrEqual(1200);
      expect(all.samples).toBeLessThan(1400);
      const tenth = estimate('a', 60_000, 119_000);
      expect(tenth.samples).toBeGreaterThanOrEqual(55);
      expect(tenth.samples).toBeLessThan(90);
      expect(estimate('none', 0, 600_000)).toEqual({ series: 0, samples: 0 });
      expect(estimate('a', 700_000, 800_000)).toEqual({ series: 0, samples: 0 });
    };
    check();
    await store.commit();
    while (await store.housekeep());
    check();
  });

  test('stats count what is there', () => {
    const writer = open().writer('t');
    expect(store.stats()).toMatchObject({ series: 0, activeSeries: 0, minTime: null, maxTime: null, lastError: null });
    append(writer, 5, { labels: { __name__: 'a' }, value: 1 }, { labels: { __name__: 'b' }, value: 1 });
    append(writer, 9, { labels: { __name__: 'a' }, value: 1 });
    expect(store.stats()).toMatchObject({ series: 2, activeSeries: 2, minTime: 5, maxTime: 9, samplesAppended: 3 });
    expect(store.stats().headBytes).toBeGreaterThan(0);
  });

  test('a closed store says so', async () => {
    open();
    await store.close();
    let caught: unknown = null;
    try {
      store.querier();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(StorageError);
    expect((caught as StorageError).kind).toBe('closed');
  });
});
