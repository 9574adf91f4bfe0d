import { diffLines } from 'diff';

/** A line of a comparison, as it is shown. Numbers count from 1; null where the line is not in that text. */
export type DiffLine =
  | {
      readonly kind: 'same' | 'added' | 'removed';
      readonly text: string;
      readonly before: number | null;
      readonly after: number | null;
    }
  /** So many lines that did not change are left out. */
  | { readonly kind: 'skipped'; readonly count: number };

/** Lines of agreement shown around each change. */
const CONTEXT = 3;

/** What changed from one text to the other, line by line, with a little around it. Empty when nothing did. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  if (before === after) return [];
  const all: Exclude<DiffLine, { kind: 'skipped' }>[] = [];
  let beforeLine = 0;
  let afterLine = 0;
  for (const part of diffLines(before, after)) {
    const lines = part.value.replace(/\n$/, '').split('\n');
    for (const text of lines) {
      if (part.added) all.push({ kind: 'added', text, before: null, after: ++afterLine });
      else if (part.removed) all.push({ kind: 'removed', text, before: ++beforeLine, after: null });
      else all.push({ kind: 'same', text, before: ++beforeLine, after: ++afterLine });
    }
  }
  const near = all.map(() => false);
  for (const [i, line] of all.entries()) {
    if (line.kind === 'same') continue;
    near.fill(true, Math.max(0, i - CONTEXT), Math.min(all.length, i + CONTEXT + 1));
  }
  const shown: DiffLine[] = [];
  let skipped = 0;
  for (const [i, line] of all.entries()) {
    if (near[i]) {
      if (skipped > 0) shown.push({ kind: 'skipped', count: skipped });
      skipped = 0;
      shown.push(line);
    } else skipped++;
  }
  if (skipped > 0) shown.push({ kind: 'skipped', count: skipped });
  return shown;
}

export function countChanges(diff: readonly DiffLine[]): { readonly added: number; readonly removed: number } {
  return {
    added: diff.filter((line) => line.kind === 'added').length,
    removed: diff.filter((line) => line.kind === 'removed').length,
  };
}
