/** How well `text` matches `term`: from 0 (not at all) to 1 (the same). Both are compared as they are. */
export type Score = (text: string, term: string) => number;

/**
 * The characters of the term, in order, somewhere in the text: what stands together counts by the square of its length,
 * so that few long pieces beat many short ones, and a text that has more than the term is a little worse.
 */
export const subsequence: Score = (text, term) => {
  if (term === '' || text === term) return 1;
  const whole = text.indexOf(term);
  let squares = 0;
  if (whole >= 0) squares = term.length ** 2;
  else {
    let at = 0;
    let run = 0;
    for (const char of term) {
      const next = text.indexOf(char, at);
      if (next < 0) return 0;
      if (next > at) {
        squares += run ** 2;
        run = 0;
      }
      run += char.length;
      at = next + char.length;
    }
    squares += run ** 2;
  }
  const together = squares / term.length ** 2;
  const covered = term.length / text.length;
  // A match at the beginning of a name is what was meant more often than one inside.
  const leads = whole === 0 || text[0] === term[0] ? 0.1 : 0;
  return together * (0.7 + 0.2 * covered + leads);
};

/** Share of the beginning that adds to similarity, and how much of the beginning counts. */
const PREFIX_WEIGHT = 0.1;
const LONGEST_PREFIX = 4;

/** Similarity of Jaro and Winkler: common characters near each other, transpositions, a common beginning. */
export const jaroWinkler: Score = (text, term) => {
  if (term === '' || text === term) return 1;
  const reach = Math.max(0, Math.floor(Math.max(text.length, term.length) / 2) - 1);
  const taken = new Uint8Array(text.length);
  const common: number[] = [];
  for (let i = 0; i < term.length; i++)
    for (let j = Math.max(0, i - reach); j < Math.min(text.length, i + reach + 1); j++)
      if (taken[j] === 0 && text[j] === term[i]) {
        taken[j] = 1;
        common.push(j);
        break;
      }
  const matches = common.length;
  if (matches === 0) return 0;
  const sorted = common.toSorted((a, b) => a - b);
  const moved = common.filter((j, i) => text[j] !== text[sorted[i]]).length / 2;
  const jaro = (matches / text.length + matches / term.length + (matches - moved) / matches) / 3;
  let prefix = 0;
  while (prefix < LONGEST_PREFIX && prefix < term.length && text[prefix] === term[prefix]) prefix++;
  return jaro + prefix * PREFIX_WEIGHT * (1 - jaro);
};
