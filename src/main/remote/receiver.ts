import { getLabel, type Histogram, type Labels, type Millis } from '#shared/model/index.ts';
import type { BatchExemplar, SeriesRef, Storage, Writer } from '#main/storage/index.ts';
import type { WriteRequest } from './write-request.ts';

/** What became of a request's samples. */
export interface WriteOutcome {
  /** Stored, or there already. */
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
  readonly outOfOrder: number;
  readonly duplicate: number;
  readonly tooOld: number;
}

/** Sources told apart at most; those after them share one. */
const MAX_SOURCES = 10_000;

/** Takes what others send by remote write into a store. */
export class Receiver {
  readonly #storage: Storage;
  readonly #writers = new Map<string, Writer>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Samples that were scraped together share their times: a writer for each target keeps them so. */
  #writerOf(labels: Labels): Writer {
    const key = `remote ${getLabel(labels, 'job')} ${getLabel(labels, 'instance')}`;
    let writer = this.#writers.get(key);
    if (writer === undefined) {
      const source = this.#writers.size < MAX_SOURCES ? key : 'remote';
      writer = this.#writers.get(source) ?? this.#storage.writer(source);
      this.#writers.set(source, writer);
    }
    return writer;
  }

  /** Stores the samples of a request in order of time; they are durable when this resolves. */
  async receive(request: Omit<WriteRequest, 'problems'>): Promise<WriteOutcome> {
    const { labels, series, times, values, startTimes, histograms, exemplars, metadata } = request;
    if (metadata.length > 0) this.#storage.putMetadata('remote write', metadata);
    const writers = labels.map((one) => this.#writerOf(one));
    const refs = labels.map((one, k) => writers[k].resolve(one));
    const outcome = { samples: 0, histograms: 0, exemplars: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 };
    // One batch for each target, time and kind.
    const batches = new Map<Writer, Map<Millis, { floats: number[]; histograms: number[] }>>();
    for (let i = 0; i < series.length; i++) {
      const writer = writers[series[i]];
      let byTime = batches.get(writer);
      if (byTime === undefined) batches.set(writer, (byTime = new Map()));
      let batch = byTime.get(times[i]);
      if (batch === undefined) byTime.set(times[i], (batch = { floats: [], histograms: [] }));
      (histograms.has(i) ? batch.histograms : batch.floats).push(i);
    }
    const append = (
      writer: Writer,
      time: Millis,
      members: readonly number[],
      own: Map<number, Histogram> | null,
    ): number => {
      if (members.length === 0) return 0;
      const column = new Float64Array(members.length);
      const bytes = new Uint32Array(column.buffer);
      const source = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
      for (const [k, i] of members.entries()) {
        bytes[2 * k] = source[2 * i];
        bytes[2 * k + 1] = source[2 * i + 1];
      }
      const { outOfOrder, duplicate, tooOld } = writer.append({
        time,
        length: members.length,
        refs: Uint32Array.from(members, (i) => refs[series[i]]),
        values: column,
        times: null,
        startTimes: members.some((i) => startTimes[i] !== 0) ? Float64Array.from(members, (i) => startTimes[i]) : null,
        histograms: own,
        exemplars: null,
      });
      outcome.outOfOrder += outOfOrder;
      outcome.duplicate += duplicate;
      outcome.tooOld += tooOld;
      return members.length - outOfOrder - duplicate - tooOld;
    };
    for (const [writer, byTime] of batches)
      for (const time of [...byTime.keys()].sort((a, b) => a - b)) {
        const { floats, histograms: those } = byTime.get(time) as { floats: number[]; histograms: number[] };
        outcome.samples += append(writer, time, floats, null);
        const own = new Map(those.map((i, k) => [k, histograms.get(i) as Histogram]));
        outcome.histograms += append(writer, time, those, own);
      }
    this.#appendExemplars(writers, refs, exemplars);
    outcome.exemplars = exemplars.length;
    await this.#storage.commit();
    return outcome;
  }

  #appendExemplars(writers: readonly Writer[], refs: readonly SeriesRef[], exemplars: WriteRequest['exemplars']): void {
    for (const { series, labels, value, time } of exemplars) {
      const exemplar: BatchExemplar = { ref: refs[series], labels, value, time };
      writers[series].append({
        time,
        length: 0,
        refs: new Uint32Array(0),
        values: new Float64Array(0),
        times: null,
        startTimes: null,
        histograms: null,
        exemplars: [exemplar],
      });
    }
  }
}
