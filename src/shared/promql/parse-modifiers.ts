import type { AtModifier, DurationNode, Expr, NumberLiteral, RangeMode, TimeModifiers } from './ast.ts';
import type { TokenStream } from './token-stream.ts';
import { assertNever, formatFixed, type Millis } from '#shared/model/index.ts';

/** A tree in the making. */
export type Draft = Expr;

const RANGES_ONLY = 'ranges only allowed for vector selectors';
/** Bounds of what fits 63 bits. */
const MAX_AT = 2 ** 63;

/** Milliseconds of a literal, cut as the original cuts nanoseconds. */
export function durationMillis(literal: NumberLiteral): Millis {
  return Math.trunc(Math.round(literal.value * 1e9) / 1e6) + 0;
}

/** Changes `@` and `offset` where they are kept, or says that this expression cannot have them. */
function modify(
  tokens: TokenStream,
  expr: Draft,
  keyword: 'offset' | '@',
  change: (old: TimeModifiers) => Partial<TimeModifiers> | null,
): Draft {
  switch (expr.kind) {
    case 'selector':
    case 'subquery': {
      const changed = change(expr);
      return changed === null ? expr : { ...expr, ...changed, to: tokens.lastClosing };
    }
    case 'matrix': {
      if ((expr.selector as Expr).kind !== 'selector') {
        tokens.report(expr, RANGES_ONLY);
        return expr;
      }
      const changed = change(expr.selector);
      if (changed === null) return expr;
      return { ...expr, selector: { ...expr.selector, ...changed }, to: tokens.lastClosing };
    }
    case 'number':
    case 'string':
    case 'unary':
    case 'binary':
    case 'aggregate':
    case 'call':
    case 'paren':
      tokens.report(
        expr,
        `${keyword} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
      );
      return expr;
    default:
      return assertNever(expr);
  }
}

export function applyOffset(tokens: TokenStream, expr: Draft, duration: DurationNode): Draft {
  return modify(tokens, expr, 'offset', (old) => {
    if (old.offset !== 0 || old.offsetExpr !== null) tokens.report(expr, 'offset may not be set multiple times');
    return duration.kind === 'number' ? { offset: durationMillis(duration) } : { offset: 0, offsetExpr: duration };
  });
}

export type WrittenAt = { readonly type: 'start' | 'end' } | { readonly type: 'seconds'; readonly seconds: number };

export function applyAt(tokens: TokenStream, expr: Draft, at: WrittenAt): Draft {
  if (at.type === 'seconds' && !(Math.abs(at.seconds) < MAX_AT))
    tokens.report(expr, `timestamp out of bounds for @ modifier: ${formatFixed(at.seconds)}`);
  const made: AtModifier =
    at.type === 'seconds' ? { type: 'time', time: roundHalfAway(at.seconds * 1000) } : { type: at.type };
  return modify(tokens, expr, '@', (old) => {
    if (old.at !== null) {
      tokens.report(expr, '@ <timestamp> may not be set multiple times');
      return null;
    }
    return { at: made };
  });
}

function roundHalfAway(value: number): number {
  return (value < 0 ? -Math.round(-value) : Math.round(value)) + 0;
}

export function applyMode(
  tokens: TokenStream,
  expr: Draft,
  mode: Exclude<RangeMode, 'plain'>,
  enabled: boolean,
): Draft {
  if (!enabled) {
    tokens.report(expr, `${mode} modifier is experimental and not enabled`);
    return expr;
  }
  const isOther = (old: RangeMode): boolean => old !== 'plain' && old !== mode;
  const together = 'anchored and smoothed modifiers cannot be used together';
  switch (expr.kind) {
    case 'selector':
      if (isOther(expr.mode)) tokens.report(expr, together);
      return { ...expr, mode };
    case 'matrix':
      // A range of something else is a problem that is reported already.
      if ((expr.selector as Expr).kind !== 'selector') return expr;
      if (isOther(expr.selector.mode)) tokens.report(expr, together);
      return { ...expr, selector: { ...expr.selector, mode } };
    case 'subquery':
      tokens.report(expr, `${mode} modifier is not supported for subqueries`);
      return expr;
    case 'number':
    case 'string':
    case 'unary':
    case 'binary':
    case 'aggregate':
    case 'call':
    case 'paren':
      tokens.report(expr, `${mode} modifier not implemented`);
      return expr;
    default:
      return assertNever(expr);
  }
}
