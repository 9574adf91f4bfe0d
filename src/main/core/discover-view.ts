import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { DiscoverView, JobForm, KubeContextsView } from '#shared/contract/index.ts';
import type { ConfigStore } from '#main/config/index.ts';
import { kubeContexts, lookOnce, type DiscoveryDeps } from '#main/discovery/index.ts';
import { previewTargets } from '#main/scrape/index.ts';

/** So many targets are told one by one. */
const SHOWN = 200;
const TIMEOUT = 20_000;

export type DiscoverDeps = Omit<DiscoveryDeps, 'report' | 'kubeContext'> & { monotonic(): number };

/** What the discovery of a draft finds, and what its rules make of it. @throws HearthError config-invalid */
export async function discoverView(
  config: ConfigStore,
  form: JobForm,
  deps: DiscoverDeps,
  signal: AbortSignal,
): Promise<DiscoverView> {
  const started = deps.monotonic();
  const draft = config.draft(form);
  const mechanisms = draft.config.discovery.filter(({ kind }) => kind !== 'static');
  const { groups, problems } = await lookOnce(
    mechanisms,
    { ...deps, kubeContext: draft.own.kubeContext },
    (stop) => deps.sleep(TIMEOUT, stop),
    signal,
  );
  const targets = previewTargets(draft.config, groups);
  return {
    targets: targets.slice(0, SHOWN),
    total: targets.length,
    kept: targets.filter(({ url }) => url !== null).length,
    problems,
    millis: deps.monotonic() - started,
  };
}

/** The contexts of a kubeconfig file; without a path of the first file that kubectl would take. */
export async function kubeContextsView(
  path: string,
  { files, env }: Pick<DiscoveryDeps, 'files' | 'env'>,
): Promise<KubeContextsView> {
  const named = (env.KUBECONFIG ?? '').split(delimiter).find((file) => file !== '');
  const file = path || named || join(homedir(), '.kube', 'config');
  try {
    return { path: file, ...(await kubeContexts(file, files)), problem: null };
  } catch (error) {
    return { path: file, current: '', contexts: [], problem: (error as Error).message };
  }
}
