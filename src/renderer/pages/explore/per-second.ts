import { ALL_PARSER_OPTIONS, parseExpr, PromqlParseError } from '#shared/promql/index.ts';
import { getLabelOfMatchers } from './selectors.ts';

const GROWING = /_(?:total|bucket|count)$/;

/** A counter that is looked at as it is, and the query that says how fast it grows; null for any other query. */
export function perSecondQuery(
  text: string,
  rateWindow: string,
): { readonly metric: string; readonly query: string } | null {
  try {
    const expr = parseExpr(text, ALL_PARSER_OPTIONS);
    if (expr.kind !== 'selector') return null;
    const metric = getLabelOfMatchers(expr.matchers);
    // With `@` or an offset somebody means a certain moment.
    if (!GROWING.test(metric) || expr.at !== null || expr.offset !== 0 || expr.offsetExpr !== null) return null;
    return { metric, query: `rate(${text.trim()}[${rateWindow}])` };
  } catch (error) {
    if (error instanceof PromqlParseError) return null;
    throw error;
  }
}
