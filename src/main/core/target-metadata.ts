import type { MethodParams, MethodResults } from '#shared/contract/index.ts';
import { compileMatcher, getLabel } from '#shared/model/index.ts';
import type { ScrapeManager } from '#main/scrape/index.ts';
import type { Storage } from '#main/storage/index.ts';
import { readSelector } from './selection.ts';

/** What the targets that a selector matches say of their metrics. @throws HearthError query-parse */
export function targetMetadata(
  scrape: ScrapeManager,
  storage: Pick<Storage, 'metadataOf'>,
  { selector, family, limit = Infinity }: MethodParams<'targets.metadata'>,
): MethodResults['targets.metadata'] {
  const matchers =
    selector === '' ? [] : readSelector(selector).map((matcher) => [matcher.name, compileMatcher(matcher)] as const);
  const entries: MethodResults['targets.metadata']['entries'][number][] = [];
  for (const { id, labels } of scrape.targets().active) {
    if (entries.length >= limit) break;
    if (!matchers.every(([name, matcher]) => matcher.matches(getLabel(labels, name)))) continue;
    for (const entry of storage.metadataOf(id))
      if (family === undefined || entry.family === family) entries.push({ ...entry, target: labels });
  }
  return { entries };
}
