/** Numbers as Go writes them. Both give the shortest digits that read back as the same number. */

interface Digits {
  readonly negative: boolean;
  readonly digits: string;
  /** The decimal point stands after so many digits (0.5: 0, 12: 2). */
  readonly point: number;
}

function digitsOf(value: number): Digits {
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e');
  return {
    negative: value < 0 || Object.is(value, -0),
    digits: mantissa.replace('.', ''),
    point: value === 0 ? 1 : Number(exponent) + 1,
  };
}

function special(value: number): string | null {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return null;
  return value > 0 ? '+Inf' : '-Inf';
}

function plain({ negative, digits, point }: Digits): string {
  const sign = negative ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`.replace(/\.0*$/, '');
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Plain decimal notation, never an exponent: `0.0000001`, `1000000000000000000000`. */
export function formatPlain(value: number): string {
  return special(value) ?? plain(digitsOf(value));
}

function scientific({ negative, digits, point }: Digits): string {
  const exponent = point - 1;
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const shown = String(Math.abs(exponent)).padStart(2, '0');
  return `${negative ? '-' : ''}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${shown}`;
}

/** As `%g`: an exponent below 1e-4 and from 1e21 on (as `%v` does it), two digits at least. */
export function formatGeneral(value: number, exponentFrom = 21): string {
  const parts = special(value) === null ? digitsOf(value) : null;
  if (parts === null) return special(value) as string;
  const exponent = parts.point - 1;
  return exponent < -4 || exponent >= exponentFrom ? scientific(parts) : plain(parts);
}
