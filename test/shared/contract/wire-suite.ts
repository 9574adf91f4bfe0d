import { describe, expect, test, vi } from 'vitest';
import {
  createWireClient,
  HearthError,
  serveChannel,
  type Access,
  type Channel,
  type CoreClient,
  type ErrorDetail,
  type QueryResult,
  type SubscriptionListener,
  type TopicName,
  type WireClient,
} from '#shared/contract/index.ts';
import { labelsFromRecord, newPresence, setPresent, setStaleAt, wordsOf } from '#shared/model/index.ts';

/** A way to make connected channels, one pair after the other, to one served end. */
export interface WireTransport {
  /** A new pair: the near end for the client, the far end for the server. */
  connect(): Promise<{ near: Channel; far: Channel }>;
  close(): Promise<void>;
}

/** A core that does what the test says and remembers what it was asked. */
interface FakeCore extends CoreClient {
  readonly calls: { method: string; params: unknown; signal: AbortSignal | undefined }[];
  readonly listeners: { topic: string; params: unknown; listener: SubscriptionListener<TopicName>; live: boolean }[];
  answer: (method: string, params: unknown, signal: AbortSignal | undefined) => Promise<unknown>;
}

function fakeCore(): FakeCore {
  const core: FakeCore = {
    calls: [],
    listeners: [],
    answer: () => Promise.resolve({}),
    request: (method, params, options) => {
      core.calls.push({ method, params, signal: options?.signal });
      return core.answer(method, params, options?.signal) as Promise<never>;
    },
    subscribe: (topic, params, listener) => {
      const entry = { topic, params, listener: listener as SubscriptionListener<TopicName>, live: true };
      core.listeners.push(entry);
      return () => {
        entry.live = false;
      };
    },
  };
  return core;
}

const instant = { source: 'local', expr: 'up', time: 1_700_000_000_000 } as const;

function bitsOf(values: Float64Array): number[] {
  return [...wordsOf(values)];
}

async function failure(promise: Promise<unknown>): Promise<ErrorDetail> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HearthError);
  return (error as HearthError).detail;
}

/** What every transport of the contract must do. `open` starts one; each test gets its own. */
export function wireSuite(name: string, open: () => Promise<WireTransport>): void {
  interface Setup {
    core: FakeCore;
    client: WireClient;
    channels: { near: Channel; far: Channel }[];
    bugs: string[];
    states: string[];
  }

  async function withWire(run: (setup: Setup) => Promise<void>, access: Access = 'write'): Promise<void> {
    const transport = await open();
    const core = fakeCore();
    const channels: Setup['channels'] = [];
    const bugs: string[] = [];
    const states: string[] = [];
    const timers = new Set<NodeJS.Timeout>();
    const client = createWireClient({
      connect: async () => {
        const pair = await transport.connect();
        channels.push(pair);
        serveChannel(pair.far, core, { access, onBug: (where) => bugs.push(where) });
        return pair.near;
      },
      schedule: (millis, action) => {
        const timer = setTimeout(action, millis);
        timers.add(timer);
        return () => clearTimeout(timer);
      },
      retryDelays: [5],
      onState: (state) => states.push(state),
    });
    try {
      await run({ core, client, channels, bugs, states });
    } finally {
      client.close();
      for (const timer of timers) clearTimeout(timer);
      await transport.close();
    }
  }

  describe(`wire over ${name}`, () => {
    test('a request made before the connection stands is answered', () =>
      withWire(async ({ core, client }) => {
        core.answer = () => Promise.resolve({ names: ['a'], truncated: false });
        const params = { source: 'local', selectors: [], start: 0, end: 1 } as const;
        expect(await client.request('labels.names', params)).toEqual({ names: ['a'], truncated: false });
        expect(core.calls[0]).toMatchObject({ method: 'labels.names', params });
      }));

    test('columns arrive with their bits, presence and alignment', () =>
      withWire(async ({ core, client }) => {
        const values = new Float64Array([1.5, -0, NaN, Infinity, 0]);
        setStaleAt(wordsOf(values), 4);
        const present = newPresence(5);
        setPresent(present, 0);
        setPresent(present, 4);
        const result: QueryResult = {
          type: 'matrix',
          steps: { start: 1_700_000_000_000, step: 1000, count: 5 },
          series: [{ labels: labelsFromRecord({ __name__: 'ü', a: '\u{1f525}' }), values, present, histograms: null }],
          warnings: ['w'],
          infos: [],
          stats: { seriesRead: 1, samplesRead: 5, evalMillis: 0.25 },
        };
        core.answer = () => Promise.resolve(result);
        const got = await client.request('query.instant', instant);
        expect(got).toEqual(result);
        if (got.type !== 'matrix') throw new Error(got.type);
        const [series] = got.series;
        expect(series.values).toBeInstanceOf(Float64Array);
        expect(series.values.byteOffset % 8).toBe(0);
        expect(bitsOf(series.values)).toEqual(bitsOf(values));
        expect(series.present.constructor.name).toMatch(/^(Uint8Array|Buffer)$/);
        expect([...series.present]).toEqual([...present]);
      }));

    test('requests are answered in whatever order they finish', () =>
      withWire(async ({ core, client }) => {
        const release: (() => void)[] = [];
        core.answer = (_method, params) =>
          new Promise((resolve) => {
            release.push(() => resolve({ text: (params as { text: string }).text }));
          });
        const first = client.request('config.check', { text: 'one' });
        const second = client.request('config.check', { text: 'two' });
        await vi.waitFor(() => expect(release).toHaveLength(2));
        release[1]();
        expect(await second).toEqual({ text: 'two' });
        release[0]();
        expect(await first).toEqual({ text: 'one' });
      }));

    test('an expected failure keeps its kind and parameters; a bug is logged and only said to be one', () =>
      withWire(async ({ core, client, bugs }) => {
        const detail: ErrorDetail = { kind: 'query-parse', message: 'unexpected end', from: 3, to: 5 };
        core.answer = () => Promise.reject(new HearthError(detail));
        expect(await failure(client.request('query.instant', instant))).toEqual(detail);
        core.answer = () => Promise.reject(new TypeError('secret inner text'));
        const bug = await failure(client.request('query.instant', instant));
        expect(bug.kind).toBe('internal');
        expect(JSON.stringify(bug)).not.toContain('secret');
        expect(bugs).toEqual(['query.instant']);
      }));

    test('parameters that do not fit their schema never reach the core', () =>
      withWire(async ({ core, client }) => {
        const wrong = { source: 'local', expr: 'up', start: 0, end: 1, step: -1 } as const;
        const detail = await failure(client.request('query.range', wrong));
        expect(detail).toMatchObject({ kind: 'bad-request', path: 'step' });
        const unknown = await failure(client.request('toString' as 'status.get', {}));
        expect(unknown.kind).toBe('not-found');
        expect(core.calls).toEqual([]);
      }));

    test('a session with the right to read cannot write', () =>
      withWire(async ({ core, client }) => {
        expect(await failure(client.request('config.reload', {}))).toEqual({ kind: 'forbidden' });
        const ended = vi.fn();
        client.subscribe('config', {}, { event: () => {}, error: ended });
        await vi.waitFor(() => expect(ended).toHaveBeenCalledWith({ kind: 'forbidden' }));
        await client.request('status.get', {});
        expect(core.calls.map((call) => call.method)).toEqual(['status.get']);
        expect(core.listeners).toEqual([]);
      }, 'read'));

    test('aborting cancels the work at the far end', () =>
      withWire(async ({ core, client }) => {
        core.answer = () => new Promise(() => {});
        const abort = new AbortController();
        const answer = client.request('query.instant', instant, { signal: abort.signal });
        await vi.waitFor(() => expect(core.calls).toHaveLength(1));
        abort.abort();
        expect(await failure(answer)).toEqual({ kind: 'canceled' });
        await vi.waitFor(() => expect(core.calls[0].signal?.aborted).toBe(true));
        const early = client.request('query.instant', instant, { signal: abort.signal });
        expect(await failure(early)).toEqual({ kind: 'canceled' });
        expect(core.calls).toHaveLength(1);
      }));

    test('events come in order until unsubscribed', () =>
      withWire(async ({ core, client }) => {
        const seen: unknown[] = [];
        const stop = client.subscribe('status', {}, { event: (event) => seen.push(event), error: () => {} });
        await vi.waitFor(() => expect(core.listeners).toHaveLength(1));
        for (let i = 0; i < 50; i++) core.listeners[0].listener.event(i as never);
        await vi.waitFor(() => expect(seen).toHaveLength(50));
        expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i));
        stop();
        await vi.waitFor(() => expect(core.listeners[0].live).toBe(false));
        core.listeners[0].listener.event(50 as never);
        await client.request('status.get', {});
        expect(seen).toHaveLength(50);
      }));

    test('a lost connection fails open requests, ends their work, and subscriptions are made again', () =>
      withWire(async ({ core, client, channels, states }) => {
        const seen: unknown[] = [];
        client.subscribe('status', {}, { event: (event) => seen.push(event), error: () => {} });
        await vi.waitFor(() => expect(core.listeners).toHaveLength(1));
        core.answer = () => new Promise(() => {});
        const open = client.request('query.instant', instant);
        await vi.waitFor(() => expect(core.calls).toHaveLength(1));
        channels[0].far.close();
        expect((await failure(open)).kind).toBe('unavailable');
        await vi.waitFor(() => expect(core.listeners).toHaveLength(2));
        expect(core.listeners[0].live).toBe(false);
        expect(core.calls[0].signal?.aborted).toBe(true);
        core.listeners[1].listener.event('again' as never);
        await vi.waitFor(() => expect(seen).toEqual(['again']));
        core.answer = () => Promise.resolve({ ok: true });
        expect(await client.request('status.get', {})).toEqual({ ok: true });
        expect(states).toEqual(['open', 'lost', 'open']);
      }));

    test('closing the near end stops the work of the far end', () =>
      withWire(async ({ core, client }) => {
        client.subscribe('targets', {}, { event: () => {}, error: () => {} });
        await vi.waitFor(() => expect(core.listeners).toHaveLength(1));
        client.close();
        await vi.waitFor(() => expect(core.listeners[0].live).toBe(false));
        expect((await failure(client.request('status.get', {}))).kind).toBe('unavailable');
      }));
  });
}
