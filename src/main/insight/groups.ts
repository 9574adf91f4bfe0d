import { CHART_GROUPS, type ChartGroup } from '#shared/contract/index.ts';
import type { MetricType } from '#shared/model/index.ts';

/** Groups in the order they are shown, each with the words in a name that put a family there. First match wins. */
const GROUPS: readonly (readonly [group: ChartGroup, words: RegExp])[] = [
  ['Scrape', /^(?:up$|scrape_)/],
  [
    'Runtime',
    /^(?:process|go|nodejs|jvm|python|dotnet|ruby|erlang|beam|php)_|_(?:gc|heap|goroutines?|threads|eventloop)_/,
  ],
  ['CPU', /(?:^|_)(?:cpu|load\d+|schedstat|softnet|softirqs?|interrupts|intr|context_switches|pressure_cpu)(?:_|$)/],
  ['Network', /(?:^|_)(?:network|netstat|net|sockstat|tcp|udp|arp|conntrack|nf|wifi|dns)(?:_|$)/],
  ['Memory', /(?:^|_)(?:memory|mem|swap|vmstat|pressure_memory|oom|hugepages)(?:_|$)/],
  ['Filesystem', /(?:^|_)(?:filesystem|filefd|inode|xfs|btrfs|zfs|nfs|nfsd)(?:_|$)/],
  ['Disk', /(?:^|_)(?:disk|io|pressure_io|nvme|md|storage|tsdb|journal|frames?)(?:_|$)/],
  ['Errors', /(?:^|_)(?:errors?|errs?|failures?|failed|exceptions?|rejected|dropped|timeouts?|retries|panics?)(?:_|$)/],
  ['Traffic', /(?:^|_)(?:requests?|responses?|connections?|queries|messages?|events?|hits|samples|bytes|calls)(?:_|$)/],
  ['Queues', /(?:^|_)(?:queue|queued|pending|backlog|jobs|workers|pool|inflight)(?:_|$)/],
  ['Sensors', /(?:^|_)(?:hwmon|thermal|temp|temperature|power|fan|rapl|battery|volts|amps|celsius)(?:_|$)/],
  ['System', /(?:^|_)(?:procs|processes|forks|entropy|time|timex|boot|uname|os|dmi|systemd|users|pressure)(?:_|$)/],
];

/** What scraping reports of itself. */
export const SCRAPE = 'Scrape';

/** Holds what few look for: raw counters of a kernel or runtime, and on crowded pages what does not move. */
export const DETAILS = 'Details';

/** Families that a kernel or runtime gives by the dozen. What of them is telling has its recipe; the rest is detail. */
const RAW: readonly RegExp[] = [
  /^node_(?:memory|vmstat|netstat|sockstat|softnet|schedstat|network|disk|filesystem|filefd|timex|arp|udp|xfs|btrfs|zfs|nfsd?|netdev|selinux|rapl|cooling|cpu|dmi|nvme|entropy|buddyinfo|zoneinfo|slabinfo|interrupts|softirqs|numastat|scrape)_/,
  /^go_(?:memstats|gc_gogc|gc_gomemlimit|sched|cpu_classes|memory_classes)_/,
  /^promhttp_/,
];

export function isRaw(family: string): boolean {
  return RAW.some((names) => names.test(family));
}

export function groupOf(family: string, type: MetricType): ChartGroup {
  const found = GROUPS.find(([, words]) => words.test(family))?.[0] ?? 'Other';
  const timed =
    (type === 'histogram' || type === 'summary') && /_(?:seconds|milliseconds|duration|latency)/.test(family);
  // How long something took is latency whatever else the name says; the runtime's own pauses stay with the runtime.
  return timed && found !== 'Runtime' && found !== 'Scrape' ? 'Latency' : found;
}

/** Place of a group on the page. */
export function groupRank(group: string): number {
  const order: readonly string[] = CHART_GROUPS;
  const rank = order.indexOf(group);
  return rank < 0 ? order.indexOf('Other') : rank;
}
