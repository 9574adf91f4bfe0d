/** The groups that the core puts charts into, in the order they are shown. A chart of a later core may name another. */
export const CHART_GROUPS = [
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

export type ChartGroup = (typeof CHART_GROUPS)[number];
