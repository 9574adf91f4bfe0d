import type { FoundTarget, TargetView } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { DEFAULT_HTTP } from '#main/config/index.ts';
import { HttpError, type HttpClient, type HttpSettings } from '#main/http/index.ts';

/** Ports on which things with metrics usually answer, and what usually answers there. */
const PORTS: readonly number[] = [
  2019, 2112, 2379, 3000, 3100, 3903, 4000, 5000, 6060, 7070, 8000, 8080, 8081, 8082, 8088, 8428, 8888, 9000, 9080,
  9090, 9091, 9093, 9095, 9100, 9101, 9102, 9104, 9113, 9114, 9115, 9117, 9121, 9150, 9187, 9216, 9256, 9308, 9323,
  9419, 9464, 15692,
];

/** What is there by the names of its metrics; first match wins. */
const LOOKS: readonly (readonly [name: string, sign: RegExp])[] = [
  ['node_exporter', /^node_cpu_seconds_total/m],
  ['Hearth', /^hearth_/m],
  ['Prometheus', /^prometheus_tsdb_/m],
  ['Alertmanager', /^alertmanager_/m],
  ['Grafana', /^grafana_/m],
  ['VictoriaMetrics', /^vm_/m],
  ['postgres_exporter', /^pg_/m],
  ['mysqld_exporter', /^mysql_/m],
  ['redis_exporter', /^redis_/m],
  ['mongodb_exporter', /^mongodb_/m],
  ['blackbox_exporter', /^blackbox_/m],
  ['nginx exporter', /^nginx/m],
  ['RabbitMQ', /^rabbitmq_/m],
  ['etcd', /^etcd_/m],
  ['Docker', /^engine_daemon_/m],
  ['Caddy', /^caddy_/m],
  ['a Node.js program', /^nodejs_/m],
  ['a Go program', /^go_goroutines/m],
  ['a Python program', /^python_info/m],
  ['a JVM program', /^jvm_/m],
];

/** A line of a sample: what makes a page exposition text and not something else. */
const SAMPLE = /^[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[^\n]*\})?\s+[-+0-9.NI][^\n]*$/gm;

const TIMEOUT: Millis = 800;
const MAX_BYTES = 8 * 1024 * 1024;

async function probe(
  http: HttpClient,
  port: number,
  signal: AbortSignal,
): Promise<Omit<FoundTarget, 'watchedBy'> | null> {
  const url = `http://localhost:${port}/metrics`;
  let text: string;
  try {
    const answer = await http.request({ url, timeout: TIMEOUT, maxBytes: MAX_BYTES, signal });
    if (answer.status !== 200) return null;
    text = answer.body.toString('utf8');
  } catch (error) {
    if (error instanceof HttpError) return null;
    throw error;
  }
  const series = text.match(SAMPLE)?.length ?? 0;
  if (series === 0) return null;
  return { url, looksLike: LOOKS.find(([, sign]) => sign.test(text))?.[0] ?? `localhost:${port}`, series };
}

/** Asks the usual ports of this machine for metrics. Only done when a person wants it. */
export async function findTargets(
  effects: { http(settings: HttpSettings): HttpClient; monotonic(): number },
  targets: readonly TargetView[],
  signal: AbortSignal,
): Promise<{ found: FoundTarget[]; portsChecked: number; millis: Millis }> {
  const started = effects.monotonic();
  const http = effects.http(DEFAULT_HTTP);
  try {
    const answers = await Promise.all(PORTS.map((port) => probe(http, port, signal)));
    const found = answers
      .filter((answer) => answer !== null)
      .map((answer) => ({ ...answer, watchedBy: watcherOf(answer.url, targets) }))
      .sort((a, b) => b.series - a.series);
    return { found, portsChecked: PORTS.length, millis: Math.round(effects.monotonic() - started) };
  } finally {
    await http.close();
  }
}

function watcherOf(url: string, targets: readonly TargetView[]): string | null {
  const { port } = new URL(url);
  const same = targets.find((target) => {
    const own = URL.canParse(target.url) ? new URL(target.url) : null;
    return own !== null && own.port === port && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(own.hostname);
  });
  return same?.job ?? null;
}
