import type { DiscoveryOptions, TargetGroup } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';
import { from, readJsonGroups, readYamlGroups } from './group-list.ts';

/**
 * Targets listed in files, JSON or YAML, read again when they change and at every refresh interval. A file that cannot be read keeps what it
 * said before; one that is gone takes its targets along.
 */
export function fileDiscovery(options: DiscoveryOptions<'file'>, deps: DiscoveryDeps): Discovery {
  let known: ReadonlyMap<string, readonly TargetGroup[]> = new Map();

  async function refresh(): Promise<readonly TargetGroup[]> {
    const next = new Map<string, readonly TargetGroup[]>();
    const problems: string[] = [];
    const paths = new Set(options.files.flatMap((pattern) => deps.files.glob(pattern)));
    for (const path of paths) {
      try {
        const text = await deps.files.read(path);
        if (text === null) continue;
        const list = path.toLowerCase().endsWith('.json') ? readJsonGroups(text) : readYamlGroups(text);
        next.set(path, from(list, path, '__meta_filepath'));
      } catch (error) {
        problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
        next.set(path, known.get(path) ?? []);
      }
    }
    known = next;
    deps.report(problems.length === 0 ? null : problems.join('\n'));
    return [...next.values()].flat();
  }

  return {
    async run(update, signal) {
      let wake = new AbortController();
      const stopWatching = deps.files.watch(options.files, () => wake.abort());
      try {
        while (!signal.aborted) {
          wake = new AbortController();
          const groups = await refresh();
          if (signal.aborted) break;
          update(groups);
          await deps.sleep(options.refreshInterval, AbortSignal.any([signal, wake.signal]));
        }
      } finally {
        stopWatching();
      }
    },
  };
}
