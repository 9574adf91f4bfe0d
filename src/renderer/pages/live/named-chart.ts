import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { LEGEND_WORDS, type ChartSpec, type ChartTitle } from '#shared/contract/index.ts';
import { groupName } from './group-name.ts';

/** A chart of a page in the words of the person who looks at it. */
export interface NamedChart extends Omit<ChartSpec, 'title'> {
  readonly title: string;
  readonly groupName: string;
  /** A series by what the core calls it: its own words in the person's language, names of the target's as they are. */
  readonly wordOf: (word: string) => string;
}

/** What a chart is called. */
export function chartTitle(t: TFunction<'live'>, title: ChartTitle): string {
  switch (title.kind) {
    case 'recipe':
      return t(`chartTitle.recipe.${title.recipe}`);
    case 'text':
      return title.text;
    case 'count':
      return t('chartTitle.count', { text: title.text });
    case 'ways': {
      const [one, other] = title.ways.map((word) => t(`legend.${word}`));
      return t('chartTitle.ways', { text: title.text, one, other });
    }
  }
}

/** `eth0 sent` is what a query calls one way of a device: only the last part is a word. */
function legendWord(t: TFunction<'live'>, word: string): string {
  const cut = word.lastIndexOf(' ');
  const known = LEGEND_WORDS.find((one) => one === word);
  if (known !== undefined) return t(`legend.${known}`);
  const way = LEGEND_WORDS.find((one) => one === word.slice(cut + 1));
  return cut < 0 || way === undefined ? word : `${word.slice(0, cut)} ${t(`legend.${way}`)}`;
}

export function nameCharts(t: TFunction<'live'>, charts: readonly ChartSpec[]): readonly NamedChart[] {
  const wordOf = (word: string) => legendWord(t, word);
  return charts.map((spec) => ({
    ...spec,
    title: chartTitle(t, spec.title),
    groupName: groupName(t, spec.group),
    wordOf,
  }));
}

/** The charts of a page, named in the language in view; undefined until there is a page. */
export function useNamedCharts(charts: readonly ChartSpec[] | undefined): readonly NamedChart[] | undefined {
  const { t } = useTranslation('live');
  return useMemo(() => (charts === undefined ? undefined : nameCharts(t, charts)), [t, charts]);
}
