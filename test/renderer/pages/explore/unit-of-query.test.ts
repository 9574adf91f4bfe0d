import { expect, test } from 'vitest';
import { unitOfQuery } from '#renderer/pages/explore/unit-of-query.ts';

test.each([
  ['node_memory_MemAvailable_bytes', 'bytes'],
  ['sum by (device) (rate(node_network_receive_bytes_total[1m]))', 'bytes/s'],
  ['rate(node_cpu_seconds_total[1m])', 'ratio'],
  ['1 - avg(rate(node_cpu_seconds_total{mode="idle"}[1m]))', 'ratio'],
  ['rate(http_requests_total[1m])', 'per-second'],
  ['histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))', 'seconds'],
  ['max_over_time(cache_hit_ratio[5m])', 'ratio'],
  ['increase(node_disk_written_bytes_total[1h])', 'bytes'],
  ['a_bytes / b_bytes', ''],
  ['count(a_bytes)', ''],
  ['node_boot_time_seconds', ''],
  ['http_request_duration_seconds_count', ''],
  ['topk(3, a_bytes)', 'bytes'],
  ['a_bytes > 100', 'bytes'],
  ['a_bytes > bool 100', ''],
  ['not promql (', ''],
  ['1 + 1', ''],
])('%s is in %j', (query, unit) => {
  expect(unitOfQuery(query)).toBe(unit);
});
