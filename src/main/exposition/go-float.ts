/**
 * The shortest text of a double as Go's `FormatFloat(f, 'g', -1, 64)` writes it: `0.5`, `1e+06`, `1e-05`, `+Inf`.
 * Exponents are used below 1e-4 and from 1e6.
 */
export function formatGo(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa, exponentText] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  const size = Math.abs(exponent).toString().padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
}

/** As `formatGo`, always with a point or an exponent: how `le` and `quantile` are written (`1.0`, `+Inf`, `1e+06`). */
export function formatBound(value: number): string {
  const text = formatGo(value);
  return /[e.NI]/.test(text) ? text : `${text}.0`;
}
