import { closest } from './closest.ts';

/** How a flag's value is read. */
type FlagKind = 'text' | 'list' | 'switch';

interface FlagSpec {
  readonly kind: FlagKind;
  readonly value: string;
  readonly help: string;
  /** Taken so that Prometheus's command lines work; it has no effect here. */
  readonly ignored?: {
    /** What happens instead, for who asked for something else. */
    readonly instead: string;
    /** The value that asks for just that; any other one is warned about. */
    readonly fulfilled?: string;
  };
}

/** Prometheus's own flags and a few of ours, without dashes. `value` is the default; '' means it is worked out. */
export const FLAGS: Readonly<Record<string, FlagSpec>> = {
  'config.file': {
    kind: 'text',
    value: '',
    help: 'Configuration file. Without it: prometheus.yml in --storage.tsdb.path, or in the data folder.',
  },
  'config.auto-reload': {
    kind: 'switch',
    value: 'true',
    help: 'Notices changes of the configuration by itself.',
    ignored: { instead: 'changes of the configuration are always noticed', fulfilled: 'true' },
  },
  'config.auto-reload-interval': {
    kind: 'text',
    value: '30s',
    help: 'How often to look for changes of the configuration.',
    ignored: { instead: 'changes of the configuration are noticed at once' },
  },
  'storage.tsdb.path': {
    kind: 'text',
    value: '',
    help: 'Folder of the store and of all else that is kept. Without it: in the data folder.',
  },
  'storage.tsdb.retention.time': { kind: 'text', value: '', help: 'How long samples are kept, such as 15d.' },
  'storage.tsdb.retention.size': { kind: 'text', value: '', help: 'How large the store may grow, such as 10GB.' },
  'storage.tsdb.no-lockfile': {
    kind: 'switch',
    value: 'false',
    help: 'Opens the store without a lock.',
    ignored: { instead: 'the store is always locked', fulfilled: 'false' },
  },
  'web.listen-address': { kind: 'list', value: '127.0.0.1:9099', help: 'Address to listen on; may be repeated.' },
  'web.external-url': { kind: 'text', value: '', help: 'Address under which others reach Hearth, behind a proxy.' },
  'web.enable-lifecycle': { kind: 'switch', value: 'false', help: 'Allows reload and quit over HTTP.' },
  'web.enable-admin-api': {
    kind: 'switch',
    value: 'false',
    help: 'Allows deleting series and importing samples over HTTP.',
  },
  'web.enable-remote-write-receiver': {
    kind: 'switch',
    value: 'false',
    help: 'Takes samples sent by remote write.',
  },
  'web.open-access': {
    kind: 'switch',
    value: 'false',
    help: 'Lets anyone who reaches the address read, without a token. Not for open networks.',
  },
  'web.console.templates': {
    kind: 'text',
    value: '',
    help: 'Folder of console templates.',
    ignored: { instead: 'there are no consoles' },
  },
  'web.console.libraries': {
    kind: 'text',
    value: '',
    help: 'Folder of console libraries.',
    ignored: { instead: 'there are no consoles' },
  },
  'web.page-title': { kind: 'text', value: '', help: 'Title of the pages.', ignored: { instead: 'the title stays' } },
  'web.max-connections': { kind: 'text', value: '512', help: 'Connections at the same time.' },
  'web.read-timeout': {
    kind: 'text',
    value: '5m',
    help: 'How long a request may take to arrive, or a connection idle.',
  },
  'query.lookback-delta': { kind: 'text', value: '5m', help: 'How far back an instant looks for a sample.' },
  'query.timeout': { kind: 'text', value: '2m', help: 'How long a query may take.' },
  'query.max-concurrency': { kind: 'text', value: '20', help: 'Queries that run at the same time.' },
  'query.max-samples': { kind: 'text', value: '50000000', help: 'Samples that one query may hold in memory.' },
  'enable-feature': { kind: 'list', value: '', help: 'Experimental features, separated by commas.' },
  'log.level': { kind: 'text', value: 'info', help: 'debug, info, warn or error.' },
  'log.format': { kind: 'text', value: 'logfmt', help: 'logfmt or json.' },
};

/** Short forms of Prometheus's own. */
const ALIASES: Readonly<Record<string, string>> = { '-h': '--help' };

export type FlagValues = ReadonlyMap<string, readonly string[]>;

export type ParsedFlags =
  | { readonly kind: 'values'; readonly values: FlagValues }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'error'; readonly message: string };

function unknownFlag(name: string): string {
  const near = closest(name, Object.keys(FLAGS));
  return near === null ? `unknown flag --${name}` : `unknown flag --${name}; did you mean --${near}?`;
}

/** Reads `--name=value`, `--name value`, `--switch` and `--no-switch`. */
export function parseFlags(argv: readonly string[]): ParsedFlags {
  const values = new Map<string, string[]>();
  for (let i = 0; i < argv.length; i++) {
    const argument = ALIASES[argv[i]] ?? argv[i];
    if (argument === '--help') return { kind: 'help' };
    if (argument === '--version') return { kind: 'version' };
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
    if (match === null) return { kind: 'error', message: `unexpected argument ${JSON.stringify(argument)}` };
    const [, written, inline] = match as unknown as [string, string, string | undefined];
    const negated = written.startsWith('no-') && FLAGS[written.slice(3)]?.kind === 'switch';
    const name = negated ? written.slice(3) : written;
    if (!Object.hasOwn(FLAGS, name)) return { kind: 'error', message: unknownFlag(written) };
    const spec = FLAGS[name];
    let value = inline;
    if (spec.kind === 'switch') {
      if (value !== undefined && value !== 'true' && value !== 'false')
        return { kind: 'error', message: `--${name} is true or false, not ${JSON.stringify(value)}` };
      value = String((value ?? 'true') === 'true' ? !negated : negated);
    } else if (value === undefined) {
      i++;
      if (i >= argv.length) return { kind: 'error', message: `--${name} needs a value` };
      value = argv[i];
    }
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else if (spec.kind === 'list') before.push(value);
    else return { kind: 'error', message: `--${name} is given more than once` };
  }
  return { kind: 'values', values };
}

/** The list of all flags for `--help`. */
export function describeFlags(): string {
  const lines = Object.entries(FLAGS).map(([name, { kind, value, help, ignored }]) => {
    const form = kind === 'switch' ? `--[no-]${name}` : `--${name}=${value === '' ? '...' : value}`;
    return `  ${form.padEnd(44)} ${help}${ignored === undefined ? '' : ` (accepted, without effect: ${ignored.instead})`}`;
  });
  return lines.join('\n');
}
