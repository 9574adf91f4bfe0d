import { quoteGo } from '#shared/model/index.ts';
import type { AggregateOp, BinaryOp } from './ast.ts';

/** Classes of tokens that the grammar tells apart by their text alone (`word`) or by their form. */
export type TokenType =
  | 'eof'
  | 'error'
  | 'comment'
  | 'identifier'
  | 'metric-identifier'
  | 'string'
  | 'number'
  | 'duration'
  | 'operator'
  | 'aggregator'
  | 'keyword'
  | 'preprocessor'
  | 'punctuation'
  | 'histogram-key'
  | 'histogram-hint';

export interface Token {
  readonly type: TokenType;
  /** What the token is, in one spelling: `==`, `sum`, `offset`, `(`; equal to `text` for identifiers and literals. */
  readonly word: string;
  /** As written; the message of an error token. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Binding strength of binary operators; higher binds tighter. `^` is right associative, all others left. */
export const BINARY_PRECEDENCE: ReadonlyMap<string, number> = new Map<BinaryOp, number>([
  ['or', 1],
  ['and', 2],
  ['unless', 2],
  ['==', 3],
  ['!=', 3],
  ['<', 3],
  ['<=', 3],
  ['>', 3],
  ['>=', 3],
  ['</', 3],
  ['>/', 3],
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
  ['%', 5],
  ['atan2', 5],
  ['^', 6],
]);

const WORD_OPERATORS: readonly string[] = ['and', 'or', 'unless', 'atan2'];
export const AGGREGATE_OPS: readonly AggregateOp[] = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
];
const KEYWORDS: readonly string[] = [
  'offset',
  'smoothed',
  'anchored',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'fill',
  'fill_left',
  'fill_right',
  'bool',
];
const PREPROCESSORS: readonly string[] = ['start', 'end', 'step', 'range', 'max_of', 'min_of'];

/** What a word (in lower case) is when it is not just a name. */
export const RESERVED_WORDS: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ...WORD_OPERATORS.map((word) => [word, 'operator'] as const),
  ...AGGREGATE_OPS.map((word) => [word, 'aggregator'] as const),
  ...KEYWORDS.map((word) => [word, 'keyword'] as const),
  ...PREPROCESSORS.map((word) => [word, 'preprocessor'] as const),
  ['inf', 'number'],
  ['nan', 'number'],
]);

/** Words that can stand for a duration inside brackets. */
export const DURATION_WORDS: ReadonlySet<string> = new Set(['step', 'range', 'max_of', 'min_of']);

const NOT_A_METRIC: ReadonlySet<string> = new Set(['bool', 'on', 'ignoring', 'group_left', 'group_right', 'atan2']);

/** Whether the token can be a metric name where one is expected. */
export function canBeMetricName(token: Token): boolean {
  switch (token.type) {
    case 'identifier':
    case 'metric-identifier':
    case 'aggregator':
    case 'preprocessor':
      return true;
    case 'keyword':
      return !NOT_A_METRIC.has(token.word);
    case 'operator':
      return WORD_OPERATORS.includes(token.word) && !NOT_A_METRIC.has(token.word);
    case 'eof':
    case 'error':
    case 'comment':
    case 'string':
    case 'number':
    case 'duration':
    case 'punctuation':
    case 'histogram-key':
    case 'histogram-hint':
      return false;
  }
}

/** Whether the token can be a label name in `by (...)`, `on (...)` and the like. */
export function canBeLabelName(token: Token): boolean {
  switch (token.type) {
    case 'identifier':
    case 'metric-identifier':
    case 'aggregator':
    case 'preprocessor':
      return true;
    case 'keyword':
      return token.word !== 'without';
    case 'operator':
      return WORD_OPERATORS.includes(token.word);
    case 'eof':
    case 'error':
    case 'comment':
    case 'string':
    case 'number':
    case 'duration':
    case 'punctuation':
    case 'histogram-key':
    case 'histogram-hint':
      return false;
  }
}

/** Numbers that the original shows for tokens without a spelling of their own. */
const HISTOGRAM_ITEM_NUMBERS: Readonly<Record<string, number>> = {
  sum: 57370,
  count: 57371,
  schema: 57372,
  offset: 57373,
  n_offset: 57374,
  buckets: 57375,
  n_buckets: 57376,
  z_bucket: 57377,
  z_bucket_w: 57378,
  custom_values: 57379,
  counter_reset_hint: 57380,
};
const HINT_ITEM_NUMBERS: Readonly<Record<string, number>> = {
  unknown: 57445,
  reset: 57446,
  not_reset: 57447,
  gauge: 57448,
};

export const HISTOGRAM_KEYS: ReadonlySet<string> = new Set(Object.keys(HISTOGRAM_ITEM_NUMBERS));
export const HISTOGRAM_HINTS: ReadonlySet<string> = new Set(Object.keys(HINT_ITEM_NUMBERS));

const SHOWN = 10;

/** Texts of more than ten bytes are cut after ten characters. */
function shorten(text: string): string {
  if (new TextEncoder().encode(text).length <= SHOWN) return quoteGo(text);
  return `${quoteGo(Array.from(text).slice(0, SHOWN).join(''))}...`;
}

/** The token as error messages name it: `identifier "x"`, `<op:==>`, `<by>`, `"("`, `end of input`. */
export function describeToken(token: Token): string {
  switch (token.type) {
    case 'eof':
      return 'end of input';
    case 'identifier':
      return `identifier ${quoteGo(token.text)}`;
    case 'metric-identifier':
      return `metric identifier ${quoteGo(token.text)}`;
    case 'string':
      return `string ${shorten(token.text)}`;
    case 'number':
      return `number ${shorten(token.text)}`;
    case 'duration':
      return `duration ${shorten(token.text)}`;
    case 'operator':
      return `<op:${token.text}>`;
    case 'aggregator':
      return `<aggr:${token.text}>`;
    case 'keyword':
      return `<${token.text}>`;
    case 'preprocessor':
    case 'punctuation':
      return shorten(token.text);
    case 'histogram-key':
      return `"<Item ${HISTOGRAM_ITEM_NUMBERS[token.word]}>" ${shorten(token.text)}`;
    case 'histogram-hint':
      return `"<Item ${HINT_ITEM_NUMBERS[token.word]}>" ${shorten(token.text)}`;
    case 'error':
    case 'comment':
      return `${token.type} ${token.text}`;
  }
}
