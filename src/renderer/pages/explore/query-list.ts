/** One query row. */
export interface QueryRow {
  /** A letter: A is the first. */
  readonly id: string;
  /** As it is typed. */
  readonly text: string;
  /** As it was last run; '' before. */
  readonly ran: string;
  readonly shown: boolean;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');

export function newRow(rows: readonly QueryRow[], text = ''): QueryRow | null {
  const id = LETTERS.find((letter) => rows.every((row) => row.id !== letter));
  return id === undefined ? null : { id, text, ran: '', shown: true };
}

/** All rows with what is typed taken as what runs. */
export function committed(rows: readonly QueryRow[]): readonly QueryRow[] {
  return rows.map((row) => (row.ran === row.text.trim() ? row : { ...row, ran: row.text.trim() }));
}

export function changeRow(rows: readonly QueryRow[], id: string, change: Partial<QueryRow>): readonly QueryRow[] {
  return rows.map((row) => (row.id === id ? { ...row, ...change } : row));
}

/** Without the row; the last one is only emptied. */
export function removeRow(rows: readonly QueryRow[], id: string): readonly QueryRow[] {
  if (rows.length === 1) return [{ id: 'A', text: '', ran: '', shown: true }];
  return rows.filter((row) => row.id !== id);
}

/** Rows of an address: `expr` is the first query, `b`, `c`, ... those after it. They run at once. */
export function rowsOfAddress(query: URLSearchParams): readonly QueryRow[] {
  const rows: QueryRow[] = [];
  for (const letter of LETTERS) {
    const text = query.get(letter === 'A' ? 'expr' : letter.toLowerCase());
    if (text !== null && text.trim() !== '') rows.push({ id: letter, text, ran: text.trim(), shown: true });
  }
  return rows.length > 0 ? rows : [{ id: 'A', text: '', ran: '', shown: true }];
}

export function addressOfRows(rows: readonly QueryRow[]): Readonly<Record<string, string>> {
  const used = rows.filter((row) => row.ran !== '');
  return Object.fromEntries(used.map((row) => [row.id === 'A' ? 'expr' : row.id.toLowerCase(), row.ran]));
}
