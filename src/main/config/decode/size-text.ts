const PREFIXES = ['K', 'M', 'G', 'T', 'P', 'E'];

function unitTable(suffix: string): ReadonlyMap<string, number> {
  const table = new Map([['B', 1]]);
  for (const [i, prefix] of PREFIXES.entries()) table.set(`${prefix}${suffix}`, 1024 ** (i + 1));
  return table;
}

const IEC = unitTable('iB');
const OLD = unitTable('B');

/**
 * A size in bytes, or why it is none: numbers with units, written together (`10MB`, `1GB512MB`, `1.5GiB`). KB and KiB both are 1024 bytes;
 * the two styles do not mix. Zero needs no unit. The number may be negative: whether that makes sense is for the caller to say.
 */
export function readSize(text: string): number | string {
  const iec = readWith(text, IEC);
  return typeof iec === 'number' ? iec : readWith(text, OLD);
}

function readWith(text: string, units: ReadonlyMap<string, number>): number | string {
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  let rest = text.slice(sign.length);
  if (rest === '0') return 0;
  if (rest === '') return `units: invalid ${text}`;
  let total = 0;
  while (rest !== '') {
    const match = /^(\d+(?:\.\d*)?|\.\d+)([^\d.]*)/.exec(rest);
    if (match === null) return `units: invalid ${text}`;
    const unit = units.get(match[2]);
    if (unit === undefined) return `units: unknown unit ${match[2]} in ${text}`;
    total += Number(match[1]) * unit;
    rest = rest.slice(match[0].length);
  }
  if (total > 2 ** 63) return 'units: overflow parsing unit';
  const bytes = Math.trunc(total);
  return sign === '-' ? -bytes : bytes;
}
