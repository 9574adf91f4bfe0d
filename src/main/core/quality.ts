import type { QualityView } from '#shared/contract/index.ts';
import { getLabel, type Matcher } from '#shared/model/index.ts';
import { qualityView } from '#main/insight/index.ts';
import type { RequestParts } from './requests.ts';
import { withQuerier } from './selection.ts';
import { breathe } from './timers.ts';

/** What is stored and what of it is not worth it, as of now. */
export async function makeQuality(parts: RequestParts): Promise<QualityView> {
  const { effects, scrape, storage, preferences } = parts;
  const now = effects.now();
  const stats = storage.stats();
  return qualityView({
    now,
    targets: scrape.targets().active,
    metadata: storage.metadata(),
    samplesPerSecond: scrape.stats().samplesPerSecond,
    storeBytes: stats.fileBytes,
    oldest: stats.minTime,
    freeBytes: await parts.freeBytes(),
    retention: parts.retention().time,
    queries: preferences.get().queryHistory.map(({ expr }) => expr),
    select: (target, start) => {
      const matchers = ['job', 'instance'].map((name): Matcher => {
        return { name, type: '=', value: getLabel(target.labels, name) };
      });
      return withQuerier(storage, (querier) => querier.select(matchers, start, now));
    },
    breathe,
  });
}
