import {
  isMap,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isNull, parseYamlSource, scalarText } from '../decode/yaml-source.ts';
import { contentEnd, dashOffsets, isBlockMap, isBlockSeq, pairEnd } from './node-extent.ts';
import { saysAlready, toPlain, type Desired } from './plain-value.ts';
import { renderBlock, renderFlow, renderPair, renderScalar } from './render.ts';
import { applySplices, columnOf, insertLines, lineEnd, lineStart, type Splice } from './text-lines.ts';

/**
 * Changes as little of a YAML text as makes the node at `path` say what is desired: a changed scalar is replaced, a key or item is
 * added or taken out by its lines; all other bytes stay. Each step is found on the text that the one before left.
 * @returns the new text, or null when the place is not there or cannot be edited so
 */
export function reconcile(text: string, path: readonly (string | number)[], desired: Desired): string | null {
  let current = text;
  for (let steps = 0; steps < 2000; steps++) {
    const source = parseYamlSource(current);
    if (source.document === null || source.problems.length > 0) return null;
    const node = nodeAt(source.document, path);
    if (node === null) return null;
    if (saysAlready(toPlain(node, source.document), desired)) return current;
    const splices = new Step(current, source.document).value(node, desired);
    if (splices === null) return null;
    current = applySplices(current, splices);
  }
  return null;
}

function nodeAt(document: Document, path: readonly (string | number)[]): Node | null {
  let node: unknown = document.contents;
  for (const part of path) {
    if (typeof part === 'number') node = isSeq(node) ? node.items[part] : null;
    else node = isMap(node) ? findPair(node, part)?.value : null;
  }
  return (node as Node | null | undefined) ?? null;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? scalarText(pair.key) : '';
}

function findPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === key);
}

/** Finds the first change to make in one text. */
class Step {
  private readonly text: string;
  private readonly document: Document;
  constructor(text: string, document: Document) {
    this.text = text;
    this.document = document;
  }

  /** The first splices that bring `node` nearer to `desired`; null when it can only be replaced from outside. */
  value(node: Node, desired: Desired): readonly Splice[] | null {
    if (desired instanceof Map && isBlockMap(node)) return this.map(node as YAMLMap, desired as Map<string, Desired>);
    if (Array.isArray(desired) && isBlockSeq(node) && desired.length > 0)
      return this.list(node as YAMLSeq, desired as readonly Desired[]);
    const scalar = typeof desired !== 'object' || desired === null;
    if (scalar && isScalar(node) && this.oneLine(node)) return [this.replace(node, this.likeBefore(node, desired))];
    if (!scalar && (isMap(node) || isSeq(node)) && node.flow === true) return [this.replace(node, renderFlow(desired))];
    return null;
  }

  private oneLine(node: Scalar): boolean {
    const [from, to] = node.range as [number, number, number];
    return to > from && !isNull(node) && !this.text.slice(from, contentEnd(this.text, node)).includes('\n');
  }

  /** A quoted text stays quoted, so that a list of quoted targets keeps its look. */
  private likeBefore(node: Scalar, desired: string | number | boolean | null): string {
    if (typeof desired === 'string' && node.type === 'QUOTE_DOUBLE') return JSON.stringify(desired);
    return renderScalar(desired, node.type === 'QUOTE_SINGLE');
  }

  private replace(node: Node, text: string): Splice {
    return { from: (node.range as [number, number, number])[0], to: contentEnd(this.text, node), text };
  }

  private map(map: YAMLMap, desired: ReadonlyMap<string, Desired>): readonly Splice[] {
    const surplus = map.items.find((pair) => !desired.has(keyOf(pair)));
    if (surplus !== undefined) return this.deletePair(map, surplus);
    let previous: Pair | undefined;
    for (const [key, value] of desired) {
      const pair = findPair(map, key);
      if (pair === undefined) return [this.insertPair(map, previous, key, value)];
      previous = pair;
      if (saysAlready(toPlain(pair.value, this.document), value)) continue;
      const inner = pair.value === null ? null : this.value(pair.value as Node, value);
      return inner ?? [this.replacePair(pair, key, value)];
    }
    throw new Error('a mapping differs from what it shall say in none of its keys');
  }

  private replacePair(pair: Pair, key: string, value: Desired): Splice {
    const from = (pair.key as Node).range?.[0] ?? 0;
    return { from, to: pairEnd(this.text, pair), text: renderPair(key, value, columnOf(this.text, from)) };
  }

  private insertPair(map: YAMLMap, previous: Pair | undefined, key: string, value: Desired): Splice {
    const after = previous ?? map.items[map.items.length - 1];
    const indent = columnOf(this.text, (map.items[0].key as Node).range?.[0] ?? 0);
    const at = lineEnd(this.text, pairEnd(this.text, after));
    return insertLines(this.text, at, `${' '.repeat(indent)}${renderPair(key, value, indent)}`);
  }

  private deletePair(map: YAMLMap, pair: Pair): readonly Splice[] {
    const { text } = this;
    const from = (pair.key as Node).range?.[0] ?? 0;
    const end = pairEnd(text, pair);
    const ownLine = text.slice(lineStart(text, from), from).trim() === '';
    if (ownLine) return [{ from: lineStart(text, from), to: lineEnd(text, end), text: '' }];
    // The key stands behind a dash: the next one moves up to its place.
    const next = map.items.at(map.items.indexOf(pair) + 1);
    if (next === undefined) return [{ from, to: end, text: '{}' }];
    const nextFrom = (next.key as Node).range?.[0] ?? 0;
    const nextEnd = pairEnd(text, next);
    return [
      { from, to: end, text: text.slice(nextFrom, nextEnd) },
      { from: lineStart(text, nextFrom), to: lineEnd(text, nextEnd), text: '' },
    ];
  }

  private list(seq: YAMLSeq, desired: readonly Desired[]): readonly Splice[] {
    const { text } = this;
    const dashes = dashOffsets(seq);
    const items = seq.items as readonly Node[];
    const plain = items.map((item) => toPlain(item, this.document));
    const i = plain.findIndex((item, k) => k >= desired.length || !saysAlready(item, desired[k]));
    if (i < 0) {
      const at = lineEnd(text, contentEnd(text, items[items.length - 1]));
      const indent = columnOf(text, dashes[0]);
      return [insertLines(text, at, `${' '.repeat(indent)}- ${renderBlock(desired[items.length], indent + 2)}`)];
    }
    const wanted = i < desired.length ? desired[i] : null;
    const laterWanted = desired.slice(i).some((item) => saysAlready(plain[i], item));
    const laterThere = wanted !== null && plain.slice(i).some((item) => saysAlready(item, wanted));
    // Neither is anywhere else: this item was changed, whatever is added after it.
    if (items.length <= desired.length && !laterWanted && !laterThere && wanted !== null) {
      const inner = this.value(items[i], wanted);
      if (inner !== null) return inner;
      return [
        {
          from: dashes[i] + 1,
          to: this.itemEnd(items[i], dashes[i]),
          text: ` ${renderBlock(wanted, columnOf(text, dashes[i]) + 2)}`,
        },
      ];
    }
    if (!laterWanted || wanted === null) return [this.deleteItem(items[i], dashes[i])];
    const indent = columnOf(text, dashes[i]);
    const lines = `${' '.repeat(indent)}- ${renderBlock(wanted, indent + 2)}`;
    return [insertLines(text, lineStart(text, dashes[i]), lines)];
  }

  private itemEnd(item: Node, dash: number): number {
    return Math.max(contentEnd(this.text, item), dash + 1);
  }

  private deleteItem(item: Node, dash: number): Splice {
    return { from: lineStart(this.text, dash), to: lineEnd(this.text, this.itemEnd(item, dash)), text: '' };
  }
}
