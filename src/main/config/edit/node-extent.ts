import { isCollection, isMap, isPair, isScalar, isSeq, type Node, type YAMLSeq } from 'yaml';

/** Where a node's own content ends: without the comments and blank lines that follow it. */
export function contentEnd(text: string, node: Node): number {
  const range = node.range as readonly [number, number, number];
  if (isCollection(node) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    if (isPair(last)) return pairEnd(text, last);
    if (isSeq(node) && last !== undefined) {
      const end = contentEnd(text, last as Node);
      // An empty item ends after its dash.
      return Math.max(end, (dashOffsets(node).at(-1) ?? range[0]) + 1);
    }
    return range[1];
  }
  let end = range[1];
  if (isScalar(node)) while (end > range[0] && /[\n\r]/.test(text[end - 1])) end--;
  return end;
}

/** Where a `key: value` ends. */
export function pairEnd(text: string, pair: { readonly key: unknown; readonly value: unknown }): number {
  const keyEnd = (pair.key as Node).range?.[1] ?? 0;
  const colon = text.indexOf(':', keyEnd) + 1;
  const value = pair.value as Node | null;
  if (value === null || (isScalar(value) && value.source === '' && value.type === 'PLAIN')) return colon;
  return Math.max(contentEnd(text, value), colon);
}

interface SeqToken {
  readonly items: readonly { readonly start: readonly { readonly type: string; readonly offset: number }[] }[];
}

/** Offsets of the dashes of a block sequence. */
export function dashOffsets(seq: YAMLSeq): readonly number[] {
  const token = seq.srcToken as unknown as SeqToken | undefined;
  return (token?.items ?? []).flatMap((item) =>
    item.start.filter((part) => part.type === 'seq-item-ind').map((part) => part.offset),
  );
}

export function isBlockMap(node: unknown): boolean {
  return isMap(node) && node.flow !== true && node.items.length > 0;
}

export function isBlockSeq(node: unknown): boolean {
  return isSeq(node) && node.flow !== true && node.items.length > 0;
}
