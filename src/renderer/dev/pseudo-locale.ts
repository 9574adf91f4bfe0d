/** Vowels grow, as words of longer languages do; nobody mistakes the result for English. */
const LONGER: Readonly<Record<string, string>> = { a: 'ää', e: 'éé', i: 'ïï', o: 'öö', u: 'üü', y: 'ÿÿ' };
/** How much longer than English the interface has to bear. */
const GROWTH = 1.4;

/** A text 40 % longer; placeholders and tags stay as they are. */
export function stretchText(text: string): string {
  const parts = text.split(/(\{\{[^}]*\}\}|<[^>]*>)/);
  const letters = parts.filter((_, i) => i % 2 === 0).join('').length;
  let missing = Math.ceil(letters * (GROWTH - 1));
  return parts
    .map((part, i) => {
      if (i % 2 === 1) return part;
      const grown = part.replaceAll(/[aeiouy]/g, (vowel) => {
        if (missing <= 0) return vowel;
        missing--;
        return LONGER[vowel];
      });
      return grown;
    })
    .join('')
    .concat('~'.repeat(Math.max(0, missing)));
}

/** A catalogue with all of its texts stretched. */
export function stretchCatalogue(catalogue: object): object {
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? stretchText(value) : stretchCatalogue(value as object),
    ]),
  );
}
