import { HINT_GAUGE, HINT_UNKNOWN, type Histogram, type MetricType } from '#shared/model/index.ts';
import { LineError } from './error.ts';
import type { WireHistogram } from './metric-family.ts';

/** Whether the message has a native histogram: by its spans, even empty ones, or by its zero bucket. */
export function isNative(given: WireHistogram): boolean {
  return (
    given.positiveSpans.length > 0 ||
    given.negativeSpans.length > 0 ||
    given.zeroThreshold > 0 ||
    given.zeroCount > 0 ||
    given.zeroCountFloat > 0
  );
}

const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;

/** The native histogram of a message. @throws LineError when spans and buckets do not fit each other */
export function nativeHistogram(given: WireHistogram, type: MetricType): Histogram {
  if (given.schema < MIN_SCHEMA || given.schema > MAX_SCHEMA)
    throw new LineError(`histogram has an invalid schema ${given.schema}`);
  const float = given.countFloat > 0 || given.zeroCountFloat > 0;
  const positive = float ? given.positiveCounts : absolute(given.positiveDeltas);
  const negative = float ? given.negativeCounts : absolute(given.negativeDeltas);
  checkSpans(given.positiveSpans, positive, 'positive');
  checkSpans(given.negativeSpans, negative, 'negative');
  return {
    schema: given.schema,
    counterResetHint: type === 'gaugehistogram' ? HINT_GAUGE : HINT_UNKNOWN,
    zeroThreshold: given.zeroThreshold,
    zeroCount: float ? given.zeroCountFloat : given.zeroCount,
    count: float ? given.countFloat : given.count,
    sum: given.sum,
    positiveSpans: withoutEmpty(given.positiveSpans),
    negativeSpans: withoutEmpty(given.negativeSpans),
    positiveBuckets: positive,
    negativeBuckets: negative,
    customValues: [],
  };
}

function absolute(deltas: readonly number[]): number[] {
  let count = 0;
  return deltas.map((delta) => (count += delta));
}

/** @throws LineError when spans and buckets of one side do not fit each other */
export function checkSpans(spans: readonly number[], buckets: readonly number[], side: string): void {
  let covered = 0;
  for (let i = 0; i < spans.length; i += 2) {
    if (i > 0 && spans[i] < 0) throw new LineError(`histogram has a ${side} span with a negative offset`);
    covered += spans[i + 1];
  }
  if (covered !== buckets.length)
    throw new LineError(`histogram spans need ${covered} ${side} buckets, have ${buckets.length} buckets`);
  if (buckets.some((count) => count < 0)) throw new LineError(`histogram has a ${side} bucket with a negative count`);
}

/** Empty spans only mark a histogram as native, or join two gaps. */
function withoutEmpty(spans: readonly number[]): number[] {
  const kept: number[] = [];
  let gap = 0;
  for (let i = 0; i < spans.length; i += 2) {
    gap += spans[i];
    if (spans[i + 1] === 0) continue;
    kept.push(gap, spans[i + 1]);
    gap = 0;
  }
  return kept;
}
