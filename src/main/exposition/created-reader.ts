import {
  getLabel,
  labelPairs,
  labelsFromPairs,
  labelsKey,
  METRIC_NAME,
  type Labels,
  type MetricType,
} from '#shared/model/index.ts';
import type { ParsedBody, ParsedExemplar } from './body.ts';
import type { BodyReader } from './reader.ts';

/** Types whose families have `_created` lines, with the label that tells lines of one metric apart. */
const BOUND: Readonly<Partial<Record<MetricType, string>>> = { counter: '', histogram: 'le', summary: 'quantile' };
const SUFFIX = /_(?:total|bucket|count|sum|created)$/;

/** The metric that a series is part of (null where its family has no start), and whether it is its `_created` line. */
interface Role {
  readonly family: string;
  readonly metric: string | null;
  readonly created: boolean;
}

/** How the samples of a layout come out: which stay, and which line tells each one's start. */
interface Plan {
  /** Of the body it was made for. */
  readonly layout: number;
  readonly kept: Int32Array;
  /** Place of the `_created` line of each sample that stays; -1: none. */
  readonly start: Int32Array;
}

/**
 * Takes the `_created` lines of OpenMetrics as start timestamps of the other lines of their metric: those before it and,
 * where there were some, those after it in the same family. The lines themselves are left out.
 */
export class CreatedReader implements BodyReader {
  readonly #inner: BodyReader;
  readonly #types = new Map<string, MetricType>();
  /** By handle of the reader inside. */
  #roles: Role[] = [];
  #plan: Plan = { layout: -1, kept: new Int32Array(0), start: new Int32Array(0) };

  #layout = 0;

  constructor(inner: BodyReader) {
    this.#inner = inner;
  }

  get handles(): number {
    return this.#inner.handles;
  }

  labelsOf(sample: number): Labels {
    return this.#inner.labelsOf(this.#plan.kept[sample]);
  }

  read(body: Uint8Array): ParsedBody {
    const parsed = this.#inner.read(body);
    for (const { family, type } of parsed.metadata) this.#types.set(family, type);
    // A type may be other than it was although no line has moved.
    if (parsed.metadata.length > 0) this.#roles = [];
    if (parsed.metadata.length > 0 || this.#plan.layout !== parsed.layout) {
      this.#plan = this.#makePlan(parsed);
      this.#layout++;
    }
    const { kept, start } = this.#plan;
    if (kept.length === parsed.count) return { ...parsed, layout: this.#layout };
    const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (i) => column[i]);
    const places = parsed.exemplars === null ? null : new Map([...kept].map((i, at) => [i, at]));
    return {
      ...parsed,
      count: kept.length,
      series: Int32Array.from(kept, (i) => parsed.series[i]),
      values: pick(parsed.values),
      times: parsed.times === null ? null : pick(parsed.times),
      startTimes: Float64Array.from(start, (i) => (i < 0 ? NaN : Math.round(parsed.values[i] * 1000))),
      exemplars:
        parsed.exemplars?.flatMap((exemplar): ParsedExemplar[] => {
          const sample = places?.get(exemplar.sample);
          return sample === undefined ? [] : [{ ...exemplar, sample }];
        }) ?? null,
      layout: this.#layout,
    };
  }

  #makePlan(parsed: ParsedBody): Plan {
    const kept: number[] = [];
    const start = new Map<number, number>();
    // Samples of each metric that wait for its `_created` line, or that line where it has come.
    let waiting = new Map<string, number[] | number>();
    let family = '';
    for (let i = 0; i < parsed.count; i++) {
      const role = this.#roleOf(parsed.series[i], i);
      if (role.family !== family) {
        ({ family } = role);
        waiting = new Map();
      }
      if (role.metric === null) {
        kept.push(i);
        continue;
      }
      const others = waiting.get(role.metric);
      if (role.created) {
        if (!Array.isArray(others)) continue;
        for (const sample of others) start.set(sample, i);
        waiting.set(role.metric, i);
        continue;
      }
      kept.push(i);
      if (typeof others === 'number') start.set(i, others);
      else if (others === undefined) waiting.set(role.metric, [i]);
      else others.push(i);
    }
    return {
      layout: parsed.layout,
      kept: Int32Array.from(kept),
      start: Int32Array.from(kept, (i) => start.get(i) ?? -1),
    };
  }

  #roleOf(handle: number, sample: number): Role {
    const known = this.#roles.at(handle);
    if (known !== undefined) return known;
    const labels = this.#inner.labelsOf(sample);
    const name = getLabel(labels, METRIC_NAME);
    const family = name.replace(SUFFIX, '');
    const type = this.#types.get(family) ?? 'unknown';
    const bound = BOUND[type];
    let role: Role = { family, metric: null, created: false };
    if (bound !== undefined) {
      const own = [...labelPairs(labels)].filter(([label]) => label !== METRIC_NAME && label !== bound);
      role = { family, metric: labelsKey(labelsFromPairs(own)), created: name === `${family}_created` };
    }
    this.#roles[handle] = role;
    return role;
  }
}
