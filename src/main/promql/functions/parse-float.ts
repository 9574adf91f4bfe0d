const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const HEX = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i;

const WORDS: Readonly<Record<string, number>> = {
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
  infinity: Infinity,
  '+infinity': Infinity,
  '-infinity': -Infinity,
  nan: NaN,
};

/** Reads a number as Go's ParseFloat does: `1`, `.5e3`, `+Inf`, `NaN`, `0x1p-2`; null when it is none, or too large. */
export function parseGoFloat(text: string): number | null {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : null;
  }
  const word = WORDS[text.toLowerCase()];
  if (word !== undefined) return word;
  const hex = HEX.exec(text);
  if (hex === null || hex[2] + hex[3] === '') return null;
  const mantissa = parseInt(hex[2] + hex[3], 16) * 2 ** (Number(hex[4]) - 4 * hex[3].length);
  return hex[1] === '-' ? -mantissa : mantissa;
}
