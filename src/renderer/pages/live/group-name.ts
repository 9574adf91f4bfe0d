import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { CHART_GROUPS } from '#shared/contract/index.ts';

/** What a group of charts is called: the core's name of it in the words of the interface. */
export function groupName(t: TFunction<'live'>, group: string): string {
  const known = CHART_GROUPS.find((name) => name === group);
  return known === undefined ? group : t(`group.${known}`);
}

export function useGroupName(): (group: string) => string {
  const { t } = useTranslation('live');
  return useCallback((group) => groupName(t, group), [t]);
}
