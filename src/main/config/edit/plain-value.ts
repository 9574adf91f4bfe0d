import { isScalar, isSeq, visit, type Document, type Node } from 'yaml';
import { isNull, mapEntries, resolveNode, scalarText } from '../decode/yaml-source.ts';

/** The content of a node without its look: scalars are texts as written, null is nothing. */
export type Plain = string | null | readonly Plain[] | ReadonlyMap<string, Plain>;

/** What a place in a YAML text shall say. Numbers and truth values are written without quotes. */
export type Desired = string | number | boolean | null | readonly Desired[] | ReadonlyMap<string, Desired>;

const MAX_DEPTH = 40;

export function toPlain(node: unknown, document: Document | null, depth = 0): Plain {
  const resolved = resolveNode(node, document);
  if (resolved === null || isNull(resolved) || depth > MAX_DEPTH) return null;
  if (isScalar(resolved)) return scalarText(resolved);
  if (isSeq(resolved)) return resolved.items.map((item) => toPlain(item, document, depth + 1));
  const map = new Map<string, Plain>();
  for (const { key, value } of mapEntries(resolved, document)) map.set(key, toPlain(value, document, depth + 1));
  return map;
}

/** Whether the text already says what it shall. */
export function saysAlready(plain: Plain, desired: Desired): boolean {
  if (desired === null || desired === '') return plain === null || plain === '';
  if (typeof desired !== 'object') return plain === String(desired);
  if (isList(desired))
    return isList(plain) && plain.length === desired.length && desired.every((item, i) => saysAlready(plain[i], item));
  if (plain === null || typeof plain === 'string' || isList(plain) || plain.size !== desired.size) return false;
  for (const [key, item] of desired) if (!plain.has(key) || !saysAlready(plain.get(key) ?? null, item)) return false;
  return true;
}

function isList<T>(value: T | readonly T[] | ReadonlyMap<string, T>): value is readonly T[] {
  return Array.isArray(value);
}

/** Why text edits must keep away from a node: what is written there also counts elsewhere, or is not plain data. */
export function sharedBy(node: Node): 'anchor' | 'alias' | 'merge' | 'tag' | null {
  let found: 'anchor' | 'alias' | 'merge' | 'tag' | null = null;
  visit(node, {
    Alias() {
      found = 'alias';
      return visit.BREAK;
    },
    Node(_, inner) {
      if (inner.anchor !== undefined) found ??= 'anchor';
      else if (inner.tag !== undefined) found ??= 'tag';
    },
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === '<<') found = 'merge';
    },
  });
  return found;
}
