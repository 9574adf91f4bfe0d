import { createRequire } from 'node:module';
import type * as Library from 'json-p3';
import { LineError } from './error.ts';

/** A part of a mapping, ready to be looked up for an item. */
export interface JsonExpression {
  readonly text: string;
  /** What it gives for an item. @throws LineError where the document is nested too deep to look through */
  find(item: JsonItem): readonly JsonItem[];
}

/** A value of a document. */
export interface JsonItem {
  readonly value: unknown;
  /** Its key or index in what holds it. */
  readonly key: string;
  readonly root: unknown;
  /** Where it is in the document, as a normalized path. */
  place(): string;
}

/** Nested deeper than this, a document is not looked through. */
const MAX_DEPTH = 1000;

let environment: Library.JSONPathEnvironment | null = null;

/** The library takes a tenth of a second to load: only who has a mapping pays it. */
function paths(): Library.JSONPathEnvironment {
  if (environment === null) {
    const library = createRequire(import.meta.url)('json-p3') as typeof Library;
    environment = new library.JSONPathEnvironment({ maxRecursionDepth: MAX_DEPTH });
  }
  return environment;
}

/**
 * Reads an expression: JSONPath (RFC 9535) seen from the item (`$`) or from the whole document (`$$`), `$key` (the item's
 * own key or index), or else the text itself.
 * @throws Error that says what is wrong with the path
 */
export function jsonExpression(text: string): JsonExpression {
  if (!text.startsWith('$')) return { text, find: (item) => [{ ...item, value: text }] };
  if (text === '$key') return { text, find: (item) => [{ ...item, value: item.key }] };
  const fromRoot = text.startsWith('$$');
  const path = paths().compile(fromRoot ? text.slice(1) : text);
  return {
    text,
    find: (item) => {
      let nodes: readonly Library.JSONPathNode[];
      try {
        ({ nodes } = path.query((fromRoot ? item.root : item.value) as Library.JSONValue));
      } catch (error) {
        throw new LineError(`${text} cannot be followed: ${error instanceof Error ? error.message : String(error)}`);
      }
      return nodes.map((node) => ({
        value: node.value,
        key: String(node.location.at(-1) ?? item.key),
        root: item.root,
        place: () => (fromRoot ? node.path : item.place() + node.path.slice(1)),
      }));
    },
  };
}

/** What is wrong with an expression; null when nothing is. */
export function jsonExpressionProblem(text: string): string | null {
  try {
    jsonExpression(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
