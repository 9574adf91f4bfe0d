import type { QueryNotes } from '#shared/contract/index.ts';
import { ALL_PARSER_OPTIONS, parseExpr, PromqlParseError, walk, type TextRange } from '#shared/promql/index.ts';
import type { TextProblem } from '../../editor/index.ts';

/** `PromQL info: text (1:15)`: what kind, the text itself, and its line and column (from 1, the column in bytes of UTF-8). */
const PARTS = /^(?:PromQL (?:warning|info): )?(.*?)(?: \((\d+):(\d+)\))?$/s;

/** What the engine remarked about a query, each at its place in the text. */
export function annotationsOf(text: string, { warnings, infos }: QueryNotes): readonly TextProblem[] {
  return [
    ...warnings.map((note) => annotationOf(text, note, 'warning')),
    ...infos.map((note) => annotationOf(text, note, 'info')),
  ];
}

function annotationOf(text: string, note: string, severity: 'warning' | 'info'): TextProblem {
  const [, message = note, line, column] = PARTS.exec(note) ?? [];
  if (line === undefined || column === undefined) return { from: 0, to: 0, message, severity };
  const from = offsetOfBytes(text, Number(line), Number(column));
  return { ...nodeAt(text, from), message, severity };
}

/** UTF-16 offset of a line and a column that counts bytes. */
function offsetOfBytes(text: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  let bytes = 1;
  for (const char of text.slice(start)) {
    if (bytes >= column) break;
    bytes += new TextEncoder().encode(char).length;
    start += char.length;
  }
  return start;
}

/** The smallest part of the query that starts there; an annotation names the start alone. */
function nodeAt(text: string, from: number): TextRange {
  let found: TextRange = { from, to: Math.min(text.length, from + 1) };
  try {
    let shortest = Infinity;
    walk(parseExpr(text, ALL_PARSER_OPTIONS), (node) => {
      if (node.from !== from || node.to - node.from >= shortest) return;
      shortest = node.to - node.from;
      found = { from, to: node.to };
    });
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
  }
  return found;
}
