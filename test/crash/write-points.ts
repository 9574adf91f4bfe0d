import Sqlite from 'better-sqlite3';

type Runner = (this: unknown, ...parameters: unknown[]) => unknown;

/** What is about to happen, or has just happened, to the database. */
export interface WritePoint {
  readonly when: 'before' | 'after';
  /** SQL as it was prepared, or the pragma. */
  readonly sql: string;
}

/**
 * Calls `at` before and after everything that better-sqlite3 is told to change: each statement that is run (BEGIN and
 * COMMIT of transactions are), each script and each pragma. What `at` throws comes out as if SQLite had thrown it.
 * @returns undoes it
 */
export function onWritePoints(at: (point: WritePoint) => void): () => void {
  const probe = new Sqlite(':memory:');
  const statement = Object.getPrototypeOf(probe.prepare('SELECT 1')) as { run: Runner };
  probe.close();
  const database = Sqlite.prototype as unknown as { exec: Runner; pragma: Runner };
  const { run } = statement;
  const { exec, pragma } = database;
  const around = (original: Runner, sqlOf: (self: unknown, parameters: unknown[]) => string): Runner =>
    function (this: unknown, ...parameters: unknown[]) {
      const sql = sqlOf(this, parameters);
      at({ when: 'before', sql });
      const result = original.apply(this, parameters);
      at({ when: 'after', sql });
      return result;
    };
  statement.run = around(run, (self) => (self as Sqlite.Statement).source);
  database.exec = around(exec, (_self, [sql]) => String(sql));
  database.pragma = around(pragma, (_self, [sql]) => `PRAGMA ${String(sql)}`);
  return () => {
    statement.run = run;
    database.exec = exec;
    database.pragma = pragma;
  };
}

/** An error as better-sqlite3 throws it. */
export function sqliteError(code: string): Error {
  return new Sqlite.SqliteError(`injected ${code}`, code);
}
