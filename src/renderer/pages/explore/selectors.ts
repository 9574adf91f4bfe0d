import { METRIC_NAME, type Matcher } from '#shared/model/index.ts';
import { ALL_PARSER_OPTIONS, parseExpr, PromqlParseError, walk, type VectorSelector } from '#shared/promql/index.ts';

/** The metric name that the conditions fix, or `''`. */
export function getLabelOfMatchers(matchers: readonly Matcher[]): string {
  return matchers.find((matcher) => matcher.name === METRIC_NAME && matcher.type === '=')?.value ?? '';
}

/** Every selector of a query, in the order they are written; none when it does not parse. */
export function selectorsOf(text: string): readonly VectorSelector[] {
  try {
    const found: VectorSelector[] = [];
    walk(parseExpr(text, ALL_PARSER_OPTIONS), (node) => {
      if (node.kind === 'selector') found.push(node);
    });
    return found.sort((a, b) => a.from - b.from);
  } catch (error) {
    if (error instanceof PromqlParseError) return [];
    throw error;
  }
}

/** The name under which the colours of a query's series are remembered: that of its metric. */
export function colourName(text: string): string {
  const name = selectorsOf(text)
    .map((selector) => getLabelOfMatchers(selector.matchers))
    .find((metric) => metric !== '');
  return name === undefined ? 'explore' : name.replace(/_(?:bucket|count|sum|total)$/, '');
}
