import type { QualityFinding, QualityView, TargetView } from '#shared/contract/index.ts';

/** Quality of the made-up targets: one finding of each kind that a screen has to show. */
export function fakeQuality(targets: readonly TargetView[], now: number): QualityView {
  const [first] = targets;
  const finding = (id: string, more: Partial<QualityFinding>): QualityFinding => ({
    id,
    severity: 'warn',
    targetId: first?.id ?? '',
    job: first?.job ?? '',
    target: first?.name ?? '',
    cause: { kind: 'flat', metric: 'flag', scrapes: 180 },
    series: 155,
    of: 688,
    samplesPerSecond: 31,
    bytesPerDay: 3.4 * 2 ** 20,
    readers: 0,
    drop: { job: first?.job ?? '', regex: 'flag' },
    ...more,
  });
  return {
    checkedAt: now,
    window: 3_600_000,
    series: 2110,
    newSeries: 214,
    unchanged: 1477,
    samplesPerSecond: 422,
    bytesPerSample: 1.31,
    fullIn: 2.4 * 365 * 86_400_000,
    metricCount: 823,
    targets: targets.map(({ id, name }, i) => ({
      targetId: id,
      name,
      series: 688 - i * 90,
      metrics: [
        ['flag', 155 - i * 10],
        ['http_request_duration_seconds_bucket', 70],
        ['node_cpu_seconds_total', 40],
      ],
    })),
    metrics: targets.map(({ id, name }, i) => ({
      metric: i === 0 ? 'flag' : 'http_request_duration_seconds_bucket',
      targetId: id,
      target: name,
      series: 155 - i * 20,
      flat: i === 0 ? 155 : 0,
      labels: [
        ['le', 17],
        ['route', 4],
      ],
    })),
    labels: [
      ['name', 155, 183],
      ['path', 60, 143],
      ['le', 17, 368],
    ],
    findings: [
      finding('flat', {}),
      finding('down', {
        severity: 'crit',
        cause: { kind: 'down', since: now - 360_000, missed: 72 },
        series: 0,
        drop: null,
      }),
      finding('no-help', {
        severity: 'info',
        cause: { kind: 'no-help', metrics: ['nodejs_gc_duration_seconds_sum'] },
        series: 0,
        drop: null,
      }),
    ],
  };
}
