import { ALL_PARSER_OPTIONS, parseExpr, PromqlParseError } from '#shared/promql/index.ts';
import { lineColumnAt, type TextProblem } from '../../editor/index.ts';

/** What is wrong with a query, as the core would say it; empty when it can run. */
export function checkQuery(text: string): readonly TextProblem[] {
  if (text.trim() === '') return [];
  try {
    // Which experimental parts are allowed, the core knows; it says so when the query runs.
    parseExpr(text, ALL_PARSER_OPTIONS);
    return [];
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
    return error.problems.map(({ from, to, message }) => ({ from, to, message, severity: 'error' }));
  }
}

/** `1:42`, both from 1. */
export function placeOf(text: string, problem: TextProblem): string {
  const { line, column } = lineColumnAt(text, problem.from);
  return `${line}:${column}`;
}
