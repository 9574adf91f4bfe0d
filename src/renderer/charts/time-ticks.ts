import type { Millis } from '#shared/model/index.ts';
import type { TimeZoneChoice } from '#renderer/ui/index.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

const STEPS: readonly Millis[] = [
  S,
  2 * S,
  5 * S,
  10 * S,
  15 * S,
  30 * S,
  M,
  2 * M,
  5 * M,
  10 * M,
  15 * M,
  30 * M,
  H,
  2 * H,
  3 * H,
  6 * H,
  12 * H,
  D,
  2 * D,
  7 * D,
  14 * D,
  28 * D,
  91 * D,
  364 * D,
];

export type TickStyle = 'clock' | 'clock-seconds' | 'date';

export interface TimeTicks {
  readonly times: readonly Millis[];
  readonly style: TickStyle;
}

/** Round times between two moments, at most `count`, round in the zone in which they are written. */
export function timeTicks(from: Millis, to: Millis, count: number, zone: TimeZoneChoice): TimeTicks {
  const step = STEPS.find((candidate) => (to - from) / candidate <= Math.max(1, count)) ?? STEPS[STEPS.length - 1];
  // The zone's offset at the start serves the whole axis: a change of the clock inside it shifts labels, never data.
  const offset = zone === 'utc' ? 0 : -new Date(from).getTimezoneOffset() * M;
  const times: Millis[] = [];
  for (let time = Math.ceil((from + offset) / step) * step - offset; time <= to; time += step) times.push(time);
  return { times, style: step >= D ? 'date' : step < M ? 'clock-seconds' : 'clock' };
}
