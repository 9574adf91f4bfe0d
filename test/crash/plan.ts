import { getLabel } from '#shared/model/index.ts';
import { openSqliteStorage } from '#main/storage/index.ts';

/** What the crash tests' children write: known to both processes. */
export const SERIES = 60;

/** Rows that are kept; older ones are removed. */
export const KEPT_ROWS = 3000;

/** The series that has rows deleted, again and again. */
export const DELETED_SERIES = 7;

export function timeOf(row: number): number {
  return 1_700_000_000_000 + row * 1000;
}

export function rowOf(time: number): number {
  return Math.round((time - timeOf(0)) / 1000);
}

export function valueOf(series: number, row: number): number {
  switch (series % 4) {
    case 0:
      return series;
    case 1:
      return row * (series + 1);
    case 2:
      return Math.sin(row * series);
    default:
      return Math.floor(row / 100) / 10;
  }
}

/** What a child said to be durable. */
export interface Acknowledged {
  /** The newest row. */
  row: number;
  /** Rows of DELETED_SERIES that are deleted, first and last. */
  readonly deleted: (readonly [from: number, to: number])[];
}

/** Takes lines that a child said; the last one may be cut off: only whole ones count. */
export function readSaid(said: string, into: Acknowledged): void {
  for (const line of said.split('\n').slice(0, -1)) {
    const [word, from, to] = line.split(' ');
    if (word === 'row') into.row = Number(from);
    else if (word === 'deleted') into.deleted.push([Number(from), Number(to)]);
  }
}

/**
 * Opens what a kill or power cut left and checks it: every series has every row from the oldest that has to be kept up
 * to one that is not before the last acknowledged, with its value; deleted rows stay deleted; nothing else is there.
 */
export async function wrongIn(path: string, acknowledged: Acknowledged): Promise<string[]> {
  const wrong: string[] = [];
  const store = openSqliteStorage({ path });
  const found = store.querier().select([], -Infinity, Infinity);
  if (found.length !== SERIES && acknowledged.row >= 0) wrong.push(`${found.length} series`);
  const newest = new Set<number>();
  for (const { labels, times, values, from, to } of found) {
    const series = Number(getLabel(labels, 'series'));
    const rows = new Set<number>();
    for (let i = from; i < to; i++) {
      const row = rowOf(times[i]);
      rows.add(row);
      if (times[i] !== timeOf(row) || !Object.is(values[i], valueOf(series, row)))
        wrong.push(`series ${series}, row ${row}: ${values[i]} at ${times[i]}`);
    }
    const last = Math.max(...rows);
    newest.add(last);
    if (last < acknowledged.row) wrong.push(`series ${series} ends with row ${last} of ${acknowledged.row}`);
    const isDeleted = (row: number): boolean => acknowledged.deleted.some(([first, end]) => row >= first && row <= end);
    for (let row = Math.max(0, last - KEPT_ROWS); row <= last; row++) {
      const deleted = series === DELETED_SERIES && isDeleted(row);
      if (deleted && rows.has(row)) wrong.push(`series ${series}, row ${row} is back`);
      // A deletion that was begun and not acknowledged may have happened.
      if (!deleted && !rows.has(row) && series !== DELETED_SERIES) wrong.push(`series ${series} lacks row ${row}`);
    }
  }
  if (newest.size > 1) wrong.push(`a row is there in part: ${[...newest].join(', ')}`);
  const { damage } = store.stats();
  if (damage !== null) wrong.push(damage);
  await store.close();
  return wrong.slice(0, 5);
}

export const nothingYet = (): Acknowledged => ({ row: -1, deleted: [] });
