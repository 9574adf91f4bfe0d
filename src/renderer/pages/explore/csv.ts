import { formatSeries } from '#shared/model/index.ts';
import type { ExploreChart } from './line-chart.ts';

/** A field as RFC 4180 wants it. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The chart as text: a line a step, a column a series, ISO times and whole numbers of digits. */
export function csvOfChart({ model, legend }: ExploreChart): string {
  const head = ['time', ...legend.map(nameOf)].map(field).join();
  const lines = model.times.map((time, i) =>
    [new Date(time * 1000).toISOString(), ...legend.map(({ values }) => String(values[i] ?? ''))].join(),
  );
  return [head, ...lines, ''].join('\r\n');
}

function nameOf({ name, query, labels }: ExploreChart['legend'][number]): string {
  const text = name ?? formatSeries(labels);
  return query === '' ? text : `${query} ${text}`;
}
