import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import type { Millis } from '#shared/model/index.ts';
import type { Registry } from './registry.ts';

const GC_KINDS: Readonly<Record<number, string>> = { 1: 'minor', 4: 'major', 8: 'incremental', 16: 'weakcb' };

/**
 * Registers what the process says of itself (`process_*`, `nodejs_*`), under the names that other Node programs use.
 * @returns a function that stops watching the event loop and the garbage collector
 */
export function registerProcessMetrics(registry: Registry, startedAt: Millis): () => void {
  const memory = (key: keyof NodeJS.MemoryUsage) => (): number => process.memoryUsage()[key];
  const cpu = (key: 'user' | 'system') => (): number => process.cpuUsage()[key] / 1e6;
  registry.read('process_cpu_user_seconds_total', 'counter', 'CPU seconds spent in the program itself.', cpu('user'));
  registry.read('process_cpu_system_seconds_total', 'counter', 'CPU seconds spent in the kernel.', cpu('system'));
  registry.read('process_cpu_seconds_total', 'counter', 'CPU seconds spent.', () => cpu('user')() + cpu('system')());
  registry.read('process_start_time_seconds', 'gauge', 'When it was started, in Unix seconds.', () => startedAt / 1000);
  registry.read('process_resident_memory_bytes', 'gauge', 'Memory in use, in bytes.', memory('rss'));
  if (process.platform === 'linux')
    registry.read('process_open_fds', 'gauge', 'Open file descriptors.', () => readdirSync('/proc/self/fd').length);
  registry.read('nodejs_heap_size_total_bytes', 'gauge', 'Size of the heap in bytes.', memory('heapTotal'));
  registry.read('nodejs_heap_size_used_bytes', 'gauge', 'Bytes of the heap in use.', memory('heapUsed'));
  registry.read('nodejs_external_memory_bytes', 'gauge', 'Memory outside of the heap, in bytes.', memory('external'));
  registry.read('nodejs_arraybuffer_memory_bytes', 'gauge', 'Memory of array buffers.', memory('arrayBuffers'));

  const [major, minor, patch] = process.versions.node.split('.');
  const version = registry.gauge('nodejs_version_info', 'The Node.js that runs; always 1.');
  version.set(1, { version: process.version, major, minor, patch });

  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  registry.collect((out) => {
    const figures: readonly (readonly [name: string, help: string, value: number])[] = [
      ['nodejs_eventloop_lag_mean_seconds', 'Mean delay of the event loop since the last reading.', delay.mean],
      ['nodejs_eventloop_lag_max_seconds', 'Longest delay of the event loop since the last reading.', delay.max],
      ['nodejs_eventloop_lag_p99_seconds', '99th percentile of that delay.', delay.percentile(99)],
    ];
    for (const [name, help, nanoseconds] of figures) {
      out.family(name, 'gauge', help);
      out.sample(name, Number.isFinite(nanoseconds) && delay.count > 0 ? nanoseconds / 1e9 : 0);
    }
    delay.reset();
  });

  const collected = registry.counter('nodejs_gc_duration_seconds_total', 'Seconds of garbage collection.');
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { detail, duration } = entry as PerformanceEntry & { detail: { kind: number } };
      collected.inc(duration / 1000, { kind: GC_KINDS[detail.kind] ?? 'other' });
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => {
    delay.disable();
    observer.disconnect();
  };
}
