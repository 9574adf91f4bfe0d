import { compareLabels, getLabel } from '#shared/model/index.ts';
import { floatPresence, isEmpty, type Column } from '../columns.ts';
import { stringArg, vectorArg, type VectorCall, type VectorFunction } from './call.ts';
import { naturalOrder } from './natural-order.ts';

/*
 * Sorting orders an instant vector. Over a range it has no effect, since series are ordered by labels there.
 */

function onlyFloats(columns: readonly Column[]): Column[] {
  const kept: Column[] = [];
  for (const column of columns) {
    const present = floatPresence(column);
    if (!isEmpty(present)) kept.push(column.histograms === null ? column : { ...column, present, histograms: null });
  }
  return kept;
}

function isInstant(call: VectorCall): boolean {
  if (call.grid.count <= 1) return true;
  call.context.notes.sortInRangeQuery(call.expr.from);
  return false;
}

function byValue(direction: 1 | -1): VectorFunction {
  return (call) => {
    const columns = onlyFloats(vectorArg(call, 0));
    if (isInstant(call)) {
      columns.sort((a, b) => {
        const [x, y] = [a.values[0], b.values[0]];
        // NaN comes last whatever the direction.
        if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
        return direction * (x - y || 0);
      });
    }
    return { type: 'vector', columns };
  };
}

function byLabel(direction: 1 | -1): VectorFunction {
  return (call) => {
    const columns = [...vectorArg(call, 0)];
    const names = call.args.slice(1).map((_, i) => stringArg(call, i + 1));
    if (isInstant(call)) {
      columns.sort((a, b) => {
        for (const name of names) {
          const order = naturalOrder(getLabel(a.labels, name), getLabel(b.labels, name));
          if (order !== 0) return direction * order;
        }
        return direction * compareLabels(a.labels, b.labels);
      });
    }
    return { type: 'vector', columns };
  };
}

export const sortAscending = byValue(1);
export const sortDescending = byValue(-1);
export const sortByLabel = byLabel(1);
export const sortByLabelDescending = byLabel(-1);
