/** Which experimental parts of the language are allowed. */
export interface ParserOptions {
  readonly experimentalFunctions: boolean;
  readonly durationExpressions: boolean;
  readonly extendedRangeSelectors: boolean;
  readonly binopFillModifiers: boolean;
}

/** What Prometheus 3.14 allows without feature flags. */
export const DEFAULT_PARSER_OPTIONS: ParserOptions = {
  experimentalFunctions: false,
  durationExpressions: true,
  extendedRangeSelectors: false,
  binopFillModifiers: false,
};

export const ALL_PARSER_OPTIONS: ParserOptions = {
  experimentalFunctions: true,
  durationExpressions: true,
  extendedRangeSelectors: true,
  binopFillModifiers: true,
};
