import type { Histogram, Labels, MetricMetadata, Millis } from '../model/index.ts';
import type { ConfigView, FileChange } from './config-views.ts';
import type { PageView } from './page-views.ts';
import type { Preferences } from './preferences.ts';
import type { QualityView } from './quality-views.ts';
import type { ExemplarSeries, ExplainedResult, QueryCost, QueryResult } from './results.ts';
import type { RuntimeView, StatusView, TsdbView } from './status-views.ts';
import type {
  DiscoverView,
  DroppedTargetView,
  FoundTarget,
  KubeContextsView,
  TargetBodyView,
  TargetsView,
} from './target-views.ts';
import type { TargetRelabelStep, TestScrapeView } from './test-scrape-views.ts';

/** What each method answers with, and the codes that it fails with. */
export interface MethodResults {
  /** @fails query-parse, query-execution, query-timeout, canceled */
  'query.instant': QueryResult;
  'query.range': QueryResult;
  /** Pieces of JSON in UTF-8. @fails as the above */
  'query.body': { readonly body: readonly Uint8Array[] };
  'query.explain': ExplainedResult;
  /** @fails query-parse, query-execution */
  'query.cost': QueryCost;
  /** Sorted by labels. @fails query-parse */
  'exemplars.list': { readonly series: readonly ExemplarSeries[] };
  'series.list': { readonly series: readonly Labels[]; readonly truncated: boolean };
  'labels.names': { readonly names: readonly string[]; readonly truncated: boolean };
  'labels.values': { readonly values: readonly string[]; readonly truncated: boolean };
  'metadata.list': { readonly metadata: Readonly<Record<string, readonly MetricMetadata[]>> };
  'targets.list': TargetsView;
  /** Targets that relabelling dropped, by their labels before it, as many a job as `keep_dropped_targets` allows. */
  'targets.dropped': { readonly dropped: readonly DroppedTargetView[] };
  /** Targets until there are `limit` entries; the last one whole. @fails query-parse */
  'targets.metadata': { readonly entries: readonly (MetricMetadata & { readonly target: Labels })[] };
  /** @fails not-found */
  'targets.page': PageView;
  'targets.testScrape': TestScrapeView;
  /** @fails config-invalid */
  'targets.discover': DiscoverView;
  'targets.kubeContexts': KubeContextsView;
  'targets.scrapeNow': { readonly started: boolean };
  /** What each rule of a job makes of labels, in order; ends with the one that drops them. @fails not-found */
  'targets.relabel': { readonly steps: readonly TargetRelabelStep[] };
  /** What the target answers now, by the rules of its job; nothing is stored. @fails not-found */
  'targets.body': TargetBodyView;
  'targets.find': { readonly found: readonly FoundTarget[]; readonly portsChecked: number; readonly millis: Millis };
  'config.get': ConfigView;
  /** Problems of a text that is being typed; empty when it would be accepted. */
  'config.check': Pick<ConfigView, 'problems' | 'jobs'>;
  /** What `config.apply` would write: the text of prometheus.yml, and the files that it would change. @fails config-invalid, config-conflict */
  'config.preview': {
    readonly text: string;
    readonly problems: ConfigView['problems'];
    readonly files: readonly FileChange[];
  };
  /** @fails config-invalid, config-conflict */
  'config.apply': ConfigView;
  /** Secrets are masked. */
  'config.files': { readonly prometheus: string; readonly hearth: string };
  /** Secrets that are masked are those at the same place now. @fails config-invalid, config-conflict */
  'config.save': ConfigView;
  /** Takes one change back and leaves all others, later ones too. @fails not-found, config-overlap, config-invalid */
  'config.undo': ConfigView;
  'config.reload': ConfigView;
  'status.get': StatusView;
  'quality.get': QualityView;
  /** The configuration that is running, secrets masked. */
  'status.config': { readonly yaml: string };
  /** The job of a pool as it is in force, defaults filled in and secrets masked. @fails not-found */
  'status.poolConfig': { readonly yaml: string };
  'status.runtime': RuntimeView;
  'status.tsdb': TsdbView;
  /** Hearth's own metrics in text format 0.0.4. */
  'metrics.text': { readonly text: string };
  /** Durable when it returns. @fails storage */
  'import.samples': { readonly stored: number; readonly tooOld: number };
  /** Durable when it returns; what is refused is counted, the rest is stored. @fails storage */
  'write.samples': {
    readonly samples: number;
    readonly histograms: number;
    readonly exemplars: number;
    readonly outOfOrder: number;
    readonly duplicate: number;
    readonly tooOld: number;
  };
  /** As `import.samples` takes them; series without samples are left out. */
  'export.samples': {
    readonly labels: readonly Labels[];
    readonly counts: Uint32Array<ArrayBuffer>;
    readonly times: Float64Array<ArrayBuffer>;
    readonly values: Float64Array<ArrayBuffer>;
    readonly histograms: readonly (Histogram | null)[] | null;
  };
  /** Bytes of the input with this key that are stored; 0 when unknown or finished. */
  'import.offset': { readonly offset: number };
  /** @fails query-parse, storage */
  'admin.deleteSeries': Record<string, never>;
  'admin.cleanTombstones': Record<string, never>;
  /** A copy of the store in a folder of its own below `snapshots` of the data folder. @fails storage */
  'admin.snapshot': { readonly name: string; readonly path: string; readonly bytes: number };
  'preferences.get': Preferences;
  'preferences.set': Preferences;
}
