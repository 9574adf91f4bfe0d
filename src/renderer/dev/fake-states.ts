import type { ConnectionState, ErrorDetail, MethodName, StatusView, TopicName } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';

/** What is wrong, missing or slow in a made-up core, besides its targets. */
export interface FakeState {
  /** Names a list of targets of SCENARIOS. */
  readonly targets: string;
  /** Samples there are of so long before the start; all there ever were when left out. */
  readonly since?: Millis;
  /** No scrape for so long. */
  readonly silentFor?: Millis;
  readonly status?: Partial<StatusView>;
  readonly fails?: Partial<Record<MethodName, ErrorDetail>>;
  /** Never answers. */
  readonly waits?: readonly (MethodName | TopicName)[];
  readonly connection?: ConnectionState;
  /** Stands in a desktop's window. */
  readonly desktop?: boolean;
  /** Quality has found nothing. */
  readonly tidy?: boolean;
}

/** States by name, for `?fake=NAME`; a name of SCENARIOS is the state in which nothing is wrong. */
export const STATES: Readonly<Record<string, FakeState>> = {
  starting: { targets: '', since: -1 },
  learning: { targets: '', since: 50_000 },
  stale: { targets: '', silentFor: 47_000 },
  loading: {
    targets: '',
    waits: [
      'targets',
      'page',
      'live',
      'status',
      'query.range',
      'query.instant',
      'quality.get',
      'config',
      'metadata.list',
    ],
  },
  lost: { targets: '', connection: 'lost' },
  restarting: { targets: '', desktop: true, connection: 'lost' },
  desktop: { targets: '', desktop: true },
  'disk-full': {
    targets: '',
    status: { storage: { kind: 'full', message: '/home/you/.local/share/hearth/store.db: the disk is full' } },
  },
  damaged: {
    targets: '',
    status: { storage: { kind: 'damaged', message: 'frame 1041 is damaged; its samples are left out' } },
  },
  'config-problem': {
    targets: '',
    status: { configProblem: { message: 'unknown field "scrape_intervall"', line: 12, column: 5 } },
  },
  'query-failed': {
    targets: '',
    fails: {
      'query.range': {
        kind: 'query-execution',
        message: 'multiple matches for labels: many-to-one matching must be explicit',
      },
      'quality.get': { kind: 'internal', message: 'cannot read the index' },
      'metadata.list': { kind: 'internal', message: 'cannot read the index' },
    },
  },
  'query-slow': { targets: '', waits: ['query.range'] },
  refused: {
    targets: '',
    fails: {
      'config.apply': {
        kind: 'config-invalid',
        file: 'prometheus.yml',
        problems: [
          {
            message: 'scrape timeout greater than scrape interval for scrape config with job name "shop-api"',
            line: 7,
            column: 5,
          },
        ],
      },
    },
  },
  tidy: { targets: '', tidy: true },
};
