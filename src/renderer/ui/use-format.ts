import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Unit } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { usePreferences } from '#renderer/data/index.ts';
import { formatTime, type TimeStyle, type TimeZoneChoice } from './format-time.ts';
import { decimalFormat, formatCount, formatValue, NO_VALUE, type FormattedValue } from './format-value.ts';

/** Numbers and times in the person's language and zone. */
export interface Format {
  readonly locale: string;
  readonly zone: TimeZoneChoice;
  readonly value: (value: number | null | undefined, unit: Unit) => FormattedValue;
  readonly count: (value: number) => string;
  /** How many times: two digits, whole from ten on. */
  readonly ratio: (value: number) => string;
  readonly time: (time: Millis, style: TimeStyle) => string;
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  const { preferences } = usePreferences();
  const locale = i18n.language;
  const zone = preferences.timeZone;
  return useMemo(
    () => ({
      locale,
      zone,
      value: (value, unit) => {
        if (unit !== 'timestamp') return formatValue(value, unit, locale);
        if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE;
        const text = formatTime(value * 1000, 'date-time', locale, zone);
        return { number: text, unit: '', text };
      },
      count: (value) => formatCount(value, locale),
      ratio: (value) => decimalFormat(locale, value >= 9.95 ? 0 : value >= 0.095 ? 1 : 2).format(value),
      time: (time, style) => formatTime(time, style, locale, zone),
    }),
    [locale, zone],
  );
}
