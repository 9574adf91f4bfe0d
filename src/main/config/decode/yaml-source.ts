import { isAlias, isMap, isScalar, LineCounter, parseAllDocuments, type Document, type Node, type Scalar } from 'yaml';

/** 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with a file. `unmarshal`: a value does not fit its type; Prometheus lists these together. */
export interface Problem extends Position {
  readonly kind: 'syntax' | 'unmarshal' | 'value';
  /** What is wrong, without the place. */
  readonly message: string;
}

/** A YAML text with the positions of its nodes. Scalars are kept as written: what they mean is up to who decodes them. */
export interface YamlSource {
  readonly text: string;
  /** Content of the first document; null when it is empty or does not parse. */
  readonly root: Node | null;
  readonly document: Document | null;
  /** Documents after the first one are not read, as in Prometheus. */
  readonly moreDocuments: boolean;
  readonly problems: readonly Problem[];
  position(offset: number): Position;
}

/** Parses YAML text; does not throw. Line ends may be CRLF, a byte order mark is skipped. */
export function parseYamlSource(text: string): YamlSource {
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    keepSourceTokens: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const document = Array.isArray(documents) ? (documents[0] ?? null) : null;
  const problems: Problem[] = (document?.errors ?? []).map((error) => {
    const at = position(error.pos[0]);
    return { kind: 'syntax', message: error.message, ...at };
  });
  return {
    text,
    root: problems.length === 0 ? ((document?.contents as Node | null) ?? null) : null,
    document,
    moreDocuments: Array.isArray(documents) && documents.length > 1,
    problems,
    position,
  };
}

/** The node that an alias stands for, else the node itself; null where there is none. */
export function resolveNode(node: unknown, document: Document | null): Node | null {
  if (node === null || node === undefined) return null;
  if (isAlias(node)) return document === null ? null : (node.resolve(document) ?? null);
  return node as Node;
}

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const NULL_TAG = 'tag:yaml.org,2002:null';

/** Whether the node says null: nothing, `~`, `null`. */
export function isNull(node: Node | null): boolean {
  if (node === null) return true;
  if (!isScalar(node)) return false;
  if (node.tag === NULL_TAG) return true;
  return node.tag === undefined && node.type === 'PLAIN' && NULLS.has(scalarText(node));
}

/**
 * The text of a scalar. Bytes of a `!!binary` value that are not UTF-8 become lone surrogates (U+DC80..U+DCFF), so
 * that the text is not well-formed and no two values look the same.
 */
export function scalarText(node: Scalar): string {
  const { value } = node;
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return bytesToText(value);
  return String(value);
}

function bytesToText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
    return text;
  }
}

/** Whether the scalar is written without quotes, so that it may mean a number or a truth value. */
export function isPlain(node: Scalar): boolean {
  return node.type === 'PLAIN' && node.tag !== 'tag:yaml.org,2002:str';
}

export interface MapEntry {
  readonly key: string;
  readonly keyNode: Scalar;
  readonly value: Node | null;
}

/**
 * The entries of a mapping, merge keys (`<<`) resolved: the mapping's own keys win over merged ones, earlier merges over later
 * ones. Own keys that are given twice are all listed.
 */
export function mapEntries(node: Node, document: Document | null, depth = 0): readonly MapEntry[] {
  if (!isMap(node) || depth > 20) return [];
  const own: MapEntry[] = [];
  const merged: MapEntry[] = [];
  for (const pair of node.items) {
    const keyNode = resolveNode(pair.key, document);
    if (!isScalar(keyNode)) continue;
    const value = resolveNode(pair.value, document);
    const key = scalarText(keyNode);
    if (key === '<<' && isPlain(keyNode) && value !== null) {
      const sources = isMap(value) ? [value] : ((value as { items?: readonly unknown[] }).items ?? []);
      for (const source of sources) {
        const target = resolveNode(source, document);
        if (target === null) continue;
        for (const entry of mapEntries(target, document, depth + 1))
          if (!merged.some((other) => other.key === entry.key)) merged.push(entry);
      }
    } else own.push({ key, keyNode, value });
  }
  const ownKeys = new Set(own.map((entry) => entry.key));
  return [...own, ...merged.filter((entry) => !ownKeys.has(entry.key))];
}
