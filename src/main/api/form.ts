/** Percent-decoded, with a plus for each space. @throws URIError where it is not UTF-8 or an escape is cut off */
function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  return spaced.includes('%') ? decodeURIComponent(spaced) : spaced;
}

function readPlain(text: string): string[] {
  const pairs: string[] = [];
  for (let at = 0; at < text.length;) {
    const found = text.indexOf('&', at);
    const end = found < 0 ? text.length : found;
    const equals = text.indexOf('=', at);
    const nameEnd = equals < 0 || equals > end ? end : equals;
    if (end > at) pairs.push(decode(text.slice(at, nameEnd)), decode(text.slice(Math.min(end, nameEnd + 1), end)));
    at = end + 1;
  }
  return pairs;
}

/**
 * Names and values, one after the other, of a form (`application/x-www-form-urlencoded`) or of what stands behind the
 * question mark of an address. As URLSearchParams reads them, which takes longer to be asked than a small query.
 */
export function readForm(text: string): readonly string[] {
  try {
    return readPlain(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    // It knows what to make of bytes that are no text. A leading question mark is not part of what it reads.
    return [...new URLSearchParams(`?${text}`)].flat();
  }
}
