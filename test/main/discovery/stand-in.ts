import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { labelsToRecord } from '#shared/model/index.ts';
import { loadPrometheusConfig, nodeConfigFs, type DiscoveryConfig, type TargetGroup } from '#main/config/index.ts';
import { createDiscovery, systemDns, systemPrograms, type DiscoveryDeps } from '#main/discovery/index.ts';
import { createHttpClient } from '#main/http/index.ts';

/** What a test server answers: a value is sent as JSON, null is "not found". */
export type Answer = (request: IncomingMessage, url: URL) => unknown;

export interface StandIn {
  readonly origin: string;
  readonly host: string;
  close(): Promise<void>;
}

/** A server on loopback that speaks as much of an API as a test needs. */
export async function standIn(answer: Answer, path?: string): Promise<StandIn> {
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const value = answer(request, new URL(request.url ?? '/', 'http://x'));
    if (value === undefined) return;
    response.writeHead(value === null ? 404 : 200, { 'content-type': 'application/json' });
    response.end(value === null ? '' : JSON.stringify(value));
  });
  await new Promise<void>((resolve) =>
    path === undefined ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve),
  );
  const port = path === undefined ? (server.address() as AddressInfo).port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The discovery that a job's YAML (indented by two) asks for. */
export function configured(yaml: string): DiscoveryConfig {
  const result = loadPrometheusConfig(`scrape_configs:\n- job_name: a\n${yaml.replace(/^/gm, '  ')}`, {
    file: '/x/prometheus.yml',
    readFile: () => '',
    glob: () => [],
    env: {},
  });
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join('\n'));
  return result.config.scrapeConfigs[0].discovery[0];
}

export interface Running {
  /** Resolves with the next groups for which `accept` holds, those that came already included. */
  groups(accept?: (groups: readonly TargetGroup[]) => boolean): Promise<readonly TargetGroup[]>;
  problem(accept: (problem: string | null) => boolean): Promise<string | null>;
  updates(): number;
  stop(): Promise<void>;
}

/** Real effects. */
export function realDeps(): Omit<DiscoveryDeps, 'report'> {
  return {
    http: (settings) =>
      createHttpClient(settings, {
        readFile: () => Promise.reject(new Error('no files')),
        resolveSecret: (secret) => Promise.resolve(secret),
        env: {},
        userAgent: 'hearth-test',
        now: () => performance.now(),
      }),
    sleep,
    files: nodeConfigFs(),
    dns: systemDns(),
    resolveSecret: (secret) => Promise.resolve(secret),
    env: {},
    programs: systemPrograms(process.env, process.platform),
    kubeContext: '',
    now: () => performance.now(),
  };
}

function sleep(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener('abort', end);
  });
}

/** Polls until there is something to read; fails with `why` after 10 s. */
export async function until<T>(read: () => { readonly value: T } | null, why = (): string => ''): Promise<T> {
  const end = performance.now() + 10_000;
  for (;;) {
    const found = read();
    if (found !== null) return found.value;
    if (performance.now() > end) throw new Error(`it did not happen within 10 s; ${why()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Runs a discovery with real effects. */
export function run(config: DiscoveryConfig, change: Partial<DiscoveryDeps> = {}): Running {
  const stop = new AbortController();
  let latest: readonly TargetGroup[] | null = null;
  let problem: string | null = null;
  let updates = 0;
  const deps: DiscoveryDeps = {
    ...realDeps(),
    report: (text) => {
      problem = text;
    },
    ...change,
  };
  const done = createDiscovery(config, deps).run((groups) => {
    latest = groups;
    updates++;
  }, stop.signal);
  const why = (): string => problem ?? 'no problem';
  return {
    groups: (accept = () => true) => until(() => (latest !== null && accept(latest) ? { value: latest } : null), why),
    problem: (accept) => until(() => (accept(problem) ? { value: problem } : null), why),
    updates: () => updates,
    async stop() {
      stop.abort();
      await done;
    },
  };
}

/** Each target's labels, those of its group included. */
export function flat(groups: readonly TargetGroup[]): readonly Record<string, string>[] {
  return groups.flatMap((group) =>
    group.targets.map((target) => ({ ...labelsToRecord(group.labels), ...labelsToRecord(target) })),
  );
}

export function addresses(groups: readonly TargetGroup[]): readonly string[] {
  return flat(groups).map((labels) => labels.__address__);
}
