import { compareUtf8, type Matcher, type Millis } from '#shared/model/index.ts';
import type { Estimate, Querier, SelectRequest, SeriesSamples, TierRequest } from '#main/storage/index.ts';
import { splitSeries, type RangeSeries } from './samples.ts';
import type { TierUse } from './tiers.ts';

/** What one query reads for one set of matchers: asked for by all its selectors, read once. */
export class Selection {
  readonly matchers: readonly Matcher[];
  private start: Millis;
  private end: Millis;
  private newestOnly: boolean;
  private readonly tier: TierRequest | undefined;
  private read: readonly SeriesSamples[] | null = null;
  private split: readonly RangeSeries[] | null = null;

  /**
   * @param newestOnly only the newest sample of each series is looked at
   * @param tier what is read in place of samples
   */
  constructor(
    matchers: readonly Matcher[],
    start: Millis,
    end: Millis,
    newestOnly: boolean,
    tier: TierRequest | undefined,
  ) {
    this.matchers = matchers;
    this.start = start;
    this.end = end;
    this.newestOnly = newestOnly;
    this.tier = tier;
  }

  /** What is to be read; null where that is nothing. */
  request(): SelectRequest | null {
    const { matchers, start, end, tier } = this;
    if (end < start) return null;
    return tier === undefined ? { matchers, start, end } : { matchers, start, end, tier };
  }

  /** Takes in another time range if it touches this one, so that samples are read once. */
  extend(start: Millis, end: Millis, newestOnly: boolean): boolean {
    if (start > this.end || end < this.start) return false;
    // The newest of one range need not be that of another.
    if (!newestOnly || start !== this.start || end !== this.end) this.newestOnly = false;
    this.start = Math.min(this.start, start);
    this.end = Math.max(this.end, end);
    return true;
  }

  /** Raw series with their stale markers; those without samples are left out. */
  series(querier: Querier): readonly SeriesSamples[] {
    this.read ??=
      this.end < this.start
        ? []
        : querier.select(this.matchers, this.start, this.end, this.newestOnly, this.tier).filter((s) => s.to > s.from);
    return this.read;
  }

  /** Series as range functions see them. */
  rangeSeries(querier: Querier): readonly RangeSeries[] {
    this.split ??= this.series(querier).map(splitSeries);
    return this.split;
  }

  /** What reading it would give, from the index. */
  estimate(querier: Querier): Estimate {
    return this.end < this.start
      ? { series: 0, samples: 0 }
      : querier.estimate(this.matchers, this.start, this.end, this.tier);
  }

  stats(): Estimate {
    const read = this.read ?? [];
    return { series: read.length, samples: read.reduce((sum, s) => sum + s.to - s.from, 0) };
  }
}

/** The selections of a query; equal matchers over touching times share one. */
export class Selections {
  private readonly byMatchers = new Map<string, Selection[]>();

  /** @param use null: samples */
  request(
    matchers: readonly Matcher[],
    start: Millis,
    end: Millis,
    newestOnly: boolean,
    use: TierUse | null,
  ): Selection {
    const key = matchers
      .map(({ name, type, value }) => JSON.stringify([name, type, value]))
      .sort(compareUtf8)
      .concat(use === null ? [] : [`${use.resolution} ${use.aggregate} ${use.weighted}`])
      .join();
    let known = this.byMatchers.get(key);
    if (known === undefined) {
      known = [];
      this.byMatchers.set(key, known);
    }
    const shared = known.find((selection) => selection.extend(start, end, newestOnly));
    if (shared !== undefined) return shared;
    const tier =
      use === null ? undefined : { resolution: use.resolution, aggregate: use.aggregate, weighted: use.weighted };
    const selection = new Selection(matchers, start, end, newestOnly, tier);
    known.push(selection);
    return selection;
  }

  /** All that is to be read. */
  requests(): SelectRequest[] {
    const all: SelectRequest[] = [];
    for (const known of this.byMatchers.values())
      for (const selection of known) {
        const request = selection.request();
        if (request !== null) all.push(request);
      }
    return all;
  }

  /** What was read. */
  stats(): Estimate {
    return this.sum((selection) => selection.stats());
  }

  /** What reading all of them would give, from the index. */
  estimate(querier: Querier): Estimate {
    return this.sum((selection) => selection.estimate(querier));
  }

  private sum(of: (selection: Selection) => Estimate): Estimate {
    let series = 0;
    let samples = 0;
    for (const known of this.byMatchers.values()) {
      for (const selection of known) {
        const part = of(selection);
        series += part.series;
        samples += part.samples;
      }
    }
    return { series, samples };
  }
}
