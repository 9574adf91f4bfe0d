import type { Unit } from '#shared/contract/index.ts';

/** A value ready to show: number and unit apart, so that the unit can be quieter. `text` joins them as written in prose. */
export interface FormattedValue {
  readonly number: string;
  readonly unit: string;
  readonly text: string;
}

interface Scale {
  /** Smallest absolute value written in this unit. */
  readonly from: number;
  readonly factor: number;
  readonly unit: string;
  /** Whether the unit clings to the number (`5.23k`, `66.9/s`). */
  readonly tight: boolean;
}

const binary = (unit: string, power: number): Scale => ({
  from: 1024 ** power,
  factor: 1024 ** power,
  unit,
  tight: false,
});

const BYTES: readonly Scale[] = [
  binary('PiB', 5),
  binary('TiB', 4),
  binary('GiB', 3),
  binary('MiB', 2),
  binary('KiB', 1),
  { from: 0, factor: 1, unit: 'B', tight: false },
];

const BYTES_PER_SECOND: readonly Scale[] = [
  { from: 1e12, factor: 1e12, unit: 'TB/s', tight: false },
  { from: 1e9, factor: 1e9, unit: 'GB/s', tight: false },
  { from: 1e6, factor: 1e6, unit: 'MB/s', tight: false },
  { from: 1e3, factor: 1e3, unit: 'kB/s', tight: false },
  { from: 0, factor: 1, unit: 'B/s', tight: false },
];

const SECONDS: readonly Scale[] = [
  { from: 172_800, factor: 86_400, unit: 'd', tight: false },
  { from: 7200, factor: 3600, unit: 'h', tight: false },
  { from: 120, factor: 60, unit: 'min', tight: false },
  { from: 1, factor: 1, unit: 's', tight: false },
  { from: 1e-3, factor: 1e-3, unit: 'ms', tight: false },
  { from: 1e-6, factor: 1e-6, unit: 'µs', tight: false },
  { from: 0, factor: 1e-9, unit: 'ns', tight: false },
];

const DECIMAL = (suffix: string): readonly Scale[] => [
  { from: 1e15, factor: 1e15, unit: `P${suffix}`, tight: true },
  { from: 1e12, factor: 1e12, unit: `T${suffix}`, tight: true },
  { from: 1e9, factor: 1e9, unit: `G${suffix}`, tight: true },
  { from: 1e6, factor: 1e6, unit: `M${suffix}`, tight: true },
  { from: 1e3, factor: 1e3, unit: `k${suffix}`, tight: true },
  { from: 0.1, factor: 1, unit: suffix, tight: true },
  { from: 1e-4, factor: 1e-3, unit: `m${suffix}`, tight: true },
  { from: 1e-7, factor: 1e-6, unit: `µ${suffix}`, tight: true },
  { from: 0, factor: 1e-9, unit: `n${suffix}`, tight: true },
];

const SCALES: Readonly<Record<Exclude<Unit, 'timestamp'>, readonly Scale[]>> = {
  '': DECIMAL(''),
  bytes: BYTES,
  'bytes/s': BYTES_PER_SECOND,
  seconds: SECONDS,
  ratio: [{ from: 0, factor: 0.01, unit: '%', tight: false }],
  'per-second': DECIMAL('/s'),
  celsius: [{ from: 0, factor: 1, unit: '°C', tight: false }],
};

const ZERO_UNIT: Readonly<Record<Exclude<Unit, 'timestamp'>, Scale>> = {
  '': { from: 0, factor: 1, unit: '', tight: true },
  bytes: { from: 0, factor: 1, unit: 'B', tight: false },
  'bytes/s': { from: 0, factor: 1, unit: 'B/s', tight: false },
  seconds: { from: 0, factor: 1, unit: 's', tight: false },
  ratio: { from: 0, factor: 0.01, unit: '%', tight: false },
  'per-second': { from: 0, factor: 1, unit: '/s', tight: true },
  celsius: { from: 0, factor: 1, unit: '°C', tight: false },
};

export const NO_VALUE: FormattedValue = { number: '–', unit: '', text: '–' };

const formats = new Map<string, Intl.NumberFormat>();

/** Intl formats are dear to make; one is kept for each locale and number of decimals. */
export function decimalFormat(locale: string, decimals: number): Intl.NumberFormat {
  const key = `${locale} ${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  return format;
}

/** Decimals that leave three significant digits, two after the point at most; whole numbers have none. */
function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 99.95) return 0;
  // A whole number is exact as it is; what only looks whole after rounding is not.
  if (Number.isInteger(value)) return 0;
  return size >= 9.995 ? 1 : 2;
}

function scaleFor(scales: readonly Scale[], size: number): Scale {
  return scales.find((scale) => size >= scale.from) ?? scales[scales.length - 1];
}

function join(number: string, scale: Scale): FormattedValue {
  const space = scale.tight || scale.unit === '' ? '' : ' ';
  return { number, unit: scale.unit, text: `${number}${space}${scale.unit}` };
}

/** Three significant digits in the unit's natural scale: `514 ms`, `1.39 GiB`, `66.9/s`. NaN and absent are `–`. */
export function formatValue(
  value: number | null | undefined,
  unit: Exclude<Unit, 'timestamp'>,
  locale: string,
): FormattedValue {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_VALUE;
  if (!Number.isFinite(value)) return join(value > 0 ? '+∞' : '−∞', ZERO_UNIT['']);
  if (value === 0) return join('0', unit === '' || unit === 'per-second' ? ZERO_UNIT[''] : ZERO_UNIT[unit]);
  const scales = SCALES[unit];
  let scale = scaleFor(scales, Math.abs(value));
  let scaled = value / scale.factor;
  // 999.6 kB/s would round to 1,000: it is written one scale up.
  const above = scales[scales.indexOf(scale) - 1];
  if (above !== undefined && Math.abs(scaled) >= 999.5 && Math.abs(value) >= above.from * 0.9) {
    scale = above;
    scaled = value / scale.factor;
  }
  const number = decimalFormat(locale, decimalsFor(scaled)).format(scaled);
  return join(number.replace('-', '−'), scale);
}

/** Labels of an axis: all in the unit of the largest, with as many decimals as tell neighbours apart. */
export function formatTicks(ticks: readonly number[], unit: Exclude<Unit, 'timestamp'>, locale: string): string[] {
  const largest = ticks.reduce((max, tick) => Math.max(max, Math.abs(tick)), 0);
  if (largest === 0) return ticks.map(() => '0');
  const scale = scaleFor(SCALES[unit], largest);
  const scaled = ticks.map((tick) => tick / scale.factor);
  let decimals = 0;
  while (decimals < 4 && scaled.some((tick) => Math.abs(tick - Number(tick.toFixed(decimals))) > Math.abs(tick) * 1e-6))
    decimals++;
  const format = decimalFormat(locale, decimals);
  return scaled.map((tick) => (tick === 0 ? '0' : join(format.format(tick).replace('-', '−'), scale).text));
}

/** A count written out: `2,110`. */
export function formatCount(value: number, locale: string): string {
  return decimalFormat(locale, 0).format(value);
}
