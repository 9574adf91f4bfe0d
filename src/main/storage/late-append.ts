import { isStaleAt, type Millis } from '#shared/model/index.ts';
import type { Part } from './assemble.ts';
import type { Batch } from './contract.ts';
import type { Head, Tally } from './head.ts';
import { elementAt, isSameSample, type LateSample } from './late-samples.ts';

/** What of a series lies in a range. */
type Find = (refs: readonly number[], start: Millis, end: Millis) => ReadonlyMap<number, readonly Part[]>;

function equalSamples(a: LateSample, b: LateSample): boolean {
  const histograms = b.histogram === null ? null : [b.histogram];
  const values = new Float64Array(new Uint32Array([b.words[2 * b.i], b.words[2 * b.i + 1]]).buffer);
  const part = { times: Float64Array.of(b.time), values, from: 0, to: 1, startTimes: null, histograms, rank: 0 };
  return isSameSample(a, part, 0);
}

/**
 * Takes those samples of a batch that the head refused as older than the newest of their series, as far as they are in
 * the window: counted as out of order so far, they are stored, or found to be there, duplicates or too old.
 * @param window how much older than the newest sample of the store one may be
 */
export function appendLate(
  head: Head,
  find: Find,
  batch: Batch,
  words: Uint32Array,
  window: Millis,
  tally: Tally,
): void {
  const oldest = head.maxTime - window;
  const young: LateSample[] = [];
  for (const i of head.behind) {
    const own = batch.times === null ? NaN : batch.times[i];
    const time = Number.isNaN(own) ? batch.time : own;
    tally.outOfOrder--;
    if (time < oldest) {
      tally.tooOld++;
      continue;
    }
    const histogram = isStaleAt(words, i) ? null : (batch.histograms?.get(i) ?? null);
    const startTime = batch.startTimes === null ? 0 : batch.startTimes[i] || 0;
    young.push({ ref: batch.refs[i], time, words, i, histogram, startTime });
  }
  if (young.length === 0) return;
  let start = Infinity;
  let end = -Infinity;
  for (const { time } of young) {
    start = Math.min(start, time);
    end = Math.max(end, time);
  }
  const known = find([...new Set(young.map(({ ref }) => ref))], start, end);
  const taken = new Map<string, LateSample>();
  for (const sample of young) {
    const { ref, time } = sample;
    const key = `${ref} ${time}`;
    const twin = taken.get(key);
    if (twin !== undefined) {
      if (!equalSamples(sample, twin)) tally.duplicate++;
      continue;
    }
    const there = known.get(ref)?.filter((part) => elementAt(part, time) >= 0) ?? [];
    if (there.length === 0) taken.set(key, sample);
    else {
      const shown = there.reduce((a, b) => (b.rank >= a.rank ? b : a));
      if (!isSameSample(sample, shown, elementAt(shown, time))) tally.duplicate++;
    }
  }
  tally.appended += taken.size;
  head.late.add([...taken.values()], (ref) => head.state.ids[ref]);
}
