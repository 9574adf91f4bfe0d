import { useTranslation } from 'react-i18next';
import type { QualityFinding } from '#shared/contract/index.ts';
import { formatAge, useFormat, useNow } from '#renderer/ui/index.ts';

/** A finding in words: what it is, where, and why it is one. */
export interface FindingWords {
  readonly title: string;
  readonly note: string;
  readonly why: string;
}

const NAMES_SHOWN = 3;

export function useFindingWords(): (finding: QualityFinding) => FindingWords {
  const { t } = useTranslation('quality');
  const format = useFormat();
  const now = useNow();
  const list = (names: readonly string[]): string => {
    const shown = names.slice(0, NAMES_SHOWN);
    const text = new Intl.ListFormat(format.locale, { type: 'conjunction' }).format(shown);
    return names.length > shown.length
      ? t('andMore', { names: shown.join(', '), count: names.length - shown.length })
      : text;
  };
  return ({ cause, target, series, of }) => {
    const count = series;
    switch (cause.kind) {
      case 'down': {
        const age = formatAge(now - cause.since, 1);
        const since = format.time(cause.since, 'clock-seconds');
        return {
          title: t('down.title', { target, age }),
          note: t('down.note', { count: cause.missed }),
          why: t('down.why', { target, since }),
        };
      }
      case 'refused': {
        const { duplicates, outOfOrder, outOfBounds, last } = cause.refused;
        const reasons = [
          duplicates > 0 ? t('refused.duplicates', { count: duplicates }) : '',
          outOfOrder > 0 ? t('refused.outOfOrder', { count: outOfOrder }) : '',
          outOfBounds > 0 ? t('refused.outOfBounds', { count: outOfBounds }) : '',
        ].filter((sentence) => sentence !== '');
        return {
          title: t('refused.title', { count: duplicates + outOfOrder + outOfBounds, target }),
          note: t('refused.note', { time: format.time(last ?? now, 'clock-seconds') }),
          // Whole sentences, one after the other.
          why: reasons.join(format.locale.startsWith('zh') ? '' : ' '),
        };
      }
      case 'flat':
        return {
          title: t('flat.title', { count }),
          note: t('flat.note', { metric: cause.metric, target }),
          why: t('flat.why', { metric: cause.metric, target, scrapes: format.count(cause.scrapes) }),
        };
      case 'growing':
        return {
          title: t('growing.title', { metric: cause.metric }),
          note: t('growing.note', { count: cause.fresh, target }),
          why: t('growing.why', { metric: cause.metric, label: cause.label, values: format.count(cause.values) }),
        };
      case 'wide':
        return {
          title: t('wide.title', { label: cause.label, values: format.count(cause.values) }),
          note: t('wide.note', { metric: cause.metric, target }),
          why: t('wide.why', { metric: cause.metric, label: cause.label, values: format.count(cause.values) }),
        };
      case 'nan':
        return {
          title: t('nan.title', { count }),
          note: t('nan.note', { names: list(cause.metrics), target }),
          why: t('nan.why', { names: list(cause.metrics), target }),
        };
      case 'own-reports': {
        const share = format.value(of > 0 ? series / of : null, 'ratio').text;
        return {
          title: t('own.title', { count }),
          note: t('own.note', { target, share }),
          why: t('own.why', { names: list(cause.metrics), target }),
        };
      }
      case 'no-type':
        return {
          title: t('noType.title', { count: cause.metrics.length, target }),
          note: t('noType.note', { count: cause.series }),
          why: t('noType.why', { names: list(cause.metrics) }),
        };
      case 'no-help':
        return {
          title: t('noHelp.title', { count: cause.metrics.length }),
          note: t('noHelp.note', { target }),
          why: t('noHelp.why', { names: list(cause.metrics) }),
        };
    }
  };
}
