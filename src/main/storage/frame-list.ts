import type { Millis } from '#shared/model/index.ts';

/** Numbers kept of a frame. */
const FIELDS = 4;

/** Frames whose bounds are kept in all: 1.6 MB. */
const MOST_FRAMES = 50_000;

/** The frames of one group, by their newest time. */
export class FrameList {
  /** id, timeline, mint, maxt of each. */
  readonly #fields: Float64Array;

  /** @param rows [id, timeline, mint, maxt] of each, maxt ascending */
  constructor(rows: readonly (readonly [number, number, number, number])[]) {
    this.#fields = new Float64Array(rows.length * FIELDS);
    for (let i = 0; i < rows.length; i++) this.#fields.set(rows[i], i * FIELDS);
  }

  get length(): number {
    return this.#fields.length / FIELDS;
  }

  /** Calls `visit` for each frame that reaches into [start, end], oldest first. */
  each(start: Millis, end: Millis, visit: (id: number, timeline: number, mint: Millis, maxt: Millis) => void): void {
    const fields = this.#fields;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (fields[middle * FIELDS + 3] < start) low = middle + 1;
      else high = middle;
    }
    for (let at = low * FIELDS; at < fields.length; at += FIELDS)
      if (fields[at + 2] <= end) visit(fields[at], fields[at + 1], fields[at + 2], fields[at + 3]);
  }
}

/** Lists of frames kept for the next query, until one is added or removed anywhere. */
export class FrameLists {
  readonly #load: (group: number) => FrameList;
  readonly #version: () => number;
  readonly #lists = new Map<number, FrameList>();
  #frames = 0;
  #seen = -1;

  /** @param version changes with each frame that is added */
  constructor(load: (group: number) => FrameList, version: () => number) {
    this.#load = load;
    this.#version = version;
  }

  of(group: number): FrameList {
    const version = this.#version();
    if (version !== this.#seen) this.clear();
    this.#seen = version;
    let list = this.#lists.get(group);
    if (list === undefined) {
      list = this.#load(group);
      if (this.#frames + list.length > MOST_FRAMES) this.clear();
      this.#lists.set(group, list);
      this.#frames += list.length;
    }
    return list;
  }

  clear(): void {
    this.#lists.clear();
    this.#frames = 0;
  }
}
