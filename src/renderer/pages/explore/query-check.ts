import { parseExpr, PromqlParseError } from '#shared/promql/index.ts';
import type { ErrorDetail } from '#shared/contract/index.ts';
import { lineColumnAt, type TextProblem } from '../../editor/index.ts';

/** What is wrong with a query, as the core would say it; empty when it can run. */
export function checkQuery(text: string): readonly TextProblem[] {
  if (text.trim() === '') return [];
  try {
    parseExpr(text);
    return [];
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
    return error.problems.map(({ from, to, message }) => ({ from, to, message, severity: 'error' }));
  }
}

/** An error of the core as a mark in the text it was about; null when it is not about a place. */
export function problemOf(error: ErrorDetail): TextProblem | null {
  if (error.kind !== 'query-parse') return null;
  return { from: error.from, to: error.to, message: error.message, severity: 'error' };
}

/** `1:42`, both from 1. */
export function placeOf(text: string, problem: TextProblem): string {
  const { line, column } = lineColumnAt(text, problem.from);
  return `${line}:${column}`;
}
