import { describe, expect, test } from 'vitest';
import { parseListenAddress } from '#main/web/index.ts';
import { parseFlags } from '../../../src/main/headless/flags.ts';
import { readServeOptions } from '../../../src/main/headless/serve-options.ts';

const environment = {
  folders: { data: '/home/me/.local/share/hearth', config: '/home/me/.config/hearth' },
  workingDirectory: '/work-dir',
  version: '1.0.0',
};

function options(argv: readonly string[]) {
  const parsed = parseFlags(argv);
  if (parsed.kind !== 'values') throw new Error(JSON.stringify(parsed));
  const result = readServeOptions(parsed.values, environment);
  if (!result.ok) throw new Error(result.message);
  return result.options;
}

describe('flags', () => {
  test('values are joined by = or follow; lists repeat; switches need no value', () => {
    const parsed = parseFlags([
      '--config.file=a=b.yml',
      '--storage.tsdb.path',
      'data dir',
      '--web.listen-address=:1',
      '--web.listen-address',
      ':2',
      '--web.enable-lifecycle',
      '--no-web.enable-admin-api',
    ]);
    expect(parsed.kind === 'values' && Object.fromEntries(parsed.values)).toEqual({
      'config.file': ['a=b.yml'],
      'storage.tsdb.path': ['data dir'],
      'web.listen-address': [':1', ':2'],
      'web.enable-lifecycle': ['true'],
      'web.enable-admin-api': ['false'],
    });
  });

  test.each([
    [['--web.listen-adress=:1'], 'unknown flag --web.listen-adress; did you mean --web.listen-address?'],
    [['--frobnicate'], 'unknown flag --frobnicate'],
    [['--config.file'], '--config.file needs a value'],
    [['--config.file=a', '--config.file=b'], '--config.file is given more than once'],
    [['--web.enable-lifecycle=maybe'], '--web.enable-lifecycle is true or false, not "maybe"'],
    [['extra'], 'unexpected argument "extra"'],
    [['--__proto__=1'], 'unknown flag --__proto__'],
  ])('%j', (argv, message) => {
    expect(parseFlags(argv)).toEqual({ kind: 'error', message });
  });

  test('without flags: the data folder of the account, loopback only, this computer watched', () => {
    const { core, listen, flags } = options([]);
    expect(core).toMatchObject({
      configPath: '/home/me/.local/share/hearth/prometheus.yml',
      configNamed: false,
      dataPath: '/home/me/.local/share/hearth/data',
      lookback: 300_000,
      queryTimeout: 120_000,
      maxSamples: 50_000_000,
      retention: { time: '', size: '' },
    });
    expect(listen).toEqual([{ host: '127.0.0.1', port: 9099 }]);
    expect(flags['web.listen-address']).toBe('127.0.0.1:9099');
  });

  test('paths are relative to where one stands; features are split at commas', () => {
    const { core } = options([
      '--config.file=p.yml',
      '--storage.tsdb.path=d',
      '--enable-feature=a,b',
      '--enable-feature=c',
    ]);
    expect(core).toMatchObject({ configPath: '/work-dir/p.yml', configNamed: true, dataPath: '/work-dir/d' });
    expect(core.features).toEqual(['a', 'b', 'c']);
  });

  test('a store of its own takes everything with it: nothing of the account is touched', () => {
    const { core, tokenPath, flags } = options(['--storage.tsdb.path=/srv/d']);
    expect(core).toMatchObject({
      configPath: '/srv/d/prometheus.yml',
      configNamed: false,
      dataPath: '/srv/d',
      preferencesPath: '/srv/d',
    });
    expect(tokenPath).toBe('/srv/d/session-token');
    expect(flags['config.file']).toBe('/srv/d/prometheus.yml');
    const named = options(['--storage.tsdb.path=/srv/d', '--config.file=/etc/p.yml']).core;
    expect(named).toMatchObject({ configPath: '/etc/p.yml', configNamed: true, dataPath: '/srv/d' });
  });

  test.each([
    [['--web.enable-remote-write-receiver'], []],
    [['--storage.tsdb.no-lockfile'], [/always locked/]],
    [['--no-config.auto-reload'], [/always noticed/]],
    [['--config.auto-reload', '--no-storage.tsdb.no-lockfile'], []],
    [
      ['--web.console.templates=c', '--web.page-title=t'],
      [/^--web.console.templates has no effect/, /^--web.page-title has/],
    ],
    [['--enable-feature=promql-experimental-functions,promql-duration-expr,auto-reload-config'], []],
    [['--enable-feature=promql-experimental-function'], [/did you mean promql-experimental-functions\?/]],
    [['--enable-feature=memory-snapshot-on-shutdown'], [/^--enable-feature=memory-snapshot-on-shutdown has no effect/]],
    [['--query.timeout=1m', '--web.enable-lifecycle'], []],
  ])('%j: what has no effect is said', (argv, said) => {
    expect(options(argv).withoutEffect).toEqual(said.map((text) => expect.stringMatching(text) as unknown));
  });

  test.each([
    ['--query.timeout=soon', '--query.timeout is a duration such as 5m, not "soon"'],
    ['--query.max-samples=-1', '--query.max-samples is a whole number above 0, not "-1"'],
    ['--log.level=loud', '--log.level is one of debug, info, warn, error, not "loud"'],
    ['--web.listen-address=9099', '--web.listen-address is host:port, not "9099"'],
    ['--web.external-url=example.org', '--web.external-url is an http or https address, not "example.org"'],
  ])('%s is refused', (flag, message) => {
    expect(() => options([flag])).toThrow(message);
  });

  test('addresses', () => {
    expect(parseListenAddress(':9090')).toEqual({ host: '0.0.0.0', port: 9090 });
    expect(parseListenAddress('[::1]:80')).toEqual({ host: '::1', port: 80 });
    expect(parseListenAddress('localhost:0')).toEqual({ host: 'localhost', port: 0 });
    expect(parseListenAddress('a:70000')).toBeNull();
    expect(parseListenAddress('::1:80')).toBeNull();
  });
});
