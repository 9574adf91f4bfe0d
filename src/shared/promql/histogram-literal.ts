import { HINT_UNKNOWN, hintOf, type CounterResetHint, type Histogram } from '#shared/model/index.ts';
import { parseNumber } from './literals.ts';
import type { TokenStream } from './token-stream.ts';

export interface HistogramLiteral {
  readonly histogram: Histogram;
  /** The counter reset hint was written, not left to its default. */
  readonly hintWritten: boolean;
}

type Field =
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'list'; readonly value: readonly number[] }
  | { readonly type: 'hint'; readonly value: CounterResetHint };

const FIELD_TYPES: Readonly<Record<string, Field['type'] | 'unsigned'>> = {
  schema: 'integer',
  sum: 'number',
  count: 'number',
  z_bucket: 'number',
  z_bucket_w: 'unsigned',
  custom_values: 'list',
  buckets: 'list',
  offset: 'integer',
  n_buckets: 'list',
  n_offset: 'integer',
  counter_reset_hint: 'hint',
};

/** Reads `{{key:value ...}}`. */
export function parseHistogramLiteral(tokens: TokenStream): HistogramLiteral {
  tokens.expect('{{');
  const fields = new Map<string, Field>();
  const empty = tokens.accept(' ') !== null || tokens.at('}}');
  if (empty) tokens.expect('}}');
  else {
    addField(tokens, fields);
    tokens.explain('histogram description', 'histogram description key, e.g. buckets:[5 10 7]', () => {
      while (tokens.accept('}}') === null) {
        tokens.expect(' ');
        if (!tokens.at('}}')) addField(tokens, fields);
      }
    });
  }
  return build(fields);
}

function addField(tokens: TokenStream, fields: Map<string, Field>): void {
  const key = tokens.peek().type === 'histogram-key' ? tokens.take().word : tokens.misfit();
  tokens.expect(':');
  const field = parseField(tokens, FIELD_TYPES[key]);
  if (fields.has(key)) tokens.report({ from: 0, to: 0 }, `duplicate key "${key}" in histogram`);
  else fields.set(key, field);
}

function parseField(tokens: TokenStream, type: Field['type'] | 'unsigned'): Field {
  switch (type) {
    case 'integer': {
      const negative = tokens.accept('-') !== null;
      const value = parseUnsigned(tokens);
      return { type, value: negative ? -value : value };
    }
    case 'unsigned':
      return { type: 'number', value: unsignedNumber(tokens) };
    case 'number':
      return { type, value: signedNumber(tokens) };
    case 'list':
      return { type, value: numberList(tokens) };
    case 'hint': {
      const token = tokens.peek();
      if (token.type !== 'histogram-hint') tokens.misfit();
      return { type, value: hintOf(tokens.take().word) ?? HINT_UNKNOWN };
    }
  }
}

function unsignedNumber(tokens: TokenStream): number {
  const token = tokens.peek();
  if (token.type !== 'number') tokens.misfit();
  tokens.take();
  const parsed = parseNumber(token.text);
  if (!parsed.ok) tokens.report(token, parsed.message);
  return parsed.ok ? parsed.value : 0;
}

function signedNumber(tokens: TokenStream): number {
  if (tokens.accept('-') !== null) return -unsignedNumber(tokens);
  tokens.accept('+');
  return unsignedNumber(tokens);
}

function numberList(tokens: TokenStream): number[] {
  tokens.expect('[');
  const list = [signedNumber(tokens)];
  while (tokens.accept(']') === null) {
    tokens.expect(' ');
    if (!tokens.at(']')) list.push(signedNumber(tokens));
  }
  return list;
}

/** A whole number without sign, in decimal: repetitions and bucket indexes. */
export function parseUnsigned(tokens: TokenStream): number {
  const token = tokens.peek();
  if (token.type !== 'number') tokens.misfit();
  tokens.take();
  if (/^[0-9]+$/.test(token.text)) return Number(token.text);
  tokens.report(
    token,
    `invalid repetition in series values: strconv.ParseUint: parsing "${token.text}": invalid syntax`,
  );
  return 0;
}

function build(fields: ReadonlyMap<string, Field>): HistogramLiteral {
  const number = (key: string): number => {
    const field = fields.get(key);
    return field?.type === 'number' || field?.type === 'integer' ? field.value : 0;
  };
  const list = (key: string): readonly number[] => {
    const field = fields.get(key);
    return field?.type === 'list' ? field.value : [];
  };
  const spans = (offset: string, buckets: readonly number[]): readonly number[] =>
    buckets.length === 0 ? [] : [number(offset), buckets.length];
  const hint = fields.get('counter_reset_hint');
  const positive = list('buckets');
  const negative = list('n_buckets');
  return {
    hintWritten: hint !== undefined,
    histogram: {
      schema: number('schema'),
      counterResetHint: hint?.type === 'hint' ? hint.value : HINT_UNKNOWN,
      zeroThreshold: number('z_bucket_w'),
      zeroCount: number('z_bucket'),
      count: number('count'),
      sum: number('sum'),
      positiveSpans: spans('offset', positive),
      negativeSpans: spans('n_offset', negative),
      positiveBuckets: positive,
      negativeBuckets: negative,
      customValues: list('custom_values'),
    },
  };
}
