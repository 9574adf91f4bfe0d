import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { snappyCompress } from 'hysnappy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApi, textResponse, type Caller } from '#main/api/index.ts';
import { formatValue, queryBody } from '#main/json/index.ts';
import {
  HearthError,
  type CoreClient,
  type ErrorDetail,
  type MethodParams,
  type QueryResult,
} from '#shared/contract/index.ts';
import { labelsFromRecord, newPresence, setPresent } from '#shared/model/index.ts';
import { DEFAULT_PARSER_OPTIONS } from '#shared/promql/index.ts';
import { createHttpServer } from '../../../src/main/web/http-server.ts';
import { labels, message, packed, sample, Varint } from '../remote/messages.ts';

const NOW = 1_700_000_000_500;
const notes = { warnings: [], infos: [], stats: { seriesRead: 1, samplesRead: 2, evalMillis: 1.5 } };

interface Asked {
  readonly method: string;
  readonly params: unknown;
}

let close: () => Promise<void>;
let base: string;
let asked: Asked[];
let answer: (method: string) => unknown;
let bugs: string[];
let caller: Caller;
let flags = { lifecycle: false, admin: false, remoteWrite: false };

beforeEach(async () => {
  asked = [];
  bugs = [];
  flags = { lifecycle: false, admin: false, remoteWrite: false };
  caller = { access: 'read', local: true };
  answer = () => ({});
  const core: CoreClient = {
    request: (method, params) => {
      asked.push({ method, params });
      try {
        const result = answer(method);
        const body =
          method === 'query.body' ? queryBody(result as QueryResult, params as MethodParams<'query.body'>) : null;
        return Promise.resolve(body === null ? result : { body }) as Promise<never>;
      } catch (error) {
        return Promise.reject(error);
      }
    },
    subscribe: () => () => {},
  };
  const api = createApi({
    core,
    now: () => NOW,
    version: '1.2.3',
    parserOptions: DEFAULT_PARSER_OPTIONS,
    startedAt: NOW - 1000,
    flags: { 'config.file': 'x.yml', 'enable-feature': 'promql-experimental-functions,extra' },
    get enableLifecycle() {
      return flags.lifecycle;
    },
    get enableAdmin() {
      return flags.admin;
    },
    get enableRemoteWrite() {
      return flags.remoteWrite;
    },
    quit: () => {},
    onBug: (where) => bugs.push(where),
  });
  const http = createHttpServer({
    answer: async (request) => api.answer(request, caller) ?? textResponse(599, ''),
    readTimeout: 10_000,
    now: () => NOW,
    onBug: (where) => bugs.push(where),
  });
  const { server } = http;
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      http.closeAll();
    });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => close());

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(base + path);
  return { status: response.status, body: await response.json() };
}

function vector(...values: readonly number[]): QueryResult {
  const present = newPresence(1);
  setPresent(present, 0);
  return {
    type: 'vector',
    steps: { start: NOW, step: 1, count: 1 },
    series: values.map((value, i) => ({
      labels: labelsFromRecord({ __name__: 'up', i: String(i) }),
      values: new Float64Array([value]),
      present,
      histograms: null,
    })),
    ...notes,
  };
}

describe('numbers', () => {
  test.each([
    [1, '1'],
    [-0, '-0'],
    [0.1, '0.1'],
    [1e-6, '0.000001'],
    [1e-7, '1e-07'],
    [1.5e-10, '1.5e-10'],
    [123456789012345680000, '123456789012345680000'],
    [1e21, '1e+21'],
    [-1e300, '-1e+300'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('%d is written %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});

describe('exemplars', () => {
  test('come by series, values as strings, times in seconds', async () => {
    const exemplars = [{ labels: labelsFromRecord({ trace_id: 'abc' }), value: 0.25, time: NOW }];
    answer = () => ({ series: [{ labels: labelsFromRecord({ __name__: 'x_bucket', le: '1' }), exemplars }] });
    const { body } = await get('/api/v1/query_exemplars?query=rate(x_bucket[1m])&start=1&end=2');
    expect(body).toEqual({
      status: 'success',
      data: [
        {
          seriesLabels: { __name__: 'x_bucket', le: '1' },
          exemplars: [{ labels: { trace_id: 'abc' }, value: '0.25', timestamp: 1_700_000_000.5 }],
        },
      ],
    });
    expect(asked).toEqual([
      {
        method: 'exemplars.list',
        params: { source: 'local', expr: 'rate(x_bucket[1m])', start: 1000, end: 2000 },
      },
    ]);
  });

  test.each([
    ['query=up&start=2&end=1', 'end timestamp must not be before start timestamp'],
    ['query=up{', 'parse error'],
  ])('%s is refused', async (query, message) => {
    const { status, body } = await get(`/api/v1/query_exemplars?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ errorType: 'bad_data', error: expect.stringContaining(message) as string });
    expect(asked).toEqual([]);
  });
});

describe('queries', () => {
  test('an instant vector has values as strings and times in seconds', async () => {
    answer = () => vector(1, NaN);
    const { status, body } = await get('/api/v1/query?query=up');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          { metric: { __name__: 'up', i: '0' }, value: [1_700_000_000.5, '1'] },
          { metric: { __name__: 'up', i: '1' }, value: [1_700_000_000.5, 'NaN'] },
        ],
      },
    });
    const when = { instant: true, start: NOW, end: NOW };
    expect(asked[0]).toMatchObject({ method: 'query.body', params: { source: 'local', expr: 'up', ...when } });
  });

  test('a form body is read like an address', async () => {
    answer = () => vector(1);
    const response = await fetch(`${base}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: 'up{a="&"}', time: '12.345', lookback_delta: '30s' }),
    });
    expect(response.status).toBe(200);
    expect(asked[0].params).toMatchObject({ expr: 'up{a="&"}', start: 12_345, end: 12_345, lookback: 30_000 });
  });

  test('a matrix leaves out the steps without a sample', async () => {
    const present = newPresence(3);
    setPresent(present, 0);
    setPresent(present, 2);
    answer = (): QueryResult => ({
      type: 'matrix',
      steps: { start: 1000, step: 500, count: 3 },
      series: [
        { labels: labelsFromRecord({ a: 'ä"' }), values: new Float64Array([1, 2, 3]), present, histograms: null },
      ],
      ...notes,
      warnings: ['careful'],
    });
    const { body } = await get('/api/v1/query_range?query=x&start=1&end=2&step=0.5');
    expect(body).toEqual({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: { a: 'ä"' },
            values: [
              [1, '1'],
              [2, '3'],
            ],
          },
        ],
      },
      warnings: ['careful'],
    });
  });

  test('histograms have their buckets with bounds', async () => {
    const present = newPresence(1);
    setPresent(present, 0);
    const ragged = (data: Float64Array): { offsets: Uint32Array; data: Float64Array } => ({
      offsets: new Uint32Array([0, data.length]),
      data,
    });
    const spans = (data: Int32Array): { offsets: Uint32Array; data: Int32Array } => ({
      offsets: new Uint32Array([0, data.length]),
      data,
    });
    answer = (): QueryResult => ({
      type: 'vector',
      steps: { start: 1000, step: 1, count: 1 },
      series: [
        {
          labels: labelsFromRecord({}),
          values: new Float64Array(1),
          present,
          histograms: {
            at: new Uint32Array([0]),
            schemas: new Int8Array([0]),
            hints: new Uint8Array([0]),
            zeroThresholds: new Float64Array([0.5]),
            zeroCounts: new Float64Array([1]),
            counts: new Float64Array([4]),
            sums: new Float64Array([5]),
            positiveSpans: spans(new Int32Array([1, 1])),
            negativeSpans: spans(new Int32Array([1, 1])),
            positiveBuckets: ragged(new Float64Array([2])),
            negativeBuckets: ragged(new Float64Array([1])),
            customValues: ragged(new Float64Array()),
          },
        },
      ],
      ...notes,
    });
    const { body } = await get('/api/v1/query?query=x');
    expect(body).toMatchObject({
      data: {
        result: [
          {
            histogram: [
              1,
              {
                count: '4',
                sum: '5',
                buckets: [
                  [1, '-2', '-1', '1'],
                  [3, '-0.5', '0.5', '1'],
                  [0, '1', '2', '2'],
                ],
              },
            ],
          },
        ],
      },
    });
  });

  test('a limit cuts series and says so', async () => {
    answer = () => vector(1, 2, 3);
    const { body } = await get('/api/v1/query?query=up&limit=2');
    expect(body).toMatchObject({ warnings: ['results truncated due to limit'] });
    expect((body as { data: { result: unknown[] } }).data.result).toHaveLength(2);
  });

  test('scalars, strings and statistics', async () => {
    answer = (): QueryResult => ({
      type: 'scalar',
      steps: { start: 1000, step: 1, count: 1 },
      values: new Float64Array([Infinity]),
      ...notes,
    });
    expect((await get('/api/v1/query?query=1/0&stats=true')).body).toMatchObject({
      data: { resultType: 'scalar', result: [1, '+Inf'], stats: { samples: { totalQueryableSamples: 2 } } },
    });
    answer = (): QueryResult => ({ type: 'string', time: 1000, value: 'a"b', ...notes });
    expect((await get('/api/v1/query?query="a"')).body).toMatchObject({
      data: { resultType: 'string', result: [1, 'a"b'] },
    });
  });

  test.each([
    [
      'query_range?query=up&start=0&end=11001&step=1',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    ],
    [
      'query_range?query=up&start=2&end=1&step=1',
      'invalid parameter "end": end timestamp must not be before start time',
    ],
    [
      'query_range?query=up&start=1&end=2&step=0',
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    ],
    ['query_range?query=up&start=1&end=2&step=1x', 'invalid parameter "step": cannot parse "1x" to a valid duration'],
    ['query_range?query=up&start=&end=2&step=1', 'invalid parameter "start": cannot parse "" to a valid timestamp'],
    [
      'query?query=up&time=foo',
      'invalid parameter "time": Invalid time value for \'time\': cannot parse "foo" to a valid timestamp',
    ],
    ['query?query=up&limit=-1', 'invalid parameter "limit": limit must be non-negative'],
    ['series', 'no match[] parameter provided'],
    ['series?match[]={a=~".*"}', 'invalid parameter "match[]": match[] must contain at least one non-empty matcher'],
  ])('%s is bad data', async (path, error) => {
    const { status, body } = await get(`/api/v1/${path}`);
    expect(status).toBe(400);
    expect(body).toEqual({ status: 'error', errorType: 'bad_data', error });
    expect(asked).toEqual([]);
  });

  test('11,000 points are allowed, times are RFC 3339 or seconds', async () => {
    answer = (): QueryResult => ({ type: 'matrix', steps: { start: 0, step: 1, count: 0 }, series: [], ...notes });
    const path = '/api/v1/query_range?query=up&start=1970-01-01T00:00:00Z&end=1970-01-01T03:03:20.5%2B00:00&step=1s';
    expect((await get(path)).body).toEqual({ status: 'success', data: { resultType: 'matrix', result: [] } });
    expect(asked[0].params).toMatchObject({ start: 0, end: 11_000_500, step: 1000 });
  });

  test.each<[ErrorDetail, number, string, string]>([
    [
      { kind: 'query-parse', message: '1:4: parse error: x', from: 3, to: 4 },
      400,
      'bad_data',
      'invalid parameter "query": 1:4: parse error: x',
    ],
    [{ kind: 'query-execution', message: 'many-to-many' }, 422, 'execution', 'many-to-many'],
    [{ kind: 'query-timeout', message: 'query timed out' }, 503, 'timeout', 'query timed out'],
    [{ kind: 'unavailable', message: 'starting' }, 503, 'unavailable', 'starting'],
    [{ kind: 'storage', reason: 'io', message: 'disk' }, 500, 'internal', 'disk'],
  ])('%o', async (detail, status, errorType, error) => {
    answer = () => {
      throw new HearthError(detail);
    };
    expect(await get('/api/v1/query?query=up')).toEqual({ status, body: { status: 'error', errorType, error } });
    expect(bugs).toEqual([]);
  });

  test('a bug is told to the log, not to the client', async () => {
    answer = () => {
      throw new TypeError('inner secret');
    };
    const { status, body } = await get('/api/v1/query?query=up');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('inner secret');
    expect(bugs).toEqual(['/api/v1/query']);
  });

  test('big answers are compressed for those who take it, and whole', async () => {
    answer = () => vector(...Array.from({ length: 20_000 }, (_, i) => i / 7));
    const response = await fetch(`${base}/api/v1/query?query=up`, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const body = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    expect(body.data.result).toHaveLength(20_000);
    expect(body.data.result[19_999].value[1]).toBe(String(19_999 / 7));
    const plain = await fetch(`${base}/api/v1/query?query=up`, { headers: { 'Accept-Encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.json()).toEqual(body);
    expect(gunzipSync).toBeTypeOf('function');
  });

  test('format_query and parse_query', async () => {
    expect((await get('/api/v1/format_query?query=sum(up)by(job)')).body).toEqual({
      status: 'success',
      data: 'sum by (job) (up)',
    });
    expect((await get('/api/v1/parse_query?query=up[5m]')).body).toMatchObject({
      data: {
        type: 'matrixSelector',
        name: 'up',
        range: 300_000,
        offset: 0,
        matchers: [{ name: '__name__', type: '=', value: 'up' }],
      },
    });
    expect((await get('/api/v1/format_query?query=sum(')).status).toBe(400);
  });
});

describe('everything else', () => {
  test('label names may be escaped in the path', async () => {
    answer = () => ({ values: ['x'], truncated: false });
    expect((await get('/api/v1/label/U__a_2e_b/values')).body).toEqual({ status: 'success', data: ['x'] });
    expect(asked[0].params).toMatchObject({ name: 'a.b' });
  });

  test('the wrong method is refused, an unknown path is not found', async () => {
    expect((await fetch(`${base}/api/v1/targets`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${base}/api/v1/nothing`)).status).toBe(404);
    expect((await fetch(`${base}/other`)).status).toBe(599);
  });

  test('reload and deletion need their flags', async () => {
    expect((await fetch(`${base}/-/reload`, { method: 'POST' })).status).toBe(403);
    const path = `${base}/api/v1/admin/tsdb/delete_series?match[]=up&start=1`;
    expect((await fetch(path, { method: 'POST' })).status).toBe(503);
    expect(asked).toEqual([]);
    flags = { lifecycle: true, admin: true, remoteWrite: false };
    expect((await fetch(`${base}/-/reload`, { method: 'POST' })).status).toBe(200);
    expect((await fetch(path, { method: 'POST' })).status).toBe(204);
    expect(asked.map((one) => one.method)).toEqual(['config.reload', 'admin.deleteSeries']);
    expect(asked[1].params).toMatchObject({ selectors: ['up'], start: 1000 });
  });

  test('a snapshot is named, with or without the head', async () => {
    const path = `${base}/api/v1/admin/tsdb/snapshot`;
    expect((await fetch(path, { method: 'POST' })).status).toBe(503);
    flags = { lifecycle: false, admin: true, remoteWrite: false };
    answer = () => ({ name: '20260102T030405Z-0011223344556677', path: '/x', bytes: 1 });
    const response = await fetch(path, { method: 'POST' });
    expect(await response.json()).toEqual({
      status: 'success',
      data: { name: '20260102T030405Z-0011223344556677' },
    });
    expect((await fetch(`${path}?skip_head=true`, { method: 'PUT' })).status).toBe(200);
    expect((await fetch(`${path}?skip_head=maybe`, { method: 'POST' })).status).toBe(400);
    expect((await fetch(path)).status).toBe(405);
    expect(asked.map((one) => one.params)).toEqual([{ skipHead: false }, { skipHead: true }]);
  });

  test('not ready while the core is away', async () => {
    answer = () => {
      throw new HearthError({ kind: 'unavailable', message: 'starting' });
    };
    expect((await fetch(`${base}/-/ready`)).status).toBe(503);
    expect((await fetch(`${base}/-/healthy`)).status).toBe(200);
  });

  test('HEAD has headers and no body', async () => {
    const response = await fetch(`${base}/-/healthy`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});

describe('import', () => {
  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
    const response = await fetch(base + path, { method: 'POST', body, headers });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const stored = { stored: 2, tooOld: 0 };

  test('takes text with times, plain or compressed', async () => {
    caller = { access: 'write', local: false };
    answer = () => stored;
    const text = 'a{b="c"} 1 1000\na{b="c"} 2 2000\n';
    for (const [encoding, body] of [
      ['identity', Buffer.from(text)],
      ['gzip', gzipSync(text)],
      ['zstd', zstdCompressSync(text)],
    ] as const) {
      asked = [];
      const result = await post('/api/v1/import/prometheus', Uint8Array.from(body), { 'content-encoding': encoding });
      expect(result).toEqual({ status: 200, body: { status: 'success', data: { ...stored, lines: 2, series: 1 } } });
      expect(asked).toEqual([
        {
          method: 'import.samples',
          params: {
            labels: [['__name__', 'a', 'b', 'c']],
            counts: Uint32Array.of(2),
            times: Float64Array.of(1000, 2000),
            values: Float64Array.of(1, 2),
            histograms: null,
            metadata: [],
          },
        },
      ]);
    }
  });

  test('takes OpenMetrics, and the time of arrival where a sample has none', async () => {
    caller = { access: 'write', local: false };
    answer = () => stored;
    const headers = { 'content-type': 'application/openmetrics-text; version=1.0.0' };
    await post('/api/v1/import/prometheus', '# TYPE a gauge\na 1 1.5\na 2\n# EOF\n', headers);
    expect(asked[0].params).toMatchObject({ times: Float64Array.of(1500, NOW), values: Float64Array.of(1, 2) });
    expect(asked[0].params).toMatchObject({ metadata: [{ family: 'a', type: 'gauge' }] });
  });

  test.each([
    [{ access: 'write', local: false } as const, false, 200],
    [{ access: 'read', local: true } as const, true, 200],
    [{ access: 'read', local: true } as const, false, 403],
    [{ access: 'read', local: false } as const, true, 403],
  ])('%j with the flag %s: %d', async (who, admin, status) => {
    caller = who;
    flags.admin = admin;
    answer = () => stored;
    expect((await post('/api/v1/import/prometheus', 'a 1 1\n')).status).toBe(status);
    expect((await get('/api/v1/import/offset?key=k')).status).toBe(status);
    expect(asked.length > 0).toBe(status === 200);
  });

  test('a line that is wrong is named, and so is what is stored', async () => {
    caller = { access: 'write', local: false };
    answer = () => ({ stored: 1, tooOld: 0 });
    const { status, body } = await post('/api/v1/import/prometheus', 'a 1 1\nwhat?\n');
    expect(status).toBe(400);
    expect(body).toMatchObject({ errorType: 'bad_data' });
    expect((body as { error: string }).error).toMatch(/^line 2: .*; the 1 samples before it are stored$/);
  });

  test('a body that cannot be unpacked is refused', async () => {
    caller = { access: 'write', local: false };
    const broken = await post('/api/v1/import/prometheus', 'no gzip', { 'content-encoding': 'gzip' });
    expect(broken).toMatchObject({ status: 400, body: { errorType: 'bad_data' } });
    const unknown = await post('/api/v1/import/prometheus', 'x', { 'content-encoding': 'lzma' });
    expect(unknown.status).toBe(400);
    expect(asked).toEqual([]);
  });

  test('keeps how far an input is stored, and forgets it at the end', async () => {
    caller = { access: 'write', local: false };
    answer = (method) => (method === 'import.offset' ? { offset: 106 } : stored);
    await post('/api/v1/import/prometheus?key=k&offset=100', 'a 1 1\n');
    await post('/api/v1/import/prometheus?key=k&offset=106&last=true', 'a 2 2\n');
    expect(asked.map(({ params }) => (params as { mark?: unknown }).mark)).toEqual([
      { key: 'k', offset: 106 },
      { key: 'k', offset: 112 },
      { key: 'k', offset: null },
    ]);
    expect((await get('/api/v1/import/offset?key=k')).body).toEqual({ status: 'success', data: { offset: 106 } });
    expect((await post('/api/v1/import/prometheus?offset=-1', 'a 1 1\n')).status).toBe(400);
  });
});

describe('remote write', () => {
  const V2 = 'application/x-protobuf;proto=io.prometheus.write.v2.Request';
  const fine = { samples: 1, histograms: 0, exemplars: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 };
  const first = message([1, message(...labels({ __name__: 'x' }), sample(1000, 1))]);
  const second = message(...['', '__name__', 'x'].map((symbol) => [4, symbol] as const), [
    5,
    message([1, packed([new Varint(1), new Varint(2)])], sample(1000, 1)),
  ]);
  const send = async (body: Uint8Array, headers: Record<string, string> = {}) => {
    const packedBody = Uint8Array.from(snappyCompress(new Uint8Array(body)));
    const all = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', ...headers };
    const response = await fetch(`${base}/api/v1/write`, { method: 'POST', body: packedBody, headers: all });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };

  beforeEach(() => {
    flags.remoteWrite = true;
    answer = () => fine;
  });

  test.each([
    ['1.0', first, 'application/x-protobuf'],
    ['1.0 by name', first, 'application/x-protobuf;proto=prometheus.WriteRequest'],
    ['2.0', second, V2],
  ])('%s is taken', async (_name, body, type) => {
    const { status, headers } = await send(body, { 'content-type': type });
    expect(status).toBe(204);
    expect(headers.get('x-prometheus-remote-write-samples-written')).toBe(type === V2 ? '1' : null);
    expect(asked).toMatchObject([
      { method: 'write.samples', params: { labels: [['__name__', 'x']], values: Float64Array.of(1) } },
    ]);
  });

  test('what is refused is told, by 400', async () => {
    answer = () => ({ ...fine, outOfOrder: 2, tooOld: 1 });
    const { status, text, headers } = await send(second, { 'content-type': V2 });
    expect(status).toBe(400);
    expect(text).toBe('out of order sample (2); too old sample (1)\n');
    expect(headers.get('x-prometheus-remote-write-samples-written')).toBe('1');
    const nameless = await send(message([1, message(...labels({ a: 'b' }), sample(1, 1))]));
    expect(nameless).toMatchObject({ status: 400 });
    expect(nameless.text).toContain('no metric name');
  });

  test.each([
    [{ 'content-type': 'application/json' }, 415],
    [{ 'content-type': 'application/x-protobuf;proto=some.Other' }, 415],
    [{ 'content-encoding': 'gzip' }, 415],
  ])('%j: %d', async (headers, status) => {
    expect((await send(first, headers)).status).toBe(status);
    expect(asked).toEqual([]);
  });

  test('a broken or too large body is refused', async () => {
    expect((await send(Buffer.from([10, 200, 1]))).status).toBe(400);
    const response = await fetch(`${base}/api/v1/write`, {
      method: 'POST',
      body: Uint8Array.of(0xff, 0xff, 0xff, 0x7f),
    });
    expect(response.status).toBe(413);
    expect(asked).toEqual([]);
  });

  test('only with its flag, and elsewhere than on loopback with the token', async () => {
    caller = { access: 'read', local: false };
    expect((await send(first)).status).toBe(403);
    flags.remoteWrite = false;
    expect((await send(first)).status).toBe(404);
  });
});

describe('targets', () => {
  test('dropped ones are listed with what discovery said of them', async () => {
    answer = (method) =>
      method === 'targets.dropped'
        ? { dropped: ['a', 'b'].map((job) => ({ job, discovered: labelsFromRecord({ __address__: `${job}:1` }) })) }
        : { active: [], droppedByJob: { a: 1, b: 1 } };
    const all = await get('/api/v1/targets');
    expect(all.body).toMatchObject({
      data: {
        droppedTargets: [
          { discoveredLabels: { __address__: 'a:1' }, scrapePool: 'a' },
          { discoveredLabels: { __address__: 'b:1' }, scrapePool: 'b' },
        ],
        droppedTargetCounts: { a: 1, b: 1 },
      },
    });
    expect((await get('/api/v1/targets?scrapePool=b&state=dropped')).body).toMatchObject({
      data: { droppedTargets: [{ scrapePool: 'b' }], droppedTargetCounts: { a: 1, b: 1 } },
    });
    expect((await get('/api/v1/targets?state=active')).body).toMatchObject({ data: { droppedTargets: [] } });
  });

  test('what they say of their metrics, each with its target; the metric is not named again where it was asked for', async () => {
    const target = labelsFromRecord({ job: 'j', instance: 'a:1' });
    answer = () => ({ entries: [{ target, family: 'up_total', type: 'counter', help: 'h', unit: '' }] });
    const said = { target: { job: 'j', instance: 'a:1' }, type: 'counter', help: 'h', unit: '' };
    const query = `match_target=${encodeURIComponent('{job="j"}')}`;
    expect((await get(`/api/v1/targets/metadata?${query}&limit=2`)).body).toEqual({
      status: 'success',
      data: [{ ...said, metric: 'up_total' }],
    });
    expect(asked.at(-1)).toEqual({ method: 'targets.metadata', params: { selector: '{job="j"}', limit: 2 } });
    expect((await get('/api/v1/targets/metadata?metric=up_total')).body).toEqual({ status: 'success', data: [said] });
    for (const [bad, error] of [
      ['limit=x', 'limit must be a number'],
      ['match_target={', expect.stringContaining('invalid parameter "match_target"')],
    ])
      expect(await get(`/api/v1/targets/metadata?${String(bad)}`)).toMatchObject({
        status: 400,
        body: { errorType: 'bad_data', error },
      });
  });

  test('the configuration of a pool', async () => {
    answer = () => ({ yaml: 'job_name: a\n' });
    expect((await get('/api/v1/scrape_pools/config?scrapePool=a')).body).toEqual({
      status: 'success',
      data: { yaml: 'job_name: a\n' },
    });
    expect(await get('/api/v1/scrape_pools/config')).toMatchObject({
      status: 400,
      body: { errorType: 'bad_data', error: 'no scrapePool parameter provided' },
    });
    answer = () => {
      throw new HearthError({ kind: 'not-found', what: 'scrape pool "b"' });
    };
    expect(await get('/api/v1/scrape_pools/config?scrapePool=b')).toMatchObject({
      status: 400,
      body: { errorType: 'bad_data', error: 'error retrieving scrape config: scrape pool not found: b' },
    });
  });

  test('what each relabelling rule does', async () => {
    const before = labelsFromRecord({ __address__: 'a:1' });
    const rule = { separator: ';', regex: '(.*)', modulus: null, replacement: '$1' };
    answer = () => ({
      steps: [
        {
          rule: { ...rule, action: 'replace', sourceLabels: [], targetLabel: 'x', replacement: 'y' },
          before,
          after: labelsFromRecord({ __address__: 'a:1', x: 'y' }),
        },
        { rule: { ...rule, action: 'drop', sourceLabels: ['x'], targetLabel: null }, before, after: null },
      ],
    });
    const labels = encodeURIComponent('{"__address__":"a:1"}');
    const { body } = await get(`/api/v1/targets/relabel_steps?scrapePool=j&labels=${labels}`);
    expect(asked.at(-1)).toEqual({
      method: 'targets.relabel',
      params: { job: 'j', discovered: before },
    });
    expect(body).toMatchObject({
      status: 'success',
      data: {
        steps: [
          {
            rule: { separator: ';', regex: '(.*)', targetLabel: 'x', replacement: 'y', action: 'replace' },
            output: { __address__: 'a:1', x: 'y' },
            keep: true,
          },
          { rule: { sourceLabels: ['x'], action: 'drop' }, output: {}, keep: false },
        ],
      },
    });
    for (const query of ['', '?scrapePool=j', '?scrapePool=j&labels=[]', '?scrapePool=j&labels={"a":1}'])
      expect(await get(`/api/v1/targets/relabel_steps${query}`)).toMatchObject({
        status: 400,
        body: { status: 'error', errorType: 'bad_data' },
      });
  });
});

describe('what has nothing to tell yet', () => {
  test.each([
    ['/api/v1/rules', { groups: [] }],
    ['/api/v1/rules?type=alert&rule_name[]=x&exclude_alerts=true', { groups: [] }],
    ['/api/v1/alerts', { alerts: [] }],
    ['/api/v1/alertmanagers', { activeAlertmanagers: [], droppedAlertmanagers: [] }],
    ['/api/v1/notifications', []],
    ['/api/v1/status/tsdb/blocks', { blocks: [] }],
    ['/api/v1/status/walreplay', { min: 0, max: 0, current: 0 }],
    ['/api/v1/features', ['promql-experimental-functions', 'extra']],
  ])('%s', async (path, data) => {
    expect(await get(path)).toEqual({ status: 200, body: { status: 'success', data } });
  });

  test('a kind of rules that there is none of is an error', async () => {
    expect(await get('/api/v1/rules?type=both')).toEqual({
      status: 400,
      body: { status: 'error', errorType: 'bad_data', error: 'not supported value "both"' },
    });
    expect((await get('/api/v1/rules?group_next_token=x')).status).toBe(400);
  });
});

describe('status', () => {
  test("what became of samples, and the tiers, have a path of Hearth's own", async () => {
    const tiers = [{ resolution: 300_000, keep: 0, from: 0, builtTo: 300_000 }];
    answer = () => ({ outOfOrderSamples: 1, lateSamples: 2, duplicateSamples: 3, tooOldSamples: 4, tiers });
    expect((await get('/api/v1/status/store')).body).toEqual({
      status: 'success',
      data: {
        ingestStats: { outOfOrderSamples: 1, outOfOrderSamplesAppended: 2, duplicateSamples: 3, tooOldSamples: 4 },
        tiers,
      },
    });
  });

  test('own metrics as JSON, filtered by their whole name', async () => {
    answer = () => ({
      text: [
        '# HELP b_total Line\\nbreak.',
        '# TYPE b_total counter',
        'b_total{kind="a \\"b\\"",n="2"} 3',
        '# HELP a_seconds Time.',
        '# TYPE a_seconds histogram',
        'a_seconds_bucket{le="0.5"} 1',
        'a_seconds_bucket{le="+Inf"} 2',
        'a_seconds_sum 1.25',
        'a_seconds_count 2',
        '# HELP c Now.',
        '# TYPE c gauge',
        'c NaN',
        '',
      ].join('\n'),
    });
    const { body } = await get('/api/v1/status/self_metrics');
    expect(body).toEqual({
      status: 'success',
      data: [
        {
          name: 'a_seconds',
          help: 'Time.',
          type: 'HISTOGRAM',
          metric: [
            {
              histogram: {
                sampleCount: '2',
                sampleSum: 1.25,
                bucket: [
                  { cumulativeCount: '1', upperBound: 0.5 },
                  { cumulativeCount: '2', upperBound: 'Infinity' },
                ],
              },
            },
          ],
        },
        {
          name: 'b_total',
          help: 'Line\nbreak.',
          type: 'COUNTER',
          metric: [
            {
              label: [
                { name: 'kind', value: 'a "b"' },
                { name: 'n', value: '2' },
              ],
              counter: { value: 3 },
            },
          ],
        },
        { name: 'c', help: 'Now.', type: 'GAUGE', metric: [{ gauge: { value: 'NaN' } }] },
      ],
    });
    const some = await get('/api/v1/status/self_metrics?metric_name_pattern=b.*');
    expect(some.body).toMatchObject({ data: [{ name: 'b_total' }] });
    expect(await get('/api/v1/status/self_metrics?metric_name_pattern=(')).toMatchObject({
      status: 400,
      body: { errorType: 'bad_data', error: expect.stringContaining('invalid metric_name_pattern') },
    });
  });
});

describe('search', () => {
  const names = ['go_gc_seconds', 'http_requests_total', 'node_load1', 'prometheus_http_size_bytes'];
  const search = async (
    path: string,
    init?: RequestInit,
  ): Promise<{ status: number; type: string; lines: unknown[] }> => {
    const response = await fetch(`${base}/api/v1/search/${path}`, init);
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return {
      status: response.status,
      type,
      lines: text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    };
  };

  beforeEach(() => {
    answer = (method) => {
      if (method === 'labels.names') return { names: ['instance', 'job'], truncated: false };
      if (method === 'labels.values') return { values: names, truncated: false };
      return { metadata: { http_requests_total: [{ type: 'counter', help: 'Requests.', unit: '' }] } };
    };
  });

  test('terms match by OR, in batches, and the last line says whether there is more', async () => {
    const { status, type, lines } = await search(
      'metric_names?search[]=http&search[]=load&fuzz_threshold=100&limit=2&batch_size=1&match[]=up&start=1&end=2',
    );
    expect(status).toBe(200);
    expect(type).toBe('application/x-ndjson');
    expect(lines).toEqual([
      { results: [{ name: 'http_requests_total' }] },
      { results: [{ name: 'node_load1' }] },
      { status: 'success', has_more: true },
    ]);
    expect(asked[0].params).toMatchObject({ name: '__name__', selectors: ['up'], start: 1000, end: 2000 });
  });

  test('a form asks the same; scores, their order and metadata come when they are asked for', async () => {
    const body = new URLSearchParams({
      'search[]': 'HTTP',
      case_sensitive: 'false',
      sort_by: 'score',
      include_score: 'true',
    });
    body.append('include_metadata', 'true');
    body.append('fuzz_threshold', '50');
    const { lines } = await search('metric_names', { method: 'POST', body });
    const [{ results }] = lines as [{ results: { name: string; score: number; help?: string }[] }];
    expect(results.map(({ name }) => name)).toEqual(['http_requests_total', 'prometheus_http_size_bytes']);
    expect(results[0].score).toBeGreaterThan(results[1].score);
    expect(results[0]).toMatchObject({ type: 'counter', help: 'Requests.' });
    expect(results[1].help).toBeUndefined();
  });

  test('names and values of labels', async () => {
    expect((await search('label_names?sort_by=alpha&sort_dir=dsc')).lines).toEqual([
      { results: [{ name: 'job' }, { name: 'instance' }] },
      { status: 'success', has_more: false },
    ]);
    expect((await search('label_values?label=x&search[]=nl1&fuzz_alg=subsequence')).lines).toEqual([
      { results: [{ value: 'node_load1' }] },
      { status: 'success', has_more: false },
    ]);
    expect((await search('label_values?label=x&search[]=nothing_like_it&fuzz_threshold=90')).lines).toEqual([
      { status: 'success', has_more: false },
    ]);
  });

  test.each([
    ['label_values', 'no label parameter provided'],
    ['metric_names?limit=0', 'limit must be a whole number from 1 to 10000'],
    ['metric_names?fuzz_threshold=101', 'fuzz_threshold must be a whole number from 0 to 100'],
    ['metric_names?fuzz_alg=soundex', 'fuzz_alg must be subsequence or jarowinkler'],
    ['metric_names?sort_dir=asc', 'sort_dir is only valid with sort_by=alpha'],
    ['metric_names?include_score=perhaps', 'include_score must be true or false'],
  ])('%s is refused: %s', async (path, message) => {
    const { status, lines } = await search(path);
    expect(status).toBe(400);
    expect(lines).toEqual([
      { status: 'error', errorType: 'bad_data', error: expect.stringContaining(message) as string },
    ]);
  });
});
