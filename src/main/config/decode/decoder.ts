import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { quoteGo } from '#shared/model/index.ts';
import { isNull, resolveNode, scalarText, type Position, type Problem, type YamlSource } from './yaml-source.ts';

/** Reads one kind of value out of a YAML node. */
export interface Decoder<T> {
  /** Name of the type, as error texts say it. */
  readonly type: string;
  /** Value of a key that is written but null. */
  zero(): T;
  /** `node` is not null. On a problem it is reported to `context` and any value is returned. */
  decode(node: Node, context: DecodeContext): T;
}

/** What decoders share while one file is read. Collects all problems, not just the first. */
export class DecodeContext {
  readonly source: YamlSource;
  readonly problems: Problem[] = [];
  /** Scalars that hold secrets, as far as they were decoded. */
  readonly secrets: Scalar[] = [];
  private readonly places = new WeakMap<object, Node>();
  constructor(source: YamlSource) {
    this.source = source;
  }

  resolve(node: unknown): Node | null {
    return resolveNode(node, this.source.document);
  }

  /** Where a node starts; the start of the file for none. */
  positionOf(node: Node | null): Position {
    return this.source.position(node?.range?.[0] ?? 0);
  }

  /** The value is of the right type but not allowed. */
  refuse(node: Node | null, message: string): void {
    this.problems.push({ kind: 'value', message, ...this.positionOf(node) });
  }

  /** Remembers where a decoded value stands, for checks that come later. */
  remember(value: unknown, node: Node): void {
    if (typeof value === 'object' && value !== null) this.places.set(value, node);
  }

  placeOf(value: object): Node | null {
    return this.places.get(value) ?? null;
  }

  /** Like `refuse`, at the place of a decoded value. */
  refuseValue(value: object, message: string): void {
    this.refuse(this.placeOf(value), message);
  }

  /** The value is not of the right type. */
  mismatch(node: Node, type: string): void {
    const at = this.positionOf(node);
    this.problems.push({
      kind: 'unmarshal',
      message: `cannot unmarshal ${describe(node)} into ${type}`,
      ...at,
    });
  }

  unmarshalProblem(node: Node, message: string): void {
    const at = this.positionOf(node);
    this.problems.push({ kind: 'unmarshal', message, ...at });
  }
}

/** Decodes a node that may be missing or null. */
export function decodeNode<T>(decoder: Decoder<T>, node: unknown, context: DecodeContext): T {
  const resolved = context.resolve(node);
  return resolved === null || isNull(resolved) ? decoder.zero() : decoder.decode(resolved, context);
}

function describe(node: Node): string {
  if (isMap(node)) return '!!map';
  if (isSeq(node)) return '!!seq';
  if (!isScalar(node)) return '!!null';
  const text = scalarText(node);
  const shown = text.length > 10 ? `${text.slice(0, 7)}...` : text;
  return `${scalarTag(text, node.type === 'PLAIN')} \`${shown}\``;
}

const BOOLS: ReadonlySet<string> = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false']);

function scalarTag(text: string, plain: boolean): string {
  if (!plain) return '!!str';
  if (/^[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o?[0-7_]+|[0-9][0-9_]*)$/.test(text)) return '!!int';
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return '!!float';
  if (/^[A-Za-z]?[a-z]*$|^[A-Z]+$/.test(text) && BOOLS.has(text.toLowerCase())) return '!!bool';
  return '!!str';
}

/** A list. `nullItem`: the problem to report for an item that is empty or null; else such an item is the zero value. */
export function list<T>(item: Decoder<T>, nullItem?: string): Decoder<readonly T[]> {
  // As Go names them: lists whose items may be missing are lists of pointers.
  const type = nullItem === undefined ? `[]${item.type}` : `[]*${item.type.replace('.plain', '.Config')}`;
  return {
    type,
    zero: () => [],
    decode(node, context) {
      if (!isSeq(node)) {
        context.mismatch(node, type);
        return [];
      }
      const items: T[] = [];
      for (const child of node.items) {
        const resolved = context.resolve(child);
        if (isNull(resolved) && nullItem !== undefined) context.refuse(resolved ?? node, nullItem);
        else items.push(decodeNode(item, child, context));
      }
      return items;
    },
  };
}

/** Like `list`, but null (not an empty list) where the key is missing or null. */
export function optional<T>(decoder: Decoder<T>): Decoder<T | null> {
  return { type: decoder.type, zero: () => null, decode: (node, context) => decoder.decode(node, context) };
}

/** A mapping with free keys. `checkKey` may refuse a key. */
export function mapOf<T>(
  value: Decoder<T>,
  checkKey?: (key: string) => string | null,
): Decoder<ReadonlyMap<string, T>> {
  const type = `map[string]${value.type}`;
  return {
    type,
    zero: () => new Map(),
    decode(node, context) {
      const out = new Map<string, T>();
      if (!isMap(node)) {
        context.mismatch(node, type);
        return out;
      }
      for (const pair of node.items) {
        const keyNode = context.resolve(pair.key);
        if (!isScalar(keyNode)) {
          if (keyNode !== null) context.mismatch(keyNode, 'string');
          continue;
        }
        const key = scalarText(keyNode);
        if (key === '<<') {
          const merged = context.resolve(pair.value);
          if (merged !== null && isMap(merged))
            for (const [name, item] of this.decode(merged, context)) if (!out.has(name)) out.set(name, item);
          continue;
        }
        const refusal = checkKey?.(key) ?? null;
        if (refusal !== null) context.refuse(keyNode, refusal);
        if (out.has(key)) context.unmarshalProblem(keyNode, `key ${quoteGo(key)} already set in map`);
        out.set(key, decodeNode(value, pair.value, context));
      }
      return out;
    },
  };
}
