import { labelsFromPairs, labelsKey, METRIC_NAME, type Labels, type MetricMetadata } from '#shared/model/index.ts';
import type { ParsedBody } from './body.ts';

/** The columns of bodies that are read row by row, each whole: for formats that are not compared in place. */
export class RowColumns {
  readonly #labels: Labels[] = [];
  readonly #handles = new Map<string, number>();
  readonly #metadata = new Map<string, MetricMetadata>();
  #last: readonly number[] = [];
  #layout = 0;
  #series: number[] = [];
  #values: number[] = [];
  #times: number[] = [];
  #hasTimes = false;
  #changed = new Map<string, MetricMetadata>();

  /** Handles given so far. */
  get handles(): number {
    return this.#labels.length;
  }

  /** Label set of a sample of the body read last. */
  labelsOf(sample: number): Labels {
    return this.#labels[this.#last[sample]];
  }

  /** Samples of the body so far. */
  get count(): number {
    return this.#series.length;
  }

  begin(): void {
    this.#series = [];
    this.#values = [];
    this.#times = [];
    this.#hasTimes = false;
    this.#changed = new Map();
  }

  /** The handle of a series; labels without a value are left out. */
  handleOf(name: string, labels: Iterable<readonly [name: string, value: string]>): number {
    const set = labelsFromPairs([...[...labels].filter(([, value]) => value !== ''), [METRIC_NAME, name]]);
    const key = labelsKey(set);
    const known = this.#handles.get(key);
    if (known !== undefined) return known;
    this.#handles.set(key, this.#labels.length);
    return this.#labels.push(set) - 1;
  }

  /** @param time milliseconds; NaN for none */
  add(handle: number, value: number, time: number): void {
    this.#series.push(handle);
    this.#values.push(value);
    this.#times.push(time);
    if (!Number.isNaN(time)) this.#hasTimes = true;
  }

  describe(entry: MetricMetadata): void {
    const known = this.#metadata.get(entry.family);
    if (known?.type === entry.type && known.help === entry.help && known.unit === entry.unit) return;
    this.#changed.set(entry.family, entry);
  }

  finish(): ParsedBody {
    const series = this.#series;
    if (series.length !== this.#last.length || series.some((handle, i) => handle !== this.#last[i])) this.#layout++;
    this.#last = series;
    for (const entry of this.#changed.values()) this.#metadata.set(entry.family, entry);
    return {
      count: series.length,
      series: Int32Array.from(series),
      values: Float64Array.from(this.#values),
      times: this.#hasTimes ? Float64Array.from(this.#times) : null,
      startTimes: null,
      histograms: null,
      exemplars: null,
      metadata: [...this.#changed.values()],
      layout: this.#layout,
    };
  }
}
