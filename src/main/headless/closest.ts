/** Edits (insert, delete, replace) from one text to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

/** The candidate nearest to what was typed, or null when none is near. */
export function closest(typed: string, candidates: readonly string[]): string | null {
  const ranked = candidates.map((name) => ({ name, edits: distance(typed, name) })).sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  if (best !== undefined && best.edits <= Math.max(2, Math.floor(typed.length / 3))) return best.name;
  return candidates.find((name) => name.endsWith(`.${typed}`) || name.startsWith(typed)) ?? null;
}
