import { newPresence, type Presence } from '#shared/model/index.ts';
import type { SetOp, VectorMatching } from '#shared/promql/index.ts';
import { isEmpty, type Column } from '../columns.ts';
import { mergeSameLabels } from '../context.ts';
import { matchColumns } from './matching.ts';

function union(columns: readonly Column[], count: number): Presence {
  const present = newPresence(count);
  for (const column of columns) for (let i = 0; i < present.length; i++) present[i] |= column.present[i];
  return present;
}

/** Notes for each of the columns what is left of it where `mask` has (or with `inverted`: does not have) a bit. */
function keepMasked(columns: readonly Column[], mask: Presence, inverted: boolean, kept: Map<Column, Column>): void {
  const flip = inverted ? 0xff : 0;
  for (const column of columns) {
    const present = column.present.map((byte, i) => byte & (mask[i] ^ flip));
    if (!isEmpty(present)) kept.set(column, { ...column, present });
  }
}

/** `and`, `or`, `unless`: which samples are kept is decided by presence alone, all steps at once. */
export function evaluateSet(
  op: SetOp,
  left: readonly Column[],
  right: readonly Column[],
  matching: VectorMatching,
  count: number,
): readonly Column[] {
  const kept = new Map<Column, Column>();
  for (const group of matchColumns(left, right, matching)) {
    if (op === 'or') keepMasked(group.right, union(group.left, count), true, kept);
    else keepMasked(group.left, union(group.right, count), op === 'unless', kept);
  }
  // In the order of the operand: an instant vector keeps it.
  const inOrder = (operand: readonly Column[]): Column[] =>
    operand.map((column) => kept.get(column)).filter((column) => column !== undefined);
  if (op !== 'or') return inOrder(left);
  const all = [...left, ...inOrder(right)];
  return count === 1 ? all : mergeSameLabels(all, 'first-sample');
}
