import { compileMatcher, matchesAll, type CompiledMatcher, type Labels, type Millis } from '#shared/model/index.ts';
import type { Retention } from './contract.ts';
import type { Interval, Tombstones } from './tombstones.ts';

/** What of a series is hidden from readers; intervals are inclusive, sorted and apart. Null: nothing. */
export interface Hidden {
  of(ref: number): readonly Interval[] | null;
}

interface Rule {
  readonly matchers: readonly CompiledMatcher[];
  readonly keep: Millis | null;
}

/** Rule of a series that was not looked up yet. */
const UNKNOWN = 255;
/** Rules that can be told apart; the others are refused where the file is read. */
export const MAX_RULES = 200;

/**
 * How long each series is kept: by the first rule that its labels match, else by the general time. Samples that a rule
 * lets go are hidden at once, as deleted ones are; housekeeping frees their room later.
 */
export class Visibility implements Hidden {
  readonly #labels: (ref: number) => Labels;
  readonly #newest: () => Millis;
  readonly #tombstones: Tombstones;
  #rules: readonly Rule[] = [];
  #time: Millis | null = null;
  /** By reference: number of the rule, 0 for none. */
  #ruleOf = new Uint8Array(256).fill(UNKNOWN);

  /** @param newest the time that ages are counted from */
  constructor(labels: (ref: number) => Labels, newest: () => Millis, tombstones: Tombstones) {
    this.#labels = labels;
    this.#newest = newest;
    this.#tombstones = tombstones;
  }

  /** The time that ages are counted from; -Infinity as long as there are no samples. */
  get newest(): Millis {
    return this.#newest();
  }

  setRetention({ time, rules = [] }: Retention): void {
    this.#time = time;
    this.#rules = rules
      .slice(0, MAX_RULES)
      .map(({ matchers, keep }) => ({ matchers: matchers.map(compileMatcher), keep }));
    this.#ruleOf.fill(UNKNOWN);
  }

  /** Number of the rule that a series falls under, from 1; 0 for none. */
  ruleOf(ref: number): number {
    if (this.#rules.length === 0) return 0;
    if (ref >= this.#ruleOf.length) {
      const grown = new Uint8Array(Math.max(ref + 1, Math.ceil(this.#ruleOf.length * 1.5))).fill(UNKNOWN);
      grown.set(this.#ruleOf);
      this.#ruleOf = grown;
    }
    if (this.#ruleOf[ref] === UNKNOWN) {
      const labels = this.#labels(ref);
      this.#ruleOf[ref] = this.#rules.findIndex(({ matchers }) => matchesAll(matchers, labels)) + 1;
    }
    return this.#ruleOf[ref];
  }

  /** Samples under the rule (0: under none) from before this time are gone. */
  horizonOfRule(rule: number): Millis {
    const keep = rule === 0 ? this.#time : this.#rules[rule - 1].keep;
    return keep === null ? -Infinity : this.#newest() - keep;
  }

  horizon(ref: number): Millis {
    return this.horizonOfRule(this.ruleOf(ref));
  }

  /** Whether a series whose newest sample is at `last` can have any up to `end` that are kept still. */
  mayShow(ref: number, last: Millis, end: Millis): boolean {
    const horizon = this.horizon(ref);
    return last >= horizon && end >= horizon;
  }

  /** Samples of whatever series from before this time are gone. */
  get lastHorizon(): Millis {
    let last = this.horizonOfRule(0);
    for (let rule = 1; rule <= this.#rules.length; rule++) last = Math.min(last, this.horizonOfRule(rule));
    return last;
  }

  /** Rules (0 for none) under which samples go before the last horizon: those have to be picked out of frames. */
  earlyRules(): number[] {
    const last = this.lastHorizon;
    const early: number[] = [];
    for (let rule = 0; rule <= this.#rules.length; rule++) if (this.horizonOfRule(rule) > last) early.push(rule);
    return early;
  }

  /** The shortest time that anything is kept, or null. */
  get shortest(): Millis | null {
    let shortest = this.#time;
    for (const { keep } of this.#rules) if (keep !== null && (shortest === null || keep < shortest)) shortest = keep;
    return shortest;
  }

  /** Deleted times of a series, whatever retention says. */
  deleted(ref: number): readonly Interval[] | null {
    return this.#tombstones.of(ref);
  }

  of(ref: number): readonly Interval[] | null {
    const deleted = this.#tombstones.of(ref);
    if (this.#rules.length === 0) return deleted;
    const horizon = this.horizon(ref);
    if (horizon === -Infinity) return deleted;
    const expired = { start: -Infinity, end: horizon - 1 };
    return deleted === null ? [expired] : [expired, ...deleted];
  }
}
