/** Decimal digits and exponent of the shortest text that reads back as `x` (finite, positive). */
function shortest(x: number): { digits: string; exponent: number } {
  const [mantissa, exponent] = x.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function special(x: number): string | null {
  if (Number.isNaN(x)) return 'NaN';
  if (x === Infinity) return '+Inf';
  if (x === -Infinity) return '-Inf';
  return null;
}

const sign = (x: number): string => (x < 0 || Object.is(x, -0) ? '-' : '');

/** Plain decimals without an exponent, as few as needed: `0.000001`, `100000000000000000000000`, `-0`. */
export function formatPlain(x: number): string {
  const word = special(x);
  if (word !== null) return word;
  if (x === 0) return `${sign(x)}0`;
  const { digits, exponent } = shortest(Math.abs(x));
  let text: string;
  if (exponent < 0) text = `0.${'0'.repeat(-exponent - 1)}${digits}`;
  else if (digits.length <= exponent + 1) text = digits + '0'.repeat(exponent + 1 - digits.length);
  else text = `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
  return sign(x) + text;
}

/** Go's `%g` and `%v`: the shortest text, with an exponent below 1e-4 and from 1e6 on. */
export function formatG(x: number): string {
  const word = special(x);
  if (word !== null) return word;
  if (x === 0) return `${sign(x)}0`;
  const { digits, exponent } = shortest(Math.abs(x));
  if (exponent >= -4 && exponent < 6) return formatPlain(x);
  return sign(x) + exponential(digits, exponent);
}

/** C's `%.<precision>g`: that many significant digits, trailing zeros cut. */
export function formatPrecision(x: number, precision: number): string {
  const word = special(x);
  if (word !== null) return word;
  if (x === 0) return `${sign(x)}0`;
  const [mantissa, exponentText] = Math.abs(x)
    .toExponential(precision - 1)
    .split('e');
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '').replace(/0+$/, '') || '0';
  if (exponent >= -4 && exponent < precision) return formatPlain(Number(`${sign(x)}${mantissa}e${exponent}`));
  return sign(x) + exponential(digits, exponent);
}

function exponential(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  const magnitude = Math.abs(exponent).toString().padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${magnitude}`;
}

/** C's `%f`: six decimals, never an exponent. */
export function formatFixed(x: number): string {
  const word = special(x);
  if (word !== null) return word;
  // From 2^53 on there are no decimals, and `toFixed` would write an exponent at some point.
  const size = Math.abs(x);
  return sign(x) + (size < 2 ** 53 ? size.toFixed(6) : `${BigInt(size)}.000000`);
}

/** OpenMetrics: `1.0`, `0.25`, `1e-05`, `+Inf`: always with a point or an exponent; zero has no sign. */
export function formatOpenMetrics(x: number): string {
  const text = formatG(x === 0 ? 0 : x);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
