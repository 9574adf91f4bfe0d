/** A place in a text as people count: both from 1. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset; an offset behind the end counts as the end. */
export function lineColumnAt(text: string, offset: number): LineColumn {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length)));
  const line = before.split('\n').length;
  return { line, column: before.length - before.lastIndexOf('\n') };
}

/** Offset of a line and column; places outside the text are moved to its nearest end. */
export function offsetAt(text: string, { line, column }: LineColumn): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf('\n', start);
    if (next < 0) return text.length;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return Math.min(start + Math.max(0, column - 1), end < 0 ? text.length : end);
}

/** The offset at which the word or value at `offset` ends: what is underlined when only a start is known. */
export function wordEndAt(text: string, offset: number): number {
  const rest = /^[^\s,:#[\]{}"']+/.exec(text.slice(offset));
  const end = offset + (rest === null ? 1 : rest[0].length);
  return Math.min(end, text.length);
}
