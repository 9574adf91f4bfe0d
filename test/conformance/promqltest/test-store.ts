import { labelsKey, setStaleAt, wordsOf, type Histogram, type Labels, type Millis } from '#shared/model/index.ts';
import { openMemoryStorage, type Querier, type Storage, type Writer } from '#main/storage/index.ts';
import { ChunkHints } from './chunk-hints.ts';
import { convertClassic, type FloatSample } from './custom-buckets.ts';
import type { LoadedSeries, LoadStatement } from './script.ts';

/** What scripts load into: a real store, fed as the reference's test storage is. */
export class TestStore {
  private storage: Storage = openMemoryStorage();
  private writer: Writer = this.storage.writer('script');
  private hints = new Map<string, ChunkHints>();

  async clear(): Promise<void> {
    this.writer.release();
    await this.storage.close();
    this.storage = openMemoryStorage();
    this.writer = this.storage.writer('script');
    this.hints = new Map();
  }

  async close(): Promise<void> {
    await this.storage.close();
  }

  querier(): Querier {
    return this.storage.querier();
  }

  /** @throws Error when the store refuses a sample, or a classic histogram cannot be converted */
  load({ series, step, withCustomBuckets }: LoadStatement): void {
    const last = new Map<string, LoadedSeries>();
    for (const one of series) last.set(labelsKey(one.labels), one);
    const floats: FloatSample[] = [];
    for (const one of last.values()) {
      const samples = samplesOf(one, step);
      this.append(one.labels, samples);
      for (const { time, kind, value } of samples)
        if (kind === 'float') floats.push({ labels: one.labels, time, value });
    }
    if (!withCustomBuckets) return;
    for (const { labels, samples } of convertClassic(floats))
      this.append(
        labels,
        samples.map(({ time, histogram }) => ({ kind: 'histogram', time, value: 0, histogram, startTime: 0 })),
      );
  }

  private append(labels: Labels, samples: readonly Sample[]): void {
    if (samples.length === 0) return;
    const values = new Float64Array(samples.length);
    const words = wordsOf(values);
    const histograms = new Map<number, Histogram>();
    const hints = this.hintsOf(labels);
    samples.forEach((sample, i) => {
      if (sample.kind === 'histogram') {
        checkHistogram(sample.histogram);
        histograms.set(i, { ...sample.histogram, counterResetHint: hints.next(sample.time, sample.histogram) });
      } else if (sample.kind === 'stale') {
        setStaleAt(words, i);
        hints.stale();
      } else {
        values[i] = sample.value;
        hints.float();
      }
    });
    const result = this.writer.append({
      time: 0,
      length: samples.length,
      refs: Uint32Array.from(samples, () => this.writer.resolve(labels)),
      values,
      times: Float64Array.from(samples, ({ time }) => time),
      startTimes: Float64Array.from(samples, ({ startTime }) => startTime),
      histograms: histograms.size === 0 ? null : histograms,
      exemplars: null,
    });
    if (result.outOfOrder + result.duplicate + result.tooOld > 0)
      throw new Error(`the store refuses samples of ${JSON.stringify(labels)}`);
  }

  private hintsOf(labels: Labels): ChunkHints {
    const key = labelsKey(labels);
    let hints = this.hints.get(key);
    if (hints === undefined) this.hints.set(key, (hints = new ChunkHints()));
    return hints;
  }
}

interface SampleBase {
  readonly time: Millis;
  readonly value: number;
  readonly startTime: Millis;
}
type Sample = SampleBase &
  ({ readonly kind: 'float' | 'stale' } | { readonly kind: 'histogram'; readonly histogram: Histogram });

function samplesOf({ values, startOffsets }: LoadedSeries, step: Millis): Sample[] {
  const samples: Sample[] = [];
  values.forEach((value, i) => {
    if (value.type === 'omitted') return;
    const time = i * step;
    const offset = startOffsets?.[i] ?? null;
    const base = { time, value: 0, startTime: offset === null ? 0 : time + offset };
    if (value.type === 'histogram') samples.push({ ...base, kind: 'histogram', histogram: value.histogram });
    else if (value.type === 'stale') samples.push({ ...base, kind: 'stale' });
    else samples.push({ ...base, kind: 'float', value: value.value });
  });
  return samples;
}

function checkHistogram(h: Histogram): void {
  if (h.schema !== -53 && (h.schema < -4 || h.schema > 8)) throw new Error(`unknown histogram schema ${h.schema}`);
  if ([...h.positiveBuckets, ...h.negativeBuckets].some((count) => count < 0))
    throw new Error('a histogram bucket has a negative count');
  if (h.customValues.some((bound, i) => i > 0 && bound <= h.customValues[i - 1]))
    throw new Error('custom histogram bounds are not ascending');
}
