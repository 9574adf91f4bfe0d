/** A number as the API writes sample values: shortest exact form, `NaN`, `+Inf`, exponent of two digits at least. */
export function formatValue(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const text = String(value);
  // JavaScript changes to the exponent form at the same limits (below 1e-6, from 1e21), but writes 1e-7 for 1e-07.
  const dash = text.length - 3;
  return text[dash] === 'e' ? `${text.slice(0, dash + 2)}0${text.slice(dash + 2)}` : text;
}

/** A time in milliseconds as seconds: `1435781430.781`, without decimals where they are zero. */
export function formatTimestamp(millis: number): string {
  const negative = millis < 0;
  const absolute = Math.abs(millis);
  const fraction = absolute % 1000;
  const seconds = `${negative ? '-' : ''}${(absolute - fraction) / 1000}`;
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(3, '0')}`;
}
