/** Random expressions over the classic part of PromQL: what Prometheus 2.42 and 3.x should answer alike. */

export type Draw = (below: number) => number;

/** Deterministic numbers: integers in [0, below). */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ELEMENTWISE = [
  'abs',
  'ceil',
  'floor',
  'exp',
  'ln',
  'log2',
  'log10',
  'sqrt',
  'sgn',
  'sin',
  'cos',
  'tanh',
  'asinh',
  'deg',
  'rad',
  'round',
  'timestamp',
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
  'sort',
  'sort_desc',
];
const OVER_TIME = [
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'count_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'last_over_time',
  'present_over_time',
  'changes',
  'resets',
  'deriv',
  'delta',
  'idelta',
];
const OF_COUNTERS = ['rate', 'increase', 'irate', 'resets', 'changes'];
const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'];
const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'];
const COMPARISONS = ['==', '!=', '<', '>', '<=', '>='];
const LABELS = ['job', 'instance', 'zone'];
const RANGES = ['1m', '2m', '5m', '10m', '90s'];

/** Builds expressions; `draw` decides everything. */
export class RandomPromql {
  readonly #draw: Draw;
  /** Within a subquery: another one inside would have edges on its steps. */
  #nested = false;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#draw(list.length)];
  }

  #modifiers(): string {
    const kind = this.#draw(12);
    if (kind === 0) return ` offset ${this.#one(['1m', '7m', '-2m'])}`;
    if (kind === 1) return ` @ ${this.#one(['start()', 'end()', '1700002015'])}`;
    return '';
  }

  #matchers(): string {
    const kind = this.#draw(7);
    if (kind === 0) return '{job="a"}';
    if (kind === 1) return '{instance=~"[0-2]"}';
    if (kind === 2) return '{zone!="x",job=~"a|b"}';
    if (kind === 3) return '{zone=""}';
    return '';
  }

  #metric(): string {
    return this.#one(['g', 'g', 'c_total', 'sparse']) + this.#matchers();
  }

  #range(depth: number, counters: boolean): string {
    if (depth > 0 && !this.#nested && this.#draw(4) === 0) {
      this.#nested = true;
      const inner = this.vector(depth - 1);
      this.#nested = false;
      return `(${inner})[${this.#one(['5m', '3m'])}:${this.#one(['20s', '30s', '1m'])}]${this.#modifiers()}`;
    }
    const metric = counters ? `c_total${this.#matchers()}` : this.#metric();
    return `${metric}[${this.#one(RANGES)}]${this.#modifiers()}`;
  }

  scalar(depth: number): string {
    const kind = this.#draw(6);
    if (kind === 0) return 'time()';
    if (kind === 1 && depth > 0) return `scalar(${this.vector(depth - 1)})`;
    if (kind === 2 && depth > 0)
      return `(${this.scalar(depth - 1)} ${this.#one(ARITHMETIC)} ${this.scalar(depth - 1)})`;
    return this.#one(['0', '1', '-2.5', '1e3', '0.25', 'NaN', 'Inf', '3']);
  }

  vector(depth: number): string {
    if (depth === 0) return this.#metric() + this.#modifiers();
    const inner = (): string => this.vector(depth - 1);
    const table: readonly (() => string)[] = [
      () => `${this.#one(ELEMENTWISE)}(${inner()})`,
      () => `${this.#one(OVER_TIME)}(${this.#range(depth, false)})`,
      () => `${this.#one(OF_COUNTERS)}(${this.#range(depth, true)})`,
      () => `quantile_over_time(${this.#one(['0', '0.3', '0.5', '1', '-1', '2'])}, ${this.#range(depth, false)})`,
      () => `predict_linear(${this.#range(depth, false)}, ${this.#one(['60', '-120', '3600'])})`,
      () => `${this.#one(AGGREGATIONS)}${this.#grouping()}(${inner()})`,
      () => `${this.#one(['topk', 'bottomk'])}${this.#grouping()}(${this.#one(['1', '2', '3'])}, ${inner()})`,
      () => `quantile${this.#grouping()}(${this.#one(['0.1', '0.5', '0.9'])}, ${inner()})`,
      () => `count_values${this.#grouping()}("v", ${inner()})`,
      () => `(${inner()} ${this.#one(ARITHMETIC)} ${this.scalar(1)})`,
      () => `(${this.scalar(1)} ${this.#one(COMPARISONS)} bool ${inner()})`,
      () => `(${inner()} ${this.#one(COMPARISONS)} ${this.scalar(1)})`,
      () => `(${inner()} ${this.#one(ARITHMETIC)}${this.#matching()} ${inner()})`,
      () => `(${inner()} ${this.#one(COMPARISONS)}${this.#one([' bool', ''])}${this.#matching()} ${inner()})`,
      () =>
        `(${inner()} ${this.#one(['and', 'or', 'unless'])}${this.#one(['', ' on (job)', ' ignoring (zone)'])} ${inner()})`,
      () => `clamp(${inner()}, ${this.scalar(0)}, ${this.scalar(0)})`,
      () => `clamp_min(${inner()}, ${this.scalar(0)})`,
      () => `label_replace(${inner()}, "zone", "$1-z", "instance", "(.).*")`,
      () => `label_join(${inner()}, "both", "/", "job", "instance")`,
      () => `absent(${inner()})`,
      () => `absent_over_time(${this.#range(depth, false)})`,
      () => `histogram_quantile(${this.#one(['0.5', '0.9', '0', '1', '-1'])}, ${this.#buckets()})`,
      () => `-${inner()}`,
      () => `vector(${this.scalar(depth)})`,
      inner,
    ];
    return this.#one(table)();
  }

  #buckets(): string {
    const buckets = this.#one(['h_bucket', 'rate(h_bucket[5m])', 'increase(h_bucket[2m])']);
    return this.#one([buckets, `sum by (le, job) (${buckets})`, `sum by (le) (${buckets})`]);
  }

  #grouping(): string {
    const kind = this.#draw(4);
    if (kind === 0) return '';
    const labels = LABELS.filter(() => this.#draw(2) === 0).join(', ');
    return kind === 1 ? ` without (${labels}) ` : ` by (${labels}) `;
  }

  #matching(): string {
    const kind = this.#draw(6);
    if (kind === 0) return ' on (job, instance)';
    if (kind === 1) return ' ignoring (zone)';
    if (kind === 2) return ' on (job) group_left';
    if (kind === 3) return ' on (instance) group_right (zone)';
    return '';
  }
}
