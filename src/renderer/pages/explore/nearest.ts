/** The names closest to a wanted one, best first: those that contain it or a part of it, then those few letters away. */
export function nearestNames(wanted: string, names: readonly string[], most = 3): readonly string[] {
  const scored = names
    .filter((name) => name !== wanted)
    .map((name) => ({ name, score: distance(wanted, name) - 2 * sharedParts(wanted, name) }))
    .filter(({ name, score }) => score <= Math.max(2, Math.min(wanted.length, name.length) * 0.5));
  return scored
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

function sharedParts(a: string, b: string): number {
  const parts = new Set(a.split('_').filter((part) => part.length > 2));
  return b.split('_').filter((part) => parts.has(part)).length;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + cost));
    }
    row = next;
  }
  return row[b.length];
}
