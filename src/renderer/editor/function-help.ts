import {
  AGGREGATE_OPS,
  EXPERIMENTAL_AGGREGATES,
  functionNamed,
  PARAM_AGGREGATES,
  type FunctionSignature,
  type ValueType,
} from '#shared/promql/index.ts';

/** An argument of a function as signature help shows it. */
export interface Argument {
  readonly name: string;
  readonly optional: boolean;
  /** Any number of further ones. */
  readonly repeated: boolean;
}

/** A function or aggregation with what a person has to know to call it. */
export interface FunctionHelp {
  readonly name: string;
  readonly args: readonly Argument[];
  readonly returns: ValueType;
  readonly experimental: boolean;
  /** Null where the words are in the catalogue, under the name. */
  readonly doc: string | null;
}

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  vector: 'instant-vector',
  matrix: 'range-vector',
  scalar: 'scalar',
  string: 'string',
};

/** What arguments mean, where their type does not say it. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  clamp: ['v', 'min', 'max'],
  clamp_max: ['v', 'max'],
  clamp_min: ['v', 'min'],
  double_exponential_smoothing: ['v', 'smoothing-factor', 'trend-factor'],
  histogram_fraction: ['lower', 'upper', 'v'],
  histogram_quantile: ['φ', 'buckets'],
  histogram_quantiles: ['buckets', 'label', 'φ'],
  info: ['v', 'data-labels'],
  label_join: ['v', 'target-label', 'separator', 'source-label'],
  label_replace: ['v', 'target-label', 'replacement', 'source-label', 'regex'],
  predict_linear: ['v', 'seconds-ahead'],
  quantile_over_time: ['φ', 'v'],
  round: ['v', 'to-nearest'],
  sort_by_label: ['v', 'label'],
  sort_by_label_desc: ['v', 'label'],
};

/** Aggregations' parameters. */
const PARAMETERS: Readonly<Record<string, string>> = {
  topk: 'k',
  bottomk: 'k',
  limitk: 'k',
  limit_ratio: 'ratio',
  quantile: 'φ',
  count_values: 'label',
};

/** Everything that can be called, sorted by name. */
export function helpFor(name: string): FunctionHelp | null {
  const signature = functionNamed(name);
  if (signature !== null) {
    const { returns, experimental, doc } = signature;
    return { name, args: argumentsOf(name, signature), returns, experimental, doc };
  }
  if (!isAggregation(name)) return null;
  const parameter = PARAM_AGGREGATES.has(name)
    ? [{ name: PARAMETERS[name] ?? 'k', optional: false, repeated: false }]
    : [];
  return {
    name,
    args: [...parameter, { name: TYPE_NAMES.vector, optional: false, repeated: false }],
    returns: 'vector',
    experimental: EXPERIMENTAL_AGGREGATES.has(name),
    doc: null,
  };
}

export function isAggregation(name: string): boolean {
  return AGGREGATE_OPS.some((op) => op === name);
}

function argumentsOf(name: string, { args, variadic }: FunctionSignature): readonly Argument[] {
  const names = NAMES[name] ?? [];
  return args.map((type, i) => {
    const last = i === args.length - 1;
    return {
      name: names[i] ?? (type === 'vector' || type === 'matrix' ? TYPE_NAMES[type] : TYPE_NAMES[type]),
      optional: last && variadic !== 0,
      repeated: last && (variadic < 0 || variadic > 1),
    };
  });
}

/** `clamp(v, min, max)`, optional arguments in brackets. */
export function signatureText({ name, args }: FunctionHelp): string {
  return `${name}(${args.map(argumentText).join(', ')})`;
}

export function argumentText({ name, optional, repeated }: Argument): string {
  const text = repeated ? `${name}…` : name;
  return optional ? `[${text}]` : text;
}

/** The call that a place of the text is in. */
export interface CallAt {
  readonly name: string;
  /** Offset of the name. */
  readonly from: number;
  /** Index of the argument that the place is in. */
  readonly argument: number;
}

/** Words that stand between an aggregation and its parentheses. */
const GROUPING = /\b(?:by|without)\s*$/;

/**
 * The innermost call around a place, also in a text that does not parse yet. Text in quotes and comments is no code; the
 * parentheses of `by (...)` belong to no call.
 */
export function callAt(text: string, at: number): CallAt | null {
  const open: { readonly name: string; readonly from: number; argument: number }[] = [];
  for (let i = 0; i < at; i++) {
    const char = text[i];
    if (char === '"' || char === "'" || char === '`') {
      i = endOfString(text, i);
      if (i >= at) return null;
    } else if (char === '#') {
      const end = text.indexOf('\n', i);
      if (end < 0 || end >= at) return null;
      i = end;
    } else if (char === '(') open.push(callBefore(text, i));
    else if (char === '{' || char === '[') open.push({ name: '', from: i, argument: 0 });
    else if (char === ')' || char === '}' || char === ']') open.pop();
    else if (char === ',') {
      const last = open.at(-1);
      if (last !== undefined) last.argument++;
    }
  }
  // Parentheses that only group are looked through, braces are not: a selector is no place for a function's help.
  for (let i = open.length - 1; i >= 0; i--) {
    const { name, from, argument } = open[i];
    if (name !== '') return { name, from, argument };
    if (text[from] !== '(') return null;
  }
  return null;
}

function endOfString(text: string, start: number): number {
  const quote = text[start];
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote !== '`') i++;
    else if (text[i] === quote) return i;
  }
  return text.length;
}

function callBefore(text: string, paren: number): { readonly name: string; readonly from: number; argument: number } {
  const before = text.slice(0, paren);
  const none = { name: '', from: paren, argument: 0 };
  if (GROUPING.test(before)) return { ...none, from: paren };
  // `sum by (a) (`: what was before the grouping is what is called.
  const grouped = /([a-zA-Z_]\w*)\s*(?:by|without)\s*\([^()]*\)\s*$/.exec(before) ?? /([a-zA-Z_]\w*)\s*$/.exec(before);
  if (grouped === null) return none;
  const name = grouped[1];
  return helpFor(name) === null ? none : { name, from: grouped.index, argument: 0 };
}
