import type { ChangeObject } from 'diff';

/** Lines `from` up to but without `to` of the base become these. */
interface LineEdit {
  readonly from: number;
  readonly to: number;
  readonly lines: string;
}

/**
 * What `base` becomes when two sets of changes, which were made without knowing of each other, are both made. Null when they touch or
 * lie side by side: then only a person can tell what is meant.
 */
export async function mergeTexts(base: string, mine: string, theirs: string): Promise<string | null> {
  if (base === mine) return theirs;
  if (base === theirs) return mine;
  // Only undoing needs it.
  const { diffLines } = await import('diff');
  const a = editsOf(diffLines(base, mine));
  const b = editsOf(diffLines(base, theirs));
  if (a.some((one) => b.some((other) => one.from <= other.to && other.from <= one.to))) return null;
  const lines = base.split(/(?<=\n)/);
  let merged = '';
  let at = 0;
  for (const edit of [...a, ...b].sort((x, y) => x.from - y.from)) {
    merged += lines.slice(at, edit.from).join('') + edit.lines;
    at = edit.to;
  }
  return merged + lines.slice(at).join('');
}

/** What a comparison says, line by line of its first text. */
function editsOf(parts: readonly ChangeObject<string>[]): readonly LineEdit[] {
  const edits: LineEdit[] = [];
  let line = 0;
  let open: { from: number; to: number; lines: string } | null = null;
  for (const part of parts) {
    if (!part.added && !part.removed) {
      if (open !== null) edits.push(open);
      open = null;
      line += part.count;
      continue;
    }
    open ??= { from: line, to: line, lines: '' };
    if (part.added) open.lines += part.value;
    else {
      line += part.count;
      open.to = line;
    }
  }
  if (open !== null) edits.push(open);
  return edits;
}
