import {
  HearthError,
  type ConnectionState,
  type LiveFrame,
  type MethodName,
  type MethodParams,
  type MethodResults,
  type Preferences,
  type StatusView,
  type Steps,
  type SubscriptionListener,
  type TargetsView,
  type TopicEvents,
  type TopicName,
  type TopicParams,
} from '#shared/contract/index.ts';
import { labelsFromRecord } from '#shared/model/index.ts';
import type { RendererClient } from '#renderer/data/index.ts';
import { applyEdits, configView, emptyForm, hearthText, testScrape, type FakeFiles } from './fake-config.ts';
import { pageOf } from './fake-page.ts';
import { droppedByJob, droppedOf, relabelSteps } from './fake-discovery.ts';
import { fakeQuality } from './fake-quality.ts';
import { fakeQuery } from './fake-query.ts';
import { fakeExpected } from './fake-heat.ts';
import { fakeNative } from './fake-native.ts';
import { STATES, type FakeState } from './fake-states.ts';
import { SCENARIOS, viewOf, type FakeTarget } from './fake-targets.ts';

const NOW = () => Date.now();

/** Handles on the fake for tests and for trying states by hand (`window.fakeCore`). */
export interface FakeCore extends RendererClient {
  setConnection(state: ConnectionState): void;
}

/**
 * A core made up in the browser, for working on the interface and for its tests: data that move, a configuration that can
 * be edited, no network. What it can be asked to be: a name of STATES or of SCENARIOS.
 */
export function createFakeCore(scenario: string, now: () => number = NOW): FakeCore {
  return new FakeCoreClient(scenario, now);
}

type Handlers = { readonly [M in MethodName]: (params: MethodParams<M>) => MethodResults[M] };

class FakeCoreClient implements FakeCore {
  readonly native: RendererClient['native'];
  readonly #made: FakeState;
  readonly #now: () => number;
  readonly #startedAt: number;
  #targets: FakeTarget[];
  #files: FakeFiles;
  #revision = 1;
  #history: { readonly id: string; readonly before: FakeFiles }[] = [];
  #state: ConnectionState = 'open';
  #preferences: Preferences;
  readonly #connectionListeners = new Set<() => void>();
  readonly #changed = new Set<() => void>();
  readonly #handlers: Handlers;

  readonly connection = {
    get: (): ConnectionState => this.#state,
    subscribe: (listener: () => void) => {
      this.#connectionListeners.add(listener);
      return () => this.#connectionListeners.delete(listener);
    },
  };

  constructor(scenario: string, now: () => number) {
    this.#now = now;
    this.#startedAt = now();
    this.#made = STATES[scenario] ?? { targets: scenario };
    this.native = this.#made.desktop === true ? fakeNative() : null;
    this.#state = this.#made.connection ?? 'open';
    this.#targets = [...(SCENARIOS[this.#made.targets] ?? SCENARIOS[''])];
    this.#files = {
      jobs: this.#targets.filter((target) => !target.builtin).map((target) => emptyForm(target.job, target.instance)),
      storage: { retention: [], tiers: [], useTiers: false },
    };
    this.#preferences = {
      theme: 'system',
      language: 'system',
      retention: '15d',
      liveWindow: 900_000,
      refresh: 0,
      timeZone: 'utc',
      firstRunDone: scenario !== 'first-run' && scenario !== 'first-run-configured',
      queryHistory: [],
    };
    this.#handlers = this.#makeHandlers();
  }

  setConnection(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#connectionListeners) listener();
  }

  async request<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<MethodResults[M]> {
    await new Promise((resolve) => setTimeout(resolve, 15));
    if (options?.signal?.aborted === true) throw new HearthError({ kind: 'canceled' });
    if (this.#made.waits?.includes(method) === true) return new Promise(() => undefined);
    const failure = this.#made.fails?.[method];
    if (failure !== undefined) throw new HearthError(failure);
    if (this.#state === 'lost') throw new HearthError({ kind: 'unavailable', message: 'connection lost' });
    return this.#handlers[method](params);
  }

  subscribe<T extends TopicName>(topic: T, params: TopicParams<T>, listener: SubscriptionListener<T>): () => void {
    if (this.#made.waits?.includes(topic) === true) return () => undefined;
    const emit = () => {
      const event = this.#topicState(topic, params);
      if (event !== null && this.#state === 'open') listener.event(event);
    };
    if (topic === 'live') {
      // The fake answers with the types of its own topic.
      return this.#live(params as TopicParams<'live'>, listener as unknown as SubscriptionListener<'live'>);
    }
    queueMicrotask(emit);
    const every = topic === 'targets' || topic === 'status' ? 1000 : null;
    const timer = every === null ? undefined : setInterval(emit, every);
    this.#changed.add(emit);
    return () => {
      clearInterval(timer);
      this.#changed.delete(emit);
    };
  }

  #live(params: TopicParams<'live'>, listener: SubscriptionListener<'live'>): () => void {
    const { step, window, queries, until } = params;
    let next = 0;
    const tick = () => {
      if (this.#state !== 'open') return;
      const last = Math.floor(Math.min(this.#now(), until ?? Infinity) / step) * step;
      const reset = next === 0;
      const start = reset ? Math.ceil((last - window) / step) * step : next;
      const count = Math.round((last - start) / step) + 1;
      if (count <= 0) return;
      next = last + step;
      const steps: Steps = { start, step, count };
      listener.event(
        queries.map((query): LiveFrame => ({
          id: query.id,
          reset,
          steps,
          result: this.#query(query.expr, steps),
          expected: this.#expected(query.expr, steps),
          error: null,
        })),
      );
    };
    queueMicrotask(tick);
    const timer = setInterval(tick, Math.min(step, 1000));
    return () => clearInterval(timer);
  }

  get #since(): number {
    return this.#made.since === undefined ? -Infinity : this.#startedAt - this.#made.since;
  }

  #query(expr: string, steps: Steps) {
    const until = this.#startedAt - (this.#made.silentFor ?? -Infinity);
    return fakeQuery(expr, steps, this.#targets, { startedAt: this.#startedAt, since: this.#since, until });
  }

  #expected(expr: string, steps: Steps) {
    const metric = this.#targets.flatMap(({ metrics }) => metrics).find(({ name }) => expr.includes(`${name}{`));
    if (metric === undefined) return null;
    const share = /histogram_quantile\(([\d.]+)/.exec(expr)?.[1];
    const quantile = share === undefined ? null : `p${Math.round(Number(share) * 100)}`;
    return fakeExpected(this.#query(expr, steps), metric, { since: this.#since, quantile });
  }

  #topicState<T extends TopicName>(topic: T, params: TopicParams<T>): TopicEvents[T] | null {
    const states: { readonly [K in TopicName]: () => TopicEvents[K] | null } = {
      targets: () => this.#targetsView(),
      status: () => this.#status(),
      config: () => this.#config(),
      preferences: () => this.#preferences,
      page: () => {
        const target = this.#targets.find(({ job }) => job === (params as TopicParams<'page'>).targetId);
        return target === undefined ? null : pageOf(target);
      },
      heat: () => ({
        targets: this.#targets.map(({ job, metrics }, i) => ({
          targetId: job,
          charts: metrics.length,
          unusual: i % 3,
          learning: false,
          busiest: null,
        })),
      }),
      live: () => null,
    };
    return states[topic]();
  }

  #targetsView(): TargetsView {
    return { active: this.#targets.map((target) => this.#pausedOr(target)), droppedByJob: droppedByJob(this.#targets) };
  }

  #pausedOr(target: FakeTarget) {
    const { since, silentFor } = this.#made;
    const view = viewOf(target, this.#now(), this.#startedAt, { since: since ?? null, silentFor: silentFor ?? 0 });
    const paused = this.#files.jobs.some((job) => job.jobName === target.job && job.paused);
    return paused ? { ...view, health: 'paused' as const, nextScrape: null } : view;
  }

  #status(): StatusView {
    const views = this.#targetsView().active;
    return {
      version: '0.1.0',
      now: this.#now(),
      startedAt: this.#startedAt - 18 * 60_000,
      host: 'headless',
      targetsUp: views.filter((view) => view.health === 'up').length,
      targetsDown: views.filter((view) => view.health === 'down').length,
      targetsTotal: views.length,
      scrapeP95: 14,
      samplesPerSecond: views.reduce((sum, view) => sum + ((view.lastSamples ?? 0) * 1000) / view.interval, 0),
      series: views.reduce((sum, view) => sum + (view.lastSamples ?? 0), 0),
      storeBytes: 18.4 * 2 ** 20,
      refusedSamples: { duplicate: 0, outOfOrder: 3, tooOld: 0 },
      stretchedTargets: 0,
      lag: 400,
      storage: null,
      configPath: '/home/you/.local/share/hearth/prometheus.yml',
      dataPath: '/home/you/.local/share/hearth',
      configProblem: null,
      ...this.#made.status,
    };
  }

  #config() {
    return configView(this.#files, this.#revision, this.#history.at(-1)?.id ?? null);
  }

  #preview(files: FakeFiles): Pick<MethodResults['config.preview'], 'text' | 'files'> {
    const before = configView(this.#files, 0, null);
    const { path, text } = configView(files, 0, null);
    const all = [
      { path, before: before.text, after: text },
      {
        path: path.replace('prometheus.yml', 'hearth.yml'),
        before: hearthText(this.#files),
        after: hearthText(files),
      },
    ];
    return { text, files: all.filter((file) => file.before !== file.after) };
  }

  #setFiles(files: FakeFiles, remember: boolean) {
    this.#revision++;
    if (remember) this.#history.push({ id: String(this.#revision), before: this.#files });
    this.#files = files;
    const known = new Map(this.#targets.map((target) => [target.job, target]));
    const like = SCENARIOS[''][1];
    this.#targets = [
      ...this.#targets.filter((target) => target.builtin),
      ...files.jobs.map(
        (job) => known.get(job.jobName) ?? { ...like, job: job.jobName, instance: job.targets[0] ?? '' },
      ),
    ];
    for (const emit of this.#changed) emit();
    return this.#config();
  }

  #seriesOf(selectors: readonly string[]) {
    const words = new Set(selectors.flatMap((selector) => selector.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? []));
    return this.#targets.flatMap((target) =>
      target.metrics
        .filter((metric) => words.size === 0 || words.has(metric.name))
        .flatMap((metric) =>
          Object.keys(metric.values).map((value) =>
            labelsFromRecord({
              __name__: metric.name,
              job: target.job,
              instance: target.instance,
              ...(metric.label === '' ? {} : { [metric.label]: value }),
            }),
          ),
        ),
    );
  }

  #makeHandlers(): Handlers {
    const values = (name: string, selectors: readonly string[]) => {
      const found = this.#seriesOf(selectors).flatMap((labels) => {
        const at = labels.indexOf(name);
        return at >= 0 ? [labels[at + 1]] : [];
      });
      return [...new Set(found)].sort();
    };
    return {
      'query.instant': ({ expr, time }) => this.#query(expr, { start: time, step: 1, count: 1 }),
      'query.range': ({ expr, start, end, step }) => {
        const open = (expr.match(/\(/g) ?? []).length - (expr.match(/\)/g) ?? []).length;
        if (open > 0)
          throw new HearthError({
            kind: 'query-parse',
            message: 'unclosed left parenthesis',
            from: expr.length - 1,
            to: expr.length,
          });
        return this.#query(expr, { start, step, count: Math.floor((end - start) / step) + 1 });
      },
      'query.body': () => {
        throw new HearthError({ kind: 'not-found', what: 'an HTTP API in the stand-in' });
      },
      'query.explain': ({ expr, start, end, step }) => {
        const result = this.#query(expr, { start, step, count: Math.floor((end - start) / step) + 1 });
        const { seriesRead: series, samplesRead: samples, evalMillis: millis } = result.stats;
        const node = { from: 0, to: expr.length, steps: 1, series, samples, read: { series, samples }, millis };
        return { result, explain: { kind: 'instant', ...node, children: [] } };
      },
      'query.cost': ({ expr, start, end, step }) => {
        const count = Math.floor((end - start) / step) + 1;
        const { seriesRead: series, samplesRead: samples } = this.#query(expr, { start, step, count }).stats;
        return { series, samples, steps: count, maxSamples: 50_000_000 };
      },
      'exemplars.list': () => ({ series: [] }),
      'series.list': ({ selectors }) => ({ series: this.#seriesOf(selectors), truncated: false }),
      'labels.names': ({ selectors }) => {
        const names = this.#seriesOf(selectors).flatMap((labels) => labels.filter((_, i) => i % 2 === 0));
        return { names: [...new Set(names)].sort(), truncated: false };
      },
      'labels.values': ({ name, selectors }) => ({ values: values(name, selectors), truncated: false }),
      'metadata.list': () => ({
        metadata: Object.fromEntries(
          this.#targets.flatMap((target) =>
            target.metrics.map((metric) => [
              metric.name,
              [{ family: metric.name, type: metric.type, help: metric.help, unit: '' }],
            ]),
          ),
        ),
      }),
      'targets.list': () => this.#targetsView(),
      'targets.dropped': () => ({ dropped: droppedOf(this.#targets) }),
      'targets.page': ({ targetId }) => {
        const target = this.#targets.find(({ job }) => job === targetId);
        if (target === undefined) throw new HearthError({ kind: 'not-found', what: targetId });
        return pageOf(target);
      },
      'targets.testScrape': ({ form, target }) => testScrape(form, target, SCENARIOS[''][1]),
      'import.samples': ({ times }) => ({ stored: times.length, tooOld: 0 }),
      'export.samples': () => ({
        labels: [],
        counts: new Uint32Array(0),
        times: new Float64Array(0),
        values: new Float64Array(0),
        histograms: null,
      }),
      'write.samples': ({ times }) => ({
        samples: times.length,
        histograms: 0,
        exemplars: 0,
        outOfOrder: 0,
        duplicate: 0,
        tooOld: 0,
      }),
      'import.offset': () => ({ offset: 0 }),
      'targets.scrapeNow': () => ({ started: true }),
      'targets.relabel': ({ job, discovered }) => relabelSteps(this.#targets, job, discovered),
      'targets.body': () => ({
        failure: null,
        text: '# TYPE up gauge\nup 1\n',
        bytes: 21,
        cut: false,
        format: 'text',
        millis: 3,
      }),
      'targets.find': () => ({
        found: [
          {
            url: 'http://localhost:3905/metrics',
            looksLike: 'shop-api',
            series: 107,
            watchedBy: this.#watcher('localhost:3905'),
          },
          {
            url: 'http://localhost:9100/metrics',
            looksLike: 'node_exporter',
            series: 507,
            watchedBy: this.#watcher('localhost:9100'),
          },
          {
            url: 'http://localhost:9187/metrics',
            looksLike: 'postgres_exporter',
            series: 265,
            watchedBy: this.#watcher('localhost:9187'),
          },
        ],
        portsChecked: 38,
        millis: 600,
      }),
      'targets.discover': ({ form }) => ({
        targets: form.discovery.flatMap(({ kind }) => [
          {
            discovered: labelsFromRecord({
              __address__: `10.0.0.4:9100`,
              job: form.jobName,
              [`__meta_${kind}_name`]: 'a',
            }),
            url: 'http://10.0.0.4:9100/metrics',
          },
          {
            discovered: labelsFromRecord({
              __address__: `10.0.0.5:80`,
              job: form.jobName,
              [`__meta_${kind}_name`]: 'b',
            }),
            url: null,
          },
        ]),
        total: form.discovery.length * 2,
        kept: form.discovery.length,
        problems: [],
        millis: 12,
      }),
      'targets.kubeContexts': ({ path }) => ({
        path: path === '' ? '/home/you/.kube/config' : path,
        current: 'staging',
        contexts: [
          { name: 'staging', server: 'https://10.1.0.1:6443', namespace: '', program: '' },
          { name: 'production', server: 'https://k8s.example:443', namespace: '', program: 'aws' },
        ],
        problem: path.startsWith('/no') ? `${path}: no such file` : null,
      }),
      'config.get': () => this.#config(),
      'config.check': ({ text }) => {
        const tab = text.split('\n').findIndex((line) => line.startsWith('\t'));
        const problems = tab < 0 ? [] : [{ message: 'tabs cannot indent YAML', line: tab + 1, column: 1 }];
        return { problems, jobs: this.#config().jobs };
      },
      'config.preview': ({ edits }) => ({
        ...this.#preview(applyEdits(this.#files, edits)),
        problems: [],
      }),
      'config.apply': ({ edits }) => this.#setFiles(applyEdits(this.#files, edits), true),
      'config.files': () => ({ prometheus: this.#config().text, hearth: hearthText(this.#files) }),
      'config.save': () => this.#setFiles({ ...this.#files }, true),
      'config.undo': ({ change }) => {
        const at = this.#history.findIndex(({ id }) => id === change);
        if (at < 0) throw new HearthError({ kind: 'not-found', what: 'undo' });
        const [{ before }] = this.#history.splice(at);
        return this.#setFiles(before, false);
      },
      'config.reload': () => this.#config(),
      'status.get': () => this.#status(),
      'quality.get': () => ({
        ...fakeQuality(this.#targetsView().active, this.#now()),
        ...(this.#made.tidy === true ? { findings: [] } : {}),
      }),
      'status.config': () => ({ yaml: this.#config().text }),
      'status.poolConfig': ({ job }) => ({ yaml: `job_name: ${job}\n` }),
      'targets.metadata': () => ({ entries: [] }),
      'status.runtime': () => ({
        workingDirectory: '/',
        hostname: 'fake',
        cpus: 1,
        reloadSuccess: true,
        lastReload: this.#startedAt,
        retention: '15d',
      }),
      'status.tsdb': () => ({
        series: this.#seriesOf([]).length,
        labelPairs: 0,
        minTime: null,
        maxTime: null,
        outOfOrderSamples: 0,
        lateSamples: 0,
        duplicateSamples: 0,
        tooOldSamples: 0,
        tiers: [],
        seriesByMetric: this.#targets.flatMap(({ metrics }) =>
          metrics.map(({ name, values: own }): [string, number] => [name, Object.keys(own).length]),
        ),
        valuesByLabel: [],
        bytesByLabel: [],
        seriesByPair: [],
      }),
      'metrics.text': () => ({ text: '' }),
      'admin.deleteSeries': () => ({}),
      'admin.snapshot': () => ({ name: '20260102T030405Z-0011223344556677', path: '/snapshots/x', bytes: 12_000_000 }),
      'admin.cleanTombstones': () => ({}),
      'preferences.get': () => this.#preferences,
      'preferences.set': ({ preferences }) => {
        this.#preferences = preferences;
        for (const emit of this.#changed) emit();
        return preferences;
      },
    };
  }

  #watcher(address: string): string | null {
    return this.#files.jobs.find((job) => job.targets.includes(address))?.jobName ?? null;
  }
}
