import { readFile } from 'node:fs/promises';
import type { FoundTarget } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { chooseFormat, createReader, ExpositionError } from '#main/exposition/index.ts';
import { HttpError, type HttpClient } from '#main/http/index.ts';

/** Ports that exporters and instrumented applications use by default. */
const KNOWN_PORTS: readonly number[] = [
  1936, 2019, 2112, 2379, 3000, 3100, 3200, 4194, 5001, 5556, 6060, 7472, 8000, 8001, 8080, 8081, 8082, 8086, 8123,
  8181, 8404, 8428, 8429, 8480, 8500, 8888, 8889, 9000, 9001, 9042, 9090, 9091, 9093, 9094, 9095, 9096, 9099, 9100,
  9101, 9102, 9103, 9104, 9107, 9113, 9114, 9115, 9116, 9117, 9119, 9121, 9122, 9126, 9127, 9130, 9134, 9142, 9143,
  9145, 9150, 9153, 9154, 9160, 9162, 9163, 9167, 9180, 9182, 9187, 9191, 9199, 9205, 9216, 9221, 9229, 9253, 9256,
  9257, 9273, 9290, 9292, 9304, 9308, 9323, 9324, 9342, 9363, 9399, 9400, 9402, 9419, 9427, 9436, 9469, 9498, 9548,
  9558, 9586, 9600, 9617, 9633, 9641, 9676, 9707, 9710, 9788, 9835, 9899, 9913, 9966, 9980, 9999, 10250, 10254, 15020,
  15090, 15692, 16010, 19090, 19999,
];

const TIMEOUT: Millis = 1500;
const CONCURRENT = 32;
const MAX_PORTS = 2000;
const MAX_BODY = 8 << 20;

/** Metrics by which well-known applications are recognised, most telling first. */
const FACES: readonly (readonly [metric: RegExp, name: string])[] = [
  [/^hearth_/m, 'Hearth'],
  [/^node_exporter_build_info/m, 'node_exporter'],
  [/^prometheus_build_info/m, 'Prometheus'],
  [/^alertmanager_build_info/m, 'Alertmanager'],
  [/^grafana_build_info/m, 'Grafana'],
  [/^(?:vm_app_version|vmagent_|vminsert_|vmselect_)/m, 'VictoriaMetrics'],
  [/^windows_exporter_build_info/m, 'windows_exporter'],
  [/^postgres_exporter_build_info|^pg_up/m, 'postgres_exporter'],
  [/^mysqld_exporter_build_info|^mysql_up/m, 'mysqld_exporter'],
  [/^redis_exporter_build_info|^redis_up/m, 'redis_exporter'],
  [/^nginx_exporter_build_info|^nginx_up/m, 'nginx exporter'],
  [/^blackbox_exporter_build_info/m, 'blackbox_exporter'],
  [/^process_exporter_build_info|^namedprocess_/m, 'process-exporter'],
  [/^cadvisor_version_info/m, 'cAdvisor'],
  [/^etcd_server_version/m, 'etcd'],
  [/^coredns_build_info/m, 'CoreDNS'],
  [/^traefik_config_reloads_total/m, 'Traefik'],
  [/^caddy_/m, 'Caddy'],
  [/^haproxy_process_/m, 'HAProxy'],
  [/^minio_/m, 'MinIO'],
  [/^rabbitmq_build_info/m, 'RabbitMQ'],
  [/^netdata_info/m, 'Netdata'],
  [/^loki_build_info/m, 'Loki'],
  [/^tempo_build_info/m, 'Tempo'],
  [/^jvm_info|^jvm_memory_/m, 'a Java application'],
  [/^nodejs_version_info/m, 'a Node.js application'],
  [/^python_info/m, 'a Python application'],
  [/^go_info/m, 'a Go application'],
];

export interface FindDeps {
  readonly http: HttpClient;
  readonly platform: NodeJS.Platform;
  /** Job that watches an address already, or null. */
  watchedBy(host: string, port: number): string | null;
  /** Ports not to ask: Hearth's own. */
  readonly skip: ReadonlySet<number>;
  /** Reads a text file; /proc/net/tcp only. */
  readonly readText?: (path: string) => Promise<string>;
  /** Ports to try besides those that listen; the well-known ones by default. */
  readonly knownPorts?: readonly number[];
}

/**
 * Looks for metrics pages on this machine: asks `/metrics` on the ports that listen on loopback (Linux tells them), and
 * elsewhere on the usual ones. Bounded in ports, connections at a time, bytes and time.
 */
export async function findLocalTargets(
  deps: FindDeps,
  signal: AbortSignal,
): Promise<{ readonly found: readonly FoundTarget[]; readonly portsChecked: number }> {
  const listening = await listeningPorts(deps);
  // Where the machine tells what listens, nothing else needs to be tried.
  const candidates = [...new Set(listening ?? deps.knownPorts ?? KNOWN_PORTS)]
    .filter((port) => !deps.skip.has(port))
    .sort((a, b) => a - b)
    .slice(0, MAX_PORTS);
  const found: FoundTarget[] = [];
  const queue = [...candidates];
  const worker = async (): Promise<void> => {
    for (let port = queue.shift(); port !== undefined && !signal.aborted; port = queue.shift()) {
      const target = await probe(deps, port, signal);
      if (target !== null) found.push(target);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
  found.sort((a, b) => Number(new URL(a.url).port) - Number(new URL(b.url).port));
  return { found, portsChecked: candidates.length - queue.length };
}

async function probe(deps: FindDeps, port: number, signal: AbortSignal): Promise<FoundTarget | null> {
  const url = `http://localhost:${port}/metrics`;
  try {
    const answer = await deps.http.request({
      url,
      timeout: TIMEOUT,
      maxBytes: MAX_BODY,
      signal,
      headers: { accept: 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1' },
    });
    if (answer.status !== 200) return null;
    const type = answer.headers['content-type'];
    const choice = chooseFormat(typeof type === 'string' ? type : '', 'text/plain');
    if (!choice.ok || choice.format === 'protobuf') return null;
    const parsed = createReader(choice.format).read(answer.body);
    if (parsed.count === 0) return null;
    const text = answer.body.toString('utf8');
    return {
      url,
      looksLike: FACES.find(([metric]) => metric.test(text))?.[1] ?? `localhost:${port}`,
      series: parsed.count,
      watchedBy: deps.watchedBy('localhost', port),
    };
  } catch (error) {
    if (error instanceof HttpError || error instanceof ExpositionError) return null;
    throw error;
  }
}

const LISTEN = '0A';
const ANY_OR_LOOPBACK = /^(?:00000000|0100007F|0{32}|0{24}01000000|0000000000000000FFFF0000(?:00000000|0100007F))$/;

/** TCP ports that listen on loopback or on all addresses; null where the machine does not tell. */
async function listeningPorts(deps: FindDeps): Promise<readonly number[] | null> {
  if (deps.platform !== 'linux') return null;
  const read = deps.readText ?? ((path: string) => readFile(path, 'utf8'));
  const ports: number[] = [];
  let any = false;
  for (const path of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text: string;
    try {
      text = await read(path);
    } catch {
      continue;
    }
    any = true;
    for (const line of text.split('\n').slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/);
      if (state !== LISTEN) continue;
      const [address, port] = local.split(':');
      if (ANY_OR_LOOPBACK.test(address)) ports.push(Number.parseInt(port, 16));
    }
  }
  return any ? ports : null;
}
