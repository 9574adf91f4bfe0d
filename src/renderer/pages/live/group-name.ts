import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** The core's names of groups, in the words of the interface. */
const GROUPS = [
  'CPU',
  'Memory',
  'Traffic',
  'Latency',
  'Errors',
  'Disk',
  'Filesystem',
  'Network',
  'Queues',
  'System',
  'Sensors',
  'Other',
  'Runtime',
  'Scrape',
  'Details',
] as const;

/** What a group of charts is called. */
export function groupName(t: TFunction<'live'>, group: string): string {
  const known = GROUPS.find((name) => name === group);
  return known === undefined ? group : t(`group.${known}`);
}

export function useGroupName(): (group: string) => string {
  const { t } = useTranslation('live');
  return useCallback((group) => groupName(t, group), [t]);
}
