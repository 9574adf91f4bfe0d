/** Order of texts in which runs of digits count as numbers: `a2` before `a10`. */
export function naturalOrder(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = chunk(a, i);
    const y = chunk(b, j);
    const order = compareChunks(x, y);
    if (order !== 0) return order;
    i += x.length;
    j += y.length;
  }
  return a.length - i - (b.length - j);
}

const isDigit = (text: string, i: number): boolean => {
  const code = text.charCodeAt(i);
  return code >= 48 && code <= 57;
};

/** The run of digits, or of anything else, that begins at `from`. */
function chunk(text: string, from: number): string {
  const digits = isDigit(text, from);
  let to = from + 1;
  while (to < text.length && isDigit(text, to) === digits) to++;
  return text.slice(from, to);
}

/** Larger numbers are texts to the original. */
const MAX_INT64 = '9223372036854775807';

function fitsInt64(digits: string): boolean {
  return digits.length < MAX_INT64.length || (digits.length === MAX_INT64.length && digits <= MAX_INT64);
}

function compareChunks(a: string, b: string): number {
  if (isDigit(a, 0) && isDigit(b, 0)) {
    const x = a.replace(/^0+/, '');
    const y = b.replace(/^0+/, '');
    if (!fitsInt64(x) || !fitsInt64(y)) return compareTexts(a, b);
    if (x.length !== y.length) return x.length - y.length;
    if (x !== y) return x < y ? -1 : 1;
    // Equal numbers: the one with fewer leading zeros first.
    return a.length - b.length;
  }
  return compareTexts(a, b);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
