import { assertNever } from '#shared/model/index.ts';
import type { Expr } from './ast.ts';

/** The sub-expressions of a node, in the order of the original's tree (an aggregation's operand before its parameter). */
export function childrenOf(node: Expr): readonly Expr[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'matrix':
      return [node.selector];
    case 'subquery':
    case 'unary':
    case 'paren':
      return [node.expr];
    case 'binary':
      return [node.left, node.right];
    case 'aggregate':
      return node.param === null ? [node.expr] : [node.expr, node.param];
    case 'call':
      return node.args;
    default:
      return assertNever(node);
  }
}

/**
 * Visits the tree depth first, parents before children, with the path from the root to the node's parent.
 * `visit` returns false to leave a node's children out.
 */
export function walk(
  node: Expr,
  visit: (node: Expr, path: readonly Expr[]) => boolean | undefined | void,
  path: readonly Expr[] = [],
): void {
  if (visit(node, path) === false) return;
  const children = childrenOf(node);
  if (children.length === 0) return;
  const childPath = [...path, node];
  for (const child of children) walk(child, visit, childPath);
}

/** The tree with every node replaced by what `change` makes of it, children first. Unchanged parts are shared. */
export function transform(node: Expr, change: (node: Expr) => Expr): Expr {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return change(node);
    case 'matrix': {
      const selector = transform(node.selector, change);
      if (selector.kind !== 'selector') throw new Error('a range selector needs a vector selector');
      return change(selector === node.selector ? node : { ...node, selector });
    }
    case 'subquery':
    case 'unary':
    case 'paren': {
      const expr = transform(node.expr, change);
      return change(expr === node.expr ? node : { ...node, expr });
    }
    case 'binary': {
      const left = transform(node.left, change);
      const right = transform(node.right, change);
      return change(left === node.left && right === node.right ? node : { ...node, left, right });
    }
    case 'aggregate': {
      const expr = transform(node.expr, change);
      const param = node.param === null ? null : transform(node.param, change);
      return change(expr === node.expr && param === node.param ? node : { ...node, expr, param });
    }
    case 'call': {
      const args = node.args.map((arg) => transform(arg, change));
      return change(args.every((arg, i) => arg === node.args[i]) ? node : { ...node, args });
    }
    default:
      return assertNever(node);
  }
}
