import { baseName } from './units.ts';

/** What fits a chart cell of 300 px. */
const LONGEST = 44;

const UNIT_ENDING = /_(?:bytes|seconds|ratio|celsius|timestamp|percent)$/;

/** Words that are written in one way only. */
const SPELLING: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  io: 'I/O',
  gc: 'GC',
  http: 'HTTP',
  grpc: 'gRPC',
  rpc: 'RPC',
  tcp: 'TCP',
  udp: 'UDP',
  icmp: 'ICMP',
  ip: 'IP',
  dns: 'DNS',
  tls: 'TLS',
  sql: 'SQL',
  fds: 'file descriptors',
  fd: 'file descriptor',
  id: 'ID',
  rss: 'RSS',
  os: 'OS',
  tsdb: 'TSDB',
  wal: 'WAL',
  nodejs: 'Node.js',
};

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The first clause, without the words that say nothing in a title. */
function firstClause(help: string): string {
  return help
    .trim()
    .split(/(?:[.;:](?:\s|$))|(?:\s[-–(])|,\s/, 1)[0]
    .trim()
    .replace(/^(?:the\s+)?(?:(?:total|current)\s+)?(?:number|count|amount|value)\s+of\s+(?:the\s+)?/i, '')
    .replace(/^(?:the|total|current)\s+/i, '')
    .replace(/\s+in\s+(?:bytes|seconds|celsius)$/i, '');
}

/** HELP that only repeats the metric's name says nothing. */
function isPlain(clause: string): boolean {
  return clause.length >= 4 && clause.length <= LONGEST && !/[_{}/<>#=]|[a-z][A-Z]|information field/.test(clause);
}

/** `node_vmstat_pgpgin` with prefix `node_` is `Vmstat pgpgin`; camel case is taken apart. */
export function titleFromName(name: string, prefix: string): string {
  let rest = baseName(name).replace(UNIT_ENDING, '');
  if (prefix !== '' && rest.startsWith(prefix) && rest.length > prefix.length) rest = rest.slice(prefix.length);
  const words = rest
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[_:.\s]+/)
    .filter((word) => word !== '')
    .map((word) => SPELLING[word.toLowerCase()] ?? (/^[A-Z0-9]+$/.test(word) ? word : word.toLowerCase()));
  return capitalise(words.join(' ')) || name;
}

/**
 * The chart's title: the first clause of HELP if it is short and plain, else the name in words.
 * @param shared clauses that several families begin with: they tell nothing apart
 */
export function titleOf(name: string, help: string, prefix: string, shared: ReadonlySet<string>): string {
  const clause = firstClause(help);
  return isPlain(clause) && !shared.has(clause) ? capitalise(clause) : titleFromName(name, prefix);
}

/** First clauses that more than one of the texts has. */
export function sharedClauses(helps: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const clause of helps.map(firstClause)) {
    if (seen.has(clause)) shared.add(clause);
    seen.add(clause);
  }
  return shared;
}

/** The first part of the names (`node_`) where most of a target's families share it; else ''. */
export function commonPrefix(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const cut = name.indexOf('_');
    if (cut > 0) counts.set(name.slice(0, cut + 1), (counts.get(name.slice(0, cut + 1)) ?? 0) + 1);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best !== undefined && best[1] >= 3 && best[1] * 2 >= names.length ? best[0] : '';
}
