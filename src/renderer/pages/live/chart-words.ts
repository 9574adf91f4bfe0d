import type { TFunction } from 'i18next';
import type { Millis } from '#shared/model/index.ts';
import { indexAt, type PlotSeries } from '#renderer/charts/index.ts';
import type { Format } from '#renderer/ui/index.ts';
import { deviationAt } from './deviation.ts';
import type { LiveChart } from './live-model.ts';
import type { NamedChart } from './named-chart.ts';

/** Whose value stands beside the title: all of a stack (null), the highest quantile of a histogram, else the first series. */
export function headlineSeries(chart: LiveChart): PlotSeries | null {
  const { kind, series } = chart.model;
  if (kind === 'stacked') return null;
  return (kind === 'heatmap' ? series.at(-1) : series[0]) ?? null;
}

/** A value at a time, or the newest there is: of one series, or of all of them together. */
export function valueAt(chart: LiveChart, series: PlotSeries | null, time: Millis | null): number | null {
  const { times, series: all } = chart.model;
  const at = time ?? chart.lastValueAt;
  if (at === null) return null;
  const index = indexAt(times, at);
  if (index < 0) return null;
  if (series !== null) return series.values[index] ?? null;
  let sum: number | null = null;
  for (const { values } of all) {
    const value = values[index] ?? null;
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** The chart in a sentence, for those who do not see it. */
export function chartSentence(t: TFunction<'live'>, spec: NamedChart, chart: LiveChart | null, format: Format): string {
  const value = chart === null ? null : valueAt(chart, headlineSeries(chart), null);
  if (chart === null || value === null) return t('chart.sentenceNone', { title: spec.title });
  const text = format.value(value, spec.unit).text;
  const series = headlineSeries(chart);
  const sentence =
    series === null || chart.model.series.length === 1
      ? t('chart.sentence', { title: spec.title, value: text })
      : t('chart.sentenceSeries', { title: spec.title, series: series.label, value: text });
  const found = deviationAt(chart, chart.lastValueAt === null ? -1 : indexAt(chart.model.times, chart.lastValueAt));
  if (found === null) return sentence;
  if (found.ratio !== null) return t('chart.sentenceRatio', { sentence, ratio: format.ratio(found.ratio) });
  return t(found.above ? 'chart.sentenceAbove' : 'chart.sentenceBelow', { sentence });
}
