import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PageView } from '#shared/contract/index.ts';
import { buildPage, type SeriesDigest } from '#main/insight/index.ts';
import { labelsFromRecord, type MetricMetadata, type MetricType } from '#shared/model/index.ts';

/** Recordings of real targets: beside the project, or not there. */
const RECORDED = new URL('../../../../shared/fixtures/scrapes/', import.meta.url);
const there = existsSync(new URL('unpack.mjs', RECORDED));
if (!there) console.warn(`skipped: pages of recorded targets, for there is no ${RECORDED.pathname}`);

interface Body {
  readonly time: number;
  readonly body: Buffer;
}

/** A page from a quarter of an hour of a recording. */
async function pageOf(name: string): Promise<PageView> {
  const { scrapes } = (await import(new URL('unpack.mjs', RECORDED).href)) as {
    scrapes: (file: string) => readonly Body[];
  };
  const bodies = scrapes(new URL(`${name}.br`, RECORDED).pathname)
    .slice(0, 180)
    .filter((_, i) => i % 18 === 0);
  const metadata = new Map<string, MetricMetadata>();
  const digests = new Map<string, SeriesDigest & { readonly first: number }>();
  for (const { time, body } of bodies) {
    for (const row of body.toString().split('\n')) {
      const comment = /^# (TYPE|HELP) (\S+) (.*)$/.exec(row);
      if (comment !== null) {
        const [, kind, family, text] = comment;
        const known = metadata.get(family) ?? { family, type: 'unknown' as MetricType, help: '', unit: '' };
        const type = text === 'untyped' ? 'unknown' : (text as MetricType);
        metadata.set(family, kind === 'TYPE' ? { ...known, type } : { ...known, help: text });
        continue;
      }
      const sample = /^([^\s{#]+)(?:\{(.*)\})? (\S+)$/.exec(row);
      const last = Number(sample?.[3].replace('Inf', 'Infinity'));
      if (sample === null || Number.isNaN(last)) continue;
      const key = `${sample[1]}{${sample[2] ?? ''}}`;
      const was = digests.get(key);
      const pairs = [...(sample[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, value]) => [
        label,
        value,
      ]);
      const labels = was?.labels ?? labelsFromRecord({ __name__: sample[1], job: 'j', ...Object.fromEntries(pairs) });
      const first = was?.first ?? time;
      digests.set(key, {
        labels,
        last,
        first,
        min: Math.min(last, was?.min ?? last),
        max: Math.max(last, was?.max ?? last),
        samples: (was?.samples ?? 0) + 1,
        span: time - first,
        falls: was !== undefined && (was.falls || last < was.last),
      });
    }
  }
  return buildPage({
    targetId: name,
    targetLabels: labelsFromRecord({ job: 'j' }),
    interval: 5000,
    series: [...digests.values()],
    metadata: (family) => metadata.get(family),
  });
}

function titles(view: PageView, group: string): readonly string[] {
  return view.charts
    .filter((chart) => chart.group === group)
    .map(({ title }) => (title.kind === 'recipe' ? title.recipe : title.text));
}

describe.runIf(there)('the page of a recorded target', () => {
  test.each(['node', 'prometheus', 'alertmanager', 'victoria'])(
    '%s: ids are unique, details come last',
    async (name) => {
      const view = await pageOf(name);
      expect(new Set(view.charts.map(({ id }) => id)).size).toBe(view.charts.length);
      const first = view.charts.findIndex(({ group }) => group === 'Details');
      expect(view.charts.slice(first).every(({ group }) => group === 'Details')).toBe(true);
    },
  );

  test('a computer: what one looks for leads each group, and raw counters are details', async () => {
    const view = await pageOf('node');
    expect(titles(view, 'CPU').slice(0, 3)).toEqual(['cpu-usage', 'cpu-usage-by-core', 'load-average']);
    expect(titles(view, 'Memory')[0]).toBe('memory');
    expect(titles(view, 'Disk').slice(0, 3)).toEqual(['disk-throughput', 'disk-latency', 'disk-busy']);
    expect(titles(view, 'Network').slice(0, 3)).toEqual(['network-traffic', 'network-errors-and-drops', 'tcp-sockets']);
    const groups = ['CPU', 'Memory', 'Disk', 'Filesystem', 'Network', 'System'];
    const long = groups.filter((group) => titles(view, group).length > 12);
    expect(long).toEqual([]);
  });
});
