import {
  format,
  functionNamed,
  parseExpr,
  PromqlParseError,
  type AtModifier,
  type Expr,
  type TimeModifiers,
  type VectorSelector,
} from '#shared/promql/index.ts';
import { assertNever } from '#shared/model/index.ts';
import type { Call, Endpoint } from './context.ts';
import { badParameter } from './errors.ts';
import { formatValue } from '#main/json/index.ts';
import { dataResponse } from './response.ts';

function parse({ parameters, api }: Call): Expr {
  try {
    return parseExpr(parameters.text('query'), api.parserOptions);
  } catch (error) {
    if (error instanceof PromqlParseError) throw badParameter('query', error.located);
    throw error;
  }
}

export const formatQuery: Endpoint = (call) => {
  const text = format(parse(call));
  return dataResponse((out) => out.value(text));
};

export const parseQuery: Endpoint = (call) => {
  const tree = nodeJson(parse(call));
  return dataResponse((out) => out.value(tree));
};

function atJson(at: AtModifier | null): { timestamp: number | null; startOrEnd: 'start' | 'end' | null } {
  if (at === null) return { timestamp: null, startOrEnd: null };
  return at.type === 'time' ? { timestamp: at.time, startOrEnd: null } : { timestamp: null, startOrEnd: at.type };
}

function timesJson({ offset, at }: TimeModifiers): object {
  return { offset, ...atJson(at) };
}

function selectorJson(selector: VectorSelector): object {
  return {
    name: selector.name,
    matchers: selector.matchers.map(({ name, value, type }) => ({ name, value, type })),
    ...timesJson(selector),
    anchored: selector.mode === 'anchored',
    smoothed: selector.mode === 'smoothed',
  };
}

/** The tree in the shape that Prometheus's own interface draws it from. */
function nodeJson(expr: Expr): object {
  switch (expr.kind) {
    case 'number':
      return { type: 'numberLiteral', val: formatValue(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value };
    case 'paren':
      return { type: 'parenExpr', expr: nodeJson(expr.expr) };
    case 'unary':
      return { type: 'unaryExpr', op: expr.op, expr: nodeJson(expr.expr) };
    case 'selector':
      return { type: 'vectorSelector', ...selectorJson(expr) };
    case 'matrix':
      return { type: 'matrixSelector', range: expr.range, ...selectorJson(expr.selector) };
    case 'subquery':
      return {
        type: 'subquery',
        expr: nodeJson(expr.expr),
        range: expr.range,
        step: expr.step,
        ...timesJson(expr),
      };
    case 'aggregate':
      return {
        type: 'aggregation',
        op: expr.op,
        expr: nodeJson(expr.expr),
        param: expr.param === null ? null : nodeJson(expr.param),
        grouping: expr.grouping,
        without: expr.without,
      };
    case 'binary': {
      const { matching } = expr;
      return {
        type: 'binaryExpr',
        op: expr.op,
        lhs: nodeJson(expr.left),
        rhs: nodeJson(expr.right),
        matching:
          matching === null
            ? null
            : {
                card: matching.card,
                labels: matching.labels,
                on: matching.on,
                include: matching.include,
                fillValues: { lhs: matching.fillLeft, rhs: matching.fillRight },
              },
        bool: expr.bool,
      };
    }
    case 'call': {
      const spec = functionNamed(expr.func);
      return {
        type: 'call',
        func: {
          name: expr.func,
          argTypes: spec?.args,
          variadic: spec?.variadic,
          returnType: spec?.returns,
        },
        args: expr.args.map(nodeJson),
      };
    }
    default:
      return assertNever(expr);
  }
}
