/** A replacement of the text between two offsets. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Applies splices that do not overlap. New text takes on the line ends of the old. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const crlf = text.includes('\r\n');
  const pieces: string[] = [];
  let done = 0;
  for (const splice of splices.toSorted((a, b) => a.from - b.from)) {
    pieces.push(text.slice(done, splice.from), crlf ? splice.text.replace(/\r?\n/g, '\r\n') : splice.text);
    done = splice.to;
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset after the line break of the line that `offset` is in; the end of the text for the last line. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** 0-based. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Inserts whole lines at the start of a line or at the end of the text, whose last line may lack its line break. */
export function insertLines(text: string, at: number, lines: string): Splice {
  const broken = at === 0 || text[at - 1] === '\n';
  return { from: at, to: at, text: broken ? `${lines}\n` : `\n${lines}\n` };
}
