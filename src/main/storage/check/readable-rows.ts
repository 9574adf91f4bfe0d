import type Sqlite from 'better-sqlite3';

/** Tries to read on behind what cannot be read; each costs a search in the tree of pages. */
const MAX_TRIES = 20_000;

/** Row numbers between these could not be read: both are exclusive, null where there is no bound. */
export interface Gap {
  readonly after: number;
  readonly before: number | null;
}

export interface TableSource {
  readonly table: string;
  /** The integer primary key. */
  readonly key: string;
  /** What is read beside the key, as in a SELECT. */
  readonly columns: string;
}

function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR') || code === 'SQLITE_NOTADB';
}

/**
 * Hands every row that can be read to `row`, each once, mostly in the order of the keys. Where pages are damaged it
 * goes on behind them, and comes back to them from behind.
 */
export function readableRows(
  sqlite: Sqlite.Database,
  { table, key, columns }: TableSource,
  row: (values: readonly unknown[]) => void,
): readonly Gap[] {
  const gaps: Gap[] = [];
  let tries = 0;
  let up: Sqlite.Statement;
  let down: Sqlite.Statement;
  let next: Sqlite.Statement;
  try {
    const select = `SELECT ${key}, ${columns} FROM ${table} NOT INDEXED WHERE`;
    up = sqlite.prepare(`${select} ${key} > ? AND ${key} < ? ORDER BY ${key}`).raw();
    down = sqlite.prepare(`${select} ${key} > ? AND ${key} < ? ORDER BY ${key} DESC`).raw();
    next = sqlite.prepare(`SELECT ${key} FROM ${table} NOT INDEXED WHERE ${key} > ? ORDER BY ${key} LIMIT 1`).pluck();
  } catch (error) {
    if (!isDamage(error) && !String(error).includes('no such table')) throw error;
    return [{ after: 0, before: null }];
  }
  /** Reads rows one way until the end or the damage; @returns the last key that was read, null when all were. */
  const walk = (statement: Sqlite.Statement, after: number, before: number, seen: number): number | null => {
    let last = seen;
    const rows = statement.iterate(after, before) as IterableIterator<readonly unknown[]>;
    for (;;) {
      let values: readonly unknown[];
      try {
        const result = rows.next();
        if (result.done === true) return null;
        values = result.value;
      } catch (error) {
        if (!isDamage(error)) throw error;
        return last;
      }
      last = values[0] as number;
      row(values);
    }
  };
  /** A key above `after`, found behind the damage; null when there is none, or it cannot be told. */
  const keyAbove = (after: number): number | null => {
    tries++;
    try {
      return (next.get(after) as number | undefined) ?? null;
    } catch (error) {
      if (!isDamage(error)) throw error;
      return null;
    }
  };
  const MAX = Number.MAX_SAFE_INTEGER;
  /** Reads what there is between two keys, both exclusive. */
  const between = (after: number, before: number): void => {
    const low = walk(up, after, before, after);
    if (low === null) return;
    // What lies before the upper end, down to the damage.
    const high = walk(down, low, before, before);
    if (high === null) {
      gaps.push({ after: low, before: before === MAX ? null : before });
      return;
    }
    if (high < MAX && high - low <= 1) return;
    split(low, high);
  };
  /** Between two places that cannot be read: looks for an island of rows in the middle. */
  const split = (low: number, high: number): void => {
    let step = high === MAX ? 1 : Math.floor((high - low) / 2);
    while (step >= 1 && low + step < high) {
      const found = keyAbove(low + step);
      if (tries > MAX_TRIES) break;
      if (found !== null && found < high) {
        const end = walk(up, found - 1, high, found);
        const start = walk(down, low, found, found);
        if (start !== null && start - low > 1) split(low, start);
        else if (start === null) gaps.push({ after: low, before: found });
        if (end !== null && (high === MAX || high - end > 1)) split(end, high);
        return;
      }
      step = high === MAX ? step * 2 : Math.floor(step / 2);
      if (step > 2 ** 52) break;
    }
    gaps.push({ after: low, before: high === MAX ? null : high });
  };
  between(-1, MAX);
  return gaps;
}
