/**
 * `node test/fuzz/promql-peer.ts [--cases N] [--seed S]`: asks an installed Prometheus 2.x and this engine random
 * questions about the same random samples, and prints where they differ. No edge of a window falls on a sample, as
 * windows have been open on the left only since 3.0. What is known to differ by design is listed in `EXPECTED`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine } from '#main/promql/index.ts';
import { queryBody } from '#main/json/index.ts';
import { openMemoryStorage, type Querier } from '#main/storage/index.ts';
import { HearthError } from '#shared/contract/index.ts';
import { labelsFromRecord } from '#shared/model/index.ts';
import { emptyConfig, isInstalled, startPeer } from '../../bench/peers.ts';
import { run } from '../../bench/query-history.ts';
import { createDraw, RandomPromql, type Draw } from './random-promql.ts';

const { values: options } = parseArgs({
  options: { cases: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});

/** Samples lie 3 s past multiples of 5 s, evaluations 5 s past multiples of 10 s, steps of subqueries on these. */
const FIRST = 1_700_000_003_000;
const STEP = 15_000;
const ROWS = 180;
/** So late that no range begins before the first sample: there 3.x extrapolates counters in another way. */
const EVAL_START = 1_700_001_605_000;
const EVAL_END = 1_700_002_505_000;

/** What 2.x does otherwise, by the expression and the difference found. */
const EXPECTED: readonly { readonly why: string; readonly is: (expr: string, what: string) => boolean }[] = [
  { why: 'atan2 kept the metric name', is: (expr) => expr.includes('atan2') },
  { why: 'deviations of one NaN or Inf were 0', is: (expr) => /\bstd(?:var|dev)\b/.test(expr) },
  { why: 'count_values lost a label it was grouped by', is: (expr) => /count_values by \(.*zone/.test(expr) },
  {
    why: 'predict_linear moved the window of @ start() and @ end(), and infinite values gave NaN',
    is: (expr) => expr.includes('predict_linear'),
  },
  {
    why: 'which of equals topk takes is open',
    // Over the steps of a subquery another choice gives other values.
    is: (expr, what) => /topk|bottomk/.test(expr) && (what.startsWith('only') || expr.includes(':')),
  },
  {
    why: 'compensated sums and what the processor computes differ in the last digit, which count_values shows',
    is: (expr, what) =>
      /count_values.*(?:\bavg|\^|\b(?:sin|cos|tanh|asinh|exp|ln|log2|log10|histogram_quantile)\b)/.test(expr) &&
      what.startsWith('only'),
  },
  {
    why: 'sums that became infinite were NaN',
    is: (expr, what) => expr.includes('_over_time') && /peer NaN, own [+-]Inf/.test(what),
  },
];

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
}

function makeSeries(draw: Draw): Series[] {
  const all: Series[] = [];
  const rows = (value: (i: number) => number | null): (number | null)[] =>
    Array.from({ length: ROWS }, (_, i) => value(i));
  for (const job of ['a', 'b'])
    for (const instance of ['0', '1', '2', '3']) {
      const zone: Record<string, string> = instance === '3' ? {} : { zone: 'xyz'[draw(3)] };
      const special = [NaN, Infinity, -Infinity, 0, -0];
      all.push({
        labels: { __name__: 'g', job, instance, ...zone },
        values: rows(() => (instance === '0' && draw(12) === 0 ? special[draw(5)] : (draw(4000) - 2000) / 16)),
      });
      let counter = 0;
      all.push({
        labels: { __name__: 'c_total', job, instance, ...zone },
        values: rows(() => (counter = draw(25) === 0 ? draw(3) : counter + draw(40) / 4)),
      });
      if (draw(2) === 0)
        all.push({
          labels: { __name__: 'sparse', job, instance },
          values: rows(() => (draw(3) === 0 ? draw(100) : null)),
        });
      const counts = [0, 0, 0, 0];
      const buckets = rows(() => null).map(() => {
        counts[draw(4)] += draw(5);
        let sum = 0;
        return counts.map((count) => (sum += count));
      });
      for (const [k, le] of ['0.1', '0.5', '2', '+Inf'].entries())
        all.push({ labels: { __name__: 'h_bucket', job, instance, le }, values: buckets.map((row) => row[k]) });
    }
  return all;
}

function openMetrics(series: readonly Series[]): string {
  const lines: string[] = [];
  for (const { labels, values } of series) {
    const { __name__: name, ...rest } = labels;
    const inner = Object.entries(rest).map(([label, value]) => `${label}="${value}"`);
    for (const [i, value] of values.entries()) {
      if (value === null) continue;
      const text =
        value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : Object.is(value, -0) ? '-0' : String(value);
      lines.push(`${name}{${inner.join(',')}} ${text} ${(FIRST + i * STEP) / 1000}`);
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

function querierOf(series: readonly Series[]): Querier {
  const storage = openMemoryStorage();
  const writer = storage.writer('fuzz');
  for (const { labels, values } of series) {
    const ref = writer.resolve(labelsFromRecord(labels));
    for (const [i, value] of values.entries()) {
      if (value === null) continue;
      const batch = { time: FIRST + i * STEP, length: 1, refs: Uint32Array.of(ref), values: Float64Array.of(value) };
      writer.append({ ...batch, times: null, startTimes: null, histograms: null, exemplars: null });
    }
  }
  return storage.querier();
}

interface Answer {
  readonly error: string | null;
  /** Values by labels and time. */
  readonly points: ReadonlyMap<string, string>;
}

interface Row {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

function pointsOf(body: string): Answer {
  const { status, error, data } = JSON.parse(body) as {
    status: string;
    error?: string;
    data?: { resultType: string; result: readonly Row[] | readonly [number, string] };
  };
  if (status !== 'success' || data === undefined) return { error: error ?? 'unknown', points: new Map() };
  const points = new Map<string, string>();
  if (data.resultType === 'scalar') {
    points.set('scalar', (data.result as readonly [number, string])[1]);
    return { error: null, points };
  }
  for (const { metric, value, values } of data.result as readonly Row[]) {
    const key = JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const [time, text] of values ?? (value === undefined ? [] : [value])) points.set(`${key} ${time}`, text);
  }
  return { error: null, points };
}

function numberOf(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}

function near(a: string, b: string): boolean {
  if (a === b) return true;
  const x = numberOf(a);
  const y = numberOf(b);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  return Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y)) || Math.abs(x - y) < 1e-9;
}

function difference(peer: Answer, own: Answer): string | null {
  if ((peer.error === null) !== (own.error === null))
    return `peer: ${peer.error ?? 'fine'}; own: ${own.error ?? 'fine'}`;
  for (const [key, value] of peer.points) {
    const mine = own.points.get(key);
    if (mine === undefined) return `only the peer has ${key} ${value}`;
    if (!near(value, mine)) return `${key}: peer ${value}, own ${mine}`;
  }
  for (const [key, value] of own.points) if (!peer.points.has(key)) return `only own has ${key} ${value}`;
  return null;
}

async function main(): Promise<void> {
  if (!isInstalled('prometheus') || !isInstalled('promtool')) {
    console.log('skipped: prometheus and promtool are not here');
    return;
  }
  const seed = Number(options.seed);
  const draw = createDraw(seed);
  const series = makeSeries(draw);
  const folder = mkdtempSync(join(tmpdir(), 'hearth-fuzz-'));
  writeFileSync(join(folder, 'samples.om'), openMetrics(series));
  const config = emptyConfig(folder);
  run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples.om'), join(folder, 'data')]);
  const peer = await startPeer(
    'prometheus',
    (port) => [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    '/-/ready',
  );
  const engine = createEngine({
    lookback: 300_000,
    timeout: 60_000,
    maxSamples: 50_000_000,
    features: new Set(),
    noStepSubqueryInterval: () => 60_000,
    clock: () => performance.now(),
  });
  const querier = querierOf(series);
  const random = new RandomPromql(draw);
  let differing = 0;
  const expected = new Map<string, number>();
  try {
    for (let i = 0; i < Number(options.cases); i++) {
      const expr = random.vector(1 + draw(3));
      const instant = draw(2) === 0;
      const start = EVAL_START + draw(60) * 10_000;
      const step = 10_000 * (1 + draw(8));
      const end = instant ? start : EVAL_END;
      const parameters: Record<string, string> = instant
        ? { query: expr, time: String(start / 1000) }
        : { query: expr, start: String(start / 1000), end: String(end / 1000), step: String(step / 1000) };
      const path = instant ? '/api/v1/query' : '/api/v1/query_range';
      const answer = await fetch(peer.url + path, { method: 'POST', body: new URLSearchParams(parameters) });
      const theirs = pointsOf(await answer.text());
      let own: Answer;
      try {
        const result = instant
          ? await engine.instant(querier, expr, start)
          : await engine.range(querier, expr, { start, end, step });
        own = pointsOf(Buffer.concat(queryBody(result, { limit: 0, stats: 'none' })).toString());
      } catch (error) {
        if (!(error instanceof HearthError)) throw error;
        own = { error: error.message, points: new Map() };
      }
      const what = difference(theirs, own);
      if (what === null) continue;
      const known = EXPECTED.find(({ is }) => is(expr, what));
      if (known !== undefined) {
        expected.set(known.why, (expected.get(known.why) ?? 0) + 1);
        continue;
      }
      differing++;
      console.log(`${instant ? 'instant' : `range step ${step / 1000}`} at ${start / 1000}: ${expr}\n    ${what}`);
    }
  } finally {
    await peer.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const [why, count] of expected) console.log(`expected ${count} times: ${why}`);
  console.log(`${differing} of ${options.cases} differ (seed ${seed})`);
}

await main();
