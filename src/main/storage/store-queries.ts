import type { Labels, Matcher, Millis } from '#shared/model/index.ts';
import { Assembler } from './assemble.ts';
import type { Querier, SeriesExemplars, SeriesSamples, TierRequest } from './contract.ts';
import type { ExemplarRing } from './exemplar-ring.ts';
import type { Head } from './head.ts';
import type { LabelIndex } from './label-index.ts';
import type { ReadView, SelectionData, SelectRequest } from './read-view.ts';
import type { Reader } from './reader.ts';
import type { SeriesTable } from './series-table.ts';
import type { TierKeeper } from './tier-keeper.ts';
import type { Visibility } from './visibility.ts';

/** Label sets kept for the next query: a few megabytes. */
const MOST_LABELS = 20_000;

/** What queries of a store look into. */
export interface QueriedParts {
  readonly head: Head;
  readonly index: LabelIndex;
  readonly table: SeriesTable;
  readonly reader: Reader;
  readonly visibility: Visibility;
  readonly tiers: TierKeeper;
  readonly exemplars: ExemplarRing;
  /** Throws when the store is closed. */
  readonly check: () => void;
  /** Changes whenever frames that are there are removed or written anew: what was read of them is to be forgotten. */
  readonly generation: () => number;
}

/** What is asked of an open store: selections by matchers, read here, or fixed for a reader elsewhere. */
export class StoreQueries {
  readonly #head: Head;
  readonly #index: LabelIndex;
  readonly #table: SeriesTable;
  readonly #reader: Reader;
  readonly #visibility: Visibility;
  readonly #tiers: TierKeeper;
  readonly #exemplars: ExemplarRing;
  readonly #check: () => void;
  readonly #generation: () => number;
  readonly #labels = new Map<number, Labels>();
  /** Views that have not been released: nothing may be removed or written anew. */
  views = 0;
  /** Who waits for there to be none. */
  readonly #waiting: (() => void)[] = [];

  constructor(parts: QueriedParts) {
    this.#head = parts.head;
    this.#index = parts.index;
    this.#table = parts.table;
    this.#reader = parts.reader;
    this.#visibility = parts.visibility;
    this.#tiers = parts.tiers;
    this.#exemplars = parts.exemplars;
    this.#check = parts.check;
    this.#generation = parts.generation;
  }

  querier(): Querier {
    this.#check();
    const shown = (start: Millis, end: Millis): ((ref: number) => boolean) => {
      this.#check();
      const mayShow = (ref: number): boolean => this.#visibility.mayShow(ref, this.#head.lastTimeOf(ref), end);
      if (start === -Infinity && end === Infinity) return mayShow;
      const sampled = this.#reader.sampled(start, end);
      return (ref) => mayShow(ref) && sampled(ref);
    };
    const refs = (matchers: readonly Matcher[], start: Millis, end: Millis): number[] =>
      this.#index.select(matchers).filter(shown(start, end));
    const from = (start: Millis): Millis => Math.max(start, this.#visibility.lastHorizon);
    return {
      select: (matchers, start, end, newestOnly, tier) => {
        this.#check();
        if (tier !== undefined) return this.#selectTier(matchers, start, end, tier);
        return this.#select(matchers, from(start), end, newestOnly ?? false);
      },
      series: (matchers, start, end) => refs(matchers, from(start), end).map((ref) => this.#table.labels(ref)),
      labelNames: (matchers, start, end) => this.#index.names(refs(matchers, from(start), end)),
      labelValues: (name, matchers, start, end) =>
        // Of all series one of each value will do.
        matchers.length === 0
          ? this.#index.allValues(name, shown(from(start), end))
          : this.#index.values(name, refs(matchers, from(start), end)),
      estimate: (matchers, start, end, tier) => {
        this.#check();
        if (tier !== undefined) {
          const series = this.#index.select(matchers).length;
          const buckets = Math.max(0, end - this.#tierStart(start, tier)) / tier.resolution + 1;
          return { series, samples: Math.ceil(series * buckets) };
        }
        return this.#reader.estimate(this.#index.select(matchers), from(start), end);
      },
      exemplars: (matchers, start, end) => this.#exemplarsOf(matchers, from(start), end),
      release: () => undefined,
    };
  }

  view(requests: readonly SelectRequest[]): ReadView {
    this.#check();
    const newest = this.#head.maxTime;
    const horizon = this.#visibility.lastHorizon;
    const fixed = requests.map((request) => {
      const refs = this.#index.select(request.matchers);
      const { tier } = request;
      const start = tier === undefined ? Math.max(request.start, horizon) : this.#tierStart(request.start, tier);
      const built = tier === undefined ? null : this.#tiers.built(tier.resolution);
      return { refs, selection: this.#reader.fix(request, refs, start, newest, built) };
    });
    this.views++;
    let released = false;
    return {
      collect: async (isKnown, pause) => {
        const transfer: ArrayBuffer[] = [];
        const labels = new Map<number, Labels>();
        const selections: SelectionData[] = [];
        for (const { refs, selection } of fixed) {
          for (const ref of refs) if (!isKnown(ref)) labels.set(ref, this.#table.labels(ref));
          selections.push(await selection.collect(transfer, pause));
        }
        return { data: { generation: this.#generation(), selections, labels }, transfer };
      },
      release: () => {
        if (released) return;
        released = true;
        this.views--;
        if (this.views > 0) return;
        for (const go of this.#waiting.splice(0)) go();
      },
    };
  }

  #select(matchers: readonly Matcher[], start: Millis, end: Millis, newestOnly: boolean): SeriesSamples[] {
    const assembler = new Assembler();
    const result: SeriesSamples[] = [];
    for (const [ref, parts] of this.#reader.read(this.#index.select(matchers), start, end, newestOnly)) {
      const series = assembler.series(this.#labelsOf(ref), parts);
      if (series !== null) result.push(series);
    }
    return result;
  }

  #selectTier(matchers: readonly Matcher[], start: Millis, end: Millis, tier: TierRequest): SeriesSamples[] {
    const refs = this.#index.select(matchers);
    const labels = (ref: number): Labels => this.#labelsOf(ref);
    const to = Math.min(end, this.#head.maxTime);
    return this.#reader.selectTier(refs, labels, this.#tiers, tier, this.#tierStart(start, tier), to);
  }

  /** From where a tier has anything: what retention takes of it is not shown any more. */
  #tierStart(start: Millis, { resolution }: TierRequest): Millis {
    const tier = this.#tiers.tier(resolution);
    if (tier === undefined) throw new Error(`there is no tier of ${resolution} ms`);
    return Math.max(start, this.#tiers.horizon(tier), this.#tiers.firstTime);
  }

  /** The labels of a series that queries ask for again and again: what is computed of a label set is kept with it. */
  #labelsOf(ref: number): Labels {
    let labels = this.#labels.get(ref);
    if (labels === undefined) {
      if (this.#labels.size >= MOST_LABELS) this.#labels.clear();
      labels = this.#table.labels(ref);
      this.#labels.set(ref, labels);
    }
    return labels;
  }

  #exemplarsOf(matchers: readonly Matcher[], start: Millis, end: Millis): SeriesExemplars[] {
    this.#check();
    const result: SeriesExemplars[] = [];
    for (const ref of this.#index.select(matchers)) {
      const exemplars = this.#exemplars.of(ref, start, end);
      if (exemplars.length > 0) result.push({ labels: this.#table.labels(ref), exemplars });
    }
    return result;
  }

  /** Resolves once no view is held. */
  async released(): Promise<void> {
    if (this.views > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Forgets what was read when nothing was since the last call. */
  dropUnused(): void {
    if (this.#reader.dropUnusedCache()) this.#labels.clear();
  }
}
