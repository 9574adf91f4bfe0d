import type { Endpoint } from './context.ts';
import { dataResponse } from './response.ts';

export const buildInfo: Endpoint = ({ api }) => {
  // Grafana and others read the version to know what they talk to; the other keys are there because they always are.
  const info = { version: api.version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' };
  return dataResponse((out) => out.value(info));
};

export const flags: Endpoint = ({ api }) => dataResponse((out) => out.value(api.flags));

export const config: Endpoint = async ({ api, signal }) => {
  const { yaml } = await api.core.request('status.config', {}, { signal });
  return dataResponse((out) => out.value({ yaml }));
};

export const runtimeInfo: Endpoint = async ({ api, signal }) => {
  const runtime = await api.core.request('status.runtime', {}, { signal });
  const info = {
    startTime: new Date(api.startedAt).toISOString(),
    CWD: runtime.workingDirectory,
    hostname: runtime.hostname,
    serverTime: new Date(api.now()).toISOString(),
    reloadConfigSuccess: runtime.reloadSuccess,
    lastConfigTime: new Date(runtime.lastReload).toISOString(),
    corruptionCount: 0,
    goroutineCount: 0,
    GOMAXPROCS: runtime.cpus,
    GOMEMLIMIT: 0,
    GOGC: '',
    GODEBUG: '',
    storageRetention: runtime.retention,
  };
  return dataResponse((out) => out.value(info));
};

export const tsdb: Endpoint = async ({ api, parameters, signal }) => {
  const limit = parameters.limit() || 10;
  const view = await api.core.request('status.tsdb', { limit: Math.min(limit, 10_000) }, { signal });
  const pairs = (list: readonly (readonly [name: string, value: number])[]): unknown =>
    list.map(([name, value]) => ({ name, value }));
  const data = {
    headStats: {
      numSeries: view.series,
      numLabelPairs: view.labelPairs,
      chunkCount: view.series,
      minTime: view.minTime ?? 0,
      maxTime: view.maxTime ?? 0,
    },
    seriesCountByMetricName: pairs(view.seriesByMetric),
    labelValueCountByLabelName: pairs(view.valuesByLabel),
    memoryInBytesByLabelName: pairs(view.bytesByLabel),
    seriesCountByLabelValuePair: pairs(view.seriesByPair),
  };
  return dataResponse((out) => out.value(data));
};

/** Hearth's own: what became of samples since the start, and the state of the downsampled tiers. */
export const store: Endpoint = async ({ api, signal }) => {
  const view = await api.core.request('status.tsdb', { limit: 1 }, { signal });
  const data = {
    ingestStats: {
      outOfOrderSamples: view.outOfOrderSamples,
      outOfOrderSamplesAppended: view.lateSamples,
      duplicateSamples: view.duplicateSamples,
      tooOldSamples: view.tooOldSamples,
    },
    tiers: view.tiers,
  };
  return dataResponse((out) => out.value(data));
};

/** Samples lie in frames of one file: there are no blocks. */
export const tsdbBlocks: Endpoint = () => dataResponse((out) => out.value({ blocks: [] }));

/** Who can ask finds the journal replayed: the server answers from then on. */
export const walReplay: Endpoint = () => dataResponse((out) => out.value({ min: 0, max: 0, current: 0 }));

/** What went wrong is told in the pages and the log; there are no notices to be dismissed. */
export const notifications: Endpoint = () => dataResponse((out) => out.value([]));

/** Names of `--enable-feature`. */
export const features: Endpoint = ({ api }) => {
  const names = (api.flags['enable-feature'] ?? '').split(',').filter((name) => name !== '');
  return dataResponse((out) => out.value(names));
};
