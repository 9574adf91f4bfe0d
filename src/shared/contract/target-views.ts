import type { Labels, Millis } from '../model/index.ts';

export type TargetHealth = 'up' | 'down' | 'unknown' | 'paused';

/** Why a scrape failed, by kind; words are made in the renderer, `message` is what the API shows. */
export interface ScrapeFailure {
  readonly kind:
    | 'refused'
    | 'timeout'
    | 'dns'
    | 'tls'
    | 'unauthorized'
    | 'status'
    | 'redirect'
    | 'content-type'
    | 'parse'
    | 'limit'
    | 'body-size'
    | 'closed'
    | 'other';
  readonly message: string;
  /** HTTP status of the answer, if there was one. */
  readonly status: number | null;
  /** Line of the body that does not parse (1-based), if that is the reason. */
  readonly line: number | null;
}

/** Samples that a target served and that were not stored, since Hearth began to scrape it. */
export interface RefusedSamples {
  /** Of a series and time that were there already, in the body or in the store. */
  readonly duplicates: number;
  /** Older than what is stored of their series. */
  readonly outOfOrder: number;
  /** Too old, or too far in the future. */
  readonly outOfBounds: number;
  /** When the last of them were served; null when none was. */
  readonly last: Millis | null;
}

/** One active target as the UI shows it. */
export interface TargetView {
  /** Stable while the target's labels and URL do not change. */
  readonly id: string;
  /** Job name: the scrape pool. */
  readonly job: string;
  /** What to call it: the job name where the job has one target, else the instance. */
  readonly name: string;
  readonly url: string;
  readonly labels: Labels;
  readonly discoveredLabels: Labels;
  readonly health: TargetHealth;
  /** Since when the health is what it is; null before the first scrape. */
  readonly since: Millis | null;
  readonly lastScrape: Millis | null;
  /** When the last scrape that succeeded was made; null when none did since Hearth started. */
  readonly lastAnswer: Millis | null;
  /** Milliseconds. */
  readonly lastDuration: number | null;
  readonly lastSamples: number | null;
  readonly lastBodyBytes: number | null;
  readonly refused: RefusedSamples;
  readonly lastError: ScrapeFailure | null;
  readonly nextScrape: Millis | null;
  readonly interval: Millis;
  /** Each how many intervals it is scraped: more than one while there is too much to do. */
  readonly stretch: number;
  readonly timeout: Millis;
  /** The last 60 scrapes, oldest first: duration in ms, negative where it failed. */
  readonly pulse: Float32Array;
  /** This computer itself, scraped without HTTP. */
  readonly builtin: boolean;
}

export interface TargetsView {
  readonly active: readonly TargetView[];
  readonly droppedByJob: Readonly<Record<string, number>>;
}

/** Something that discovery found and nothing scrapes. */
export interface DroppedTargetView {
  readonly job: string;
  readonly discovered: Labels;
}

/** What a job's discovery finds. */
export interface DiscoverView {
  /** The first ones, in the order they were found. */
  readonly targets: readonly {
    readonly discovered: Labels;
    /** Null where relabelling drops it, or its labels make no target. */
    readonly url: string | null;
  }[];
  readonly total: number;
  /** How many of all would be scraped. */
  readonly kept: number;
  /** Why a way of finding targets found nothing, in its words. */
  readonly problems: readonly string[];
  readonly millis: number;
}

export interface KubeContextsView {
  /** The file that was read. */
  readonly path: string;
  readonly current: string;
  readonly contexts: readonly KubeContext[];
  /** Why there are none; null when there are. */
  readonly problem: string | null;
}

/** One way into a cluster that a kubeconfig file describes. */
export interface KubeContext {
  readonly name: string;
  readonly server: string;
  readonly namespace: string;
  /** The program that gives the credentials; '' where none is needed. */
  readonly program: string;
}

export interface TargetBodyView {
  readonly failure: ScrapeFailure | null;
  /** As text, cut where it is very long; '' where it is none (protobuf) or there is none. */
  readonly text: string;
  readonly bytes: number;
  readonly cut: boolean;
  /** `text`, `openmetrics`, `protobuf`, ..; null where nothing was read. */
  readonly format: string | null;
  readonly millis: number;
}

/** Something on this machine that answers on /metrics. */
export interface FoundTarget {
  readonly url: string;
  /** A guess by its metrics: `node_exporter`, `Prometheus`, ... or the host and port. */
  readonly looksLike: string;
  readonly series: number;
  /** Job that watches it already, or null. */
  readonly watchedBy: string | null;
}
