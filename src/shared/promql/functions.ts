import type { ValueType } from './ast.ts';

export interface FunctionSignature {
  /** Types of the arguments; the last one is that of all further ones where the function is variadic. */
  readonly args: readonly ValueType[];
  readonly returns: ValueType;
  /** 0: exactly `args`; n: the last may be left out, or be there up to n times; -1: any number of times. */
  readonly variadic: number;
  /** Only with `promql-experimental-functions`. */
  readonly experimental: boolean;
  /** What it does, for people who write queries. */
  readonly doc: string;
}

function fn(
  args: readonly ValueType[],
  returns: ValueType,
  variadic: number,
  experimental: boolean,
  doc: string,
): FunctionSignature {
  return { args, returns, variadic, experimental, doc };
}

/** Every function of PromQL 3.14. */
export const FUNCTIONS = {
  abs: fn(['vector'], 'vector', 0, false, 'The value without its sign.'),
  absent: fn(
    ['vector'],
    'vector',
    0,
    false,
    '1 when the vector is empty, nothing otherwise; labels come from the equality matchers of a plain selector.',
  ),
  absent_over_time: fn(['matrix'], 'vector', 0, false, '1 when the range has no sample at all, nothing otherwise.'),
  acos: fn(['vector'], 'vector', 0, false, 'Arc cosine, in radians.'),
  acosh: fn(['vector'], 'vector', 0, false, 'Inverse hyperbolic cosine.'),
  asin: fn(['vector'], 'vector', 0, false, 'Arc sine, in radians.'),
  asinh: fn(['vector'], 'vector', 0, false, 'Inverse hyperbolic sine.'),
  atan: fn(['vector'], 'vector', 0, false, 'Arc tangent, in radians.'),
  atanh: fn(['vector'], 'vector', 0, false, 'Inverse hyperbolic tangent.'),
  avg_over_time: fn(['matrix'], 'vector', 0, false, 'Mean of the samples in the range.'),
  ceil: fn(['vector'], 'vector', 0, false, 'The next whole number at or above the value.'),
  changes: fn(['matrix'], 'vector', 0, false, 'How many times the value changed within the range.'),
  clamp: fn(
    ['vector', 'scalar', 'scalar'],
    'vector',
    0,
    false,
    'The value held between a minimum and a maximum; empty when the minimum is above the maximum.',
  ),
  clamp_max: fn(['vector', 'scalar'], 'vector', 0, false, 'The value, but not above the maximum.'),
  clamp_min: fn(['vector', 'scalar'], 'vector', 0, false, 'The value, but not below the minimum.'),
  cos: fn(['vector'], 'vector', 0, false, 'Cosine of an angle in radians.'),
  cosh: fn(['vector'], 'vector', 0, false, 'Hyperbolic cosine.'),
  count_over_time: fn(['matrix'], 'vector', 0, false, 'How many samples the range has.'),
  day_of_month: fn(
    ['vector'],
    'vector',
    1,
    false,
    'Day of the month (1 to 31) of a Unix time in UTC; of now without argument.',
  ),
  day_of_week: fn(
    ['vector'],
    'vector',
    1,
    false,
    'Day of the week of a Unix time in UTC, 0 for Sunday to 6; of now without argument.',
  ),
  day_of_year: fn(
    ['vector'],
    'vector',
    1,
    false,
    'Day of the year (1 to 366) of a Unix time in UTC; of now without argument.',
  ),
  days_in_month: fn(
    ['vector'],
    'vector',
    1,
    false,
    'Number of days (28 to 31) of the month that a Unix time falls in, UTC; of now without argument.',
  ),
  deg: fn(['vector'], 'vector', 0, false, 'Radians turned into degrees.'),
  delta: fn(
    ['matrix'],
    'vector',
    0,
    false,
    'Difference between the end and the start of the range of a gauge, extrapolated to its edges.',
  ),
  deriv: fn(['matrix'], 'vector', 0, false, 'Slope per second of a gauge, by linear regression over the range.'),
  double_exponential_smoothing: fn(
    ['matrix', 'scalar', 'scalar'],
    'vector',
    0,
    true,
    'A gauge smoothed over the range (Holt-Winters, double exponential) with factors for level and trend between 0 and 1.',
  ),
  end: fn([], 'scalar', 0, true, 'Unix time of the end of the query; for an instant query, its time.'),
  exp: fn(['vector'], 'vector', 0, false, 'e to the power of the value.'),
  first_over_time: fn(['matrix'], 'vector', 0, false, 'The oldest sample in the range.'),
  floor: fn(['vector'], 'vector', 0, false, 'The next whole number at or below the value.'),
  histogram_avg: fn(['vector'], 'vector', 0, false, 'Mean of the observations in each native histogram.'),
  histogram_count: fn(['vector'], 'vector', 0, false, 'Number of observations in each native histogram.'),
  histogram_fraction: fn(
    ['scalar', 'scalar', 'vector'],
    'vector',
    0,
    false,
    'Estimated share of the observations of each histogram between a lower and an upper bound.',
  ),
  histogram_quantile: fn(
    ['scalar', 'vector'],
    'vector',
    0,
    false,
    'The value below which a share (0 to 1) of the observations lies, estimated from classic buckets (label le) or native histograms. Take rate of the buckets first.',
  ),
  histogram_quantiles: fn(
    ['vector', 'string', 'scalar', 'scalar'],
    'vector',
    9,
    true,
    'Several quantiles at once: the vector, the name of the label that tells them apart, then the shares (up to ten).',
  ),
  histogram_stddev: fn(
    ['vector'],
    'vector',
    0,
    false,
    'Standard deviation of the observations in each native histogram, estimated from the bucket middles.',
  ),
  histogram_stdvar: fn(
    ['vector'],
    'vector',
    0,
    false,
    'Variance of the observations in each native histogram, estimated from the bucket middles.',
  ),
  histogram_sum: fn(['vector'], 'vector', 0, false, 'Sum of the observations in each native histogram.'),
  hour: fn(['vector'], 'vector', 1, false, 'Hour (0 to 23) of a Unix time in UTC; of now without argument.'),
  idelta: fn(['matrix'], 'vector', 0, false, 'Difference between the last two samples of the range of a gauge.'),
  increase: fn(
    ['matrix'],
    'vector',
    0,
    false,
    'Growth of a counter over the range, resets compensated, extrapolated to its edges.',
  ),
  info: fn(
    ['vector', 'vector'],
    'vector',
    1,
    true,
    'Adds to each series the labels of the info series (target_info unless told otherwise) with the same instance and job.',
  ),
  irate: fn(
    ['matrix'],
    'vector',
    0,
    false,
    'Growth per second of a counter between the last two samples of the range.',
  ),
  label_join: fn(
    ['vector', 'string', 'string', 'string'],
    'vector',
    -1,
    false,
    'Sets a label to the values of other labels, joined by a separator: vector, target, separator, sources.',
  ),
  label_replace: fn(
    ['vector', 'string', 'string', 'string', 'string'],
    'vector',
    0,
    false,
    'Sets a label to a replacement ($1, ${name}) where a regular expression matches the whole value of another label: vector, target, replacement, source, expression.',
  ),
  last_over_time: fn(['matrix'], 'vector', 0, false, 'The newest sample in the range.'),
  ln: fn(['vector'], 'vector', 0, false, 'Natural logarithm.'),
  log10: fn(['vector'], 'vector', 0, false, 'Decimal logarithm.'),
  log2: fn(['vector'], 'vector', 0, false, 'Binary logarithm.'),
  mad_over_time: fn(['matrix'], 'vector', 0, true, 'Median absolute deviation of the samples in the range.'),
  max_of: fn(['scalar', 'scalar'], 'scalar', 0, true, 'The larger of two scalars; also for durations in brackets.'),
  max_over_time: fn(['matrix'], 'vector', 0, false, 'The largest sample in the range.'),
  min_of: fn(['scalar', 'scalar'], 'scalar', 0, true, 'The smaller of two scalars; also for durations in brackets.'),
  min_over_time: fn(['matrix'], 'vector', 0, false, 'The smallest sample in the range.'),
  minute: fn(['vector'], 'vector', 1, false, 'Minute (0 to 59) of a Unix time in UTC; of now without argument.'),
  month: fn(['vector'], 'vector', 1, false, 'Month (1 to 12) of a Unix time in UTC; of now without argument.'),
  pi: fn([], 'scalar', 0, false, 'The number pi.'),
  predict_linear: fn(
    ['matrix', 'scalar'],
    'vector',
    0,
    false,
    'Value that a gauge will have in so many seconds, by linear regression over the range.',
  ),
  present_over_time: fn(['matrix'], 'vector', 0, false, '1 for every series that has a sample in the range.'),
  quantile_over_time: fn(['scalar', 'matrix'], 'vector', 0, false, 'Quantile (0 to 1) of the samples in the range.'),
  rad: fn(['vector'], 'vector', 0, false, 'Degrees turned into radians.'),
  range: fn([], 'scalar', 0, true, 'Length of the query in seconds, end minus start; 0 in instant queries.'),
  rate: fn(
    ['matrix'],
    'vector',
    0,
    false,
    'Growth per second of a counter, averaged over the range, resets compensated, extrapolated to its edges.',
  ),
  resets: fn(['matrix'], 'vector', 0, false, 'How many times a counter was reset within the range.'),
  round: fn(
    ['vector', 'scalar'],
    'vector',
    1,
    false,
    'The nearest whole number, or the nearest multiple of the second argument; halves go up.',
  ),
  scalar: fn(['vector'], 'scalar', 0, false, 'The value of a vector with exactly one element as a scalar, else NaN.'),
  sgn: fn(['vector'], 'vector', 0, false, 'Sign of the value: 1, 0 or -1.'),
  sin: fn(['vector'], 'vector', 0, false, 'Sine of an angle in radians.'),
  sinh: fn(['vector'], 'vector', 0, false, 'Hyperbolic sine.'),
  sort: fn(['vector'], 'vector', 0, false, 'Elements from the smallest to the largest value; instant queries only.'),
  sort_by_label: fn(
    ['vector', 'string'],
    'vector',
    -1,
    true,
    'Elements in the natural order of the given labels; instant queries only.',
  ),
  sort_by_label_desc: fn(
    ['vector', 'string'],
    'vector',
    -1,
    true,
    'Elements in the reverse natural order of the given labels; instant queries only.',
  ),
  sort_desc: fn(
    ['vector'],
    'vector',
    0,
    false,
    'Elements from the largest to the smallest value; instant queries only.',
  ),
  sqrt: fn(['vector'], 'vector', 0, false, 'Square root.'),
  start: fn([], 'scalar', 0, true, 'Unix time of the start of the query; for an instant query, its time.'),
  start_timestamp: fn(
    ['vector'],
    'vector',
    0,
    true,
    'Unix time since which the counter behind each sample has been counting, where the target tells it.',
  ),
  stddev_over_time: fn(
    ['matrix'],
    'vector',
    0,
    false,
    'Standard deviation of the samples in the range (of a whole population).',
  ),
  stdvar_over_time: fn(['matrix'], 'vector', 0, false, 'Variance of the samples in the range (of a whole population).'),
  step: fn([], 'scalar', 0, true, 'Step of the query in seconds; 0 in instant queries.'),
  sum_over_time: fn(['matrix'], 'vector', 0, false, 'Sum of the samples in the range.'),
  tan: fn(['vector'], 'vector', 0, false, 'Tangent of an angle in radians.'),
  tanh: fn(['vector'], 'vector', 0, false, 'Hyperbolic tangent.'),
  time: fn([], 'scalar', 0, false, 'Unix time at which the expression is evaluated, in seconds.'),
  timestamp: fn(['vector'], 'vector', 0, false, 'Unix time of each sample, in seconds.'),
  ts_of_first_over_time: fn(['matrix'], 'vector', 0, true, 'Unix time of the oldest sample in the range.'),
  ts_of_last_over_time: fn(['matrix'], 'vector', 0, true, 'Unix time of the newest sample in the range.'),
  ts_of_max_over_time: fn(
    ['matrix'],
    'vector',
    0,
    true,
    'Unix time of the last sample in the range that has the largest value.',
  ),
  ts_of_min_over_time: fn(
    ['matrix'],
    'vector',
    0,
    true,
    'Unix time of the last sample in the range that has the smallest value.',
  ),
  vector: fn(['scalar'], 'vector', 0, false, 'A scalar as a vector with one element and no labels.'),
  year: fn(['vector'], 'vector', 1, false, 'Year of a Unix time in UTC; of now without argument.'),
} as const satisfies Readonly<Record<string, FunctionSignature>>;

export type FunctionName = keyof typeof FUNCTIONS;

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

/** The signature of a function, or null when there is none of this name (names are case-sensitive). */
export function functionNamed(name: string): FunctionSignature | null {
  return isFunctionName(name) ? FUNCTIONS[name] : null;
}
