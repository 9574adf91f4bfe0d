import type { Millis } from '#shared/model/index.ts';
import { HttpError } from '../errors.ts';
import { Connection, type Endpoint } from './connection.ts';

/** A free connection is closed after this time; many servers close it earlier. */
const KEEP: Millis = 5 * 60_000;
/** Free connections kept for one endpoint at most. */
const MAX_FREE = 8;

/** Connections that are kept for the next request, by endpoint. */
export class Connections {
  readonly #now: () => Millis;
  readonly #free = new Map<string, Connection[]>();
  readonly #all = new Set<Connection>();
  #retired = false;

  constructor(now: () => Millis) {
    this.#now = now;
  }

  /** A free connection, or a new one. */
  take(key: string, endpoint: Endpoint): Connection {
    const free = this.#free.get(key);
    for (let kept = free?.pop(); kept !== undefined; kept = free?.pop()) {
      // A clock that was set back makes none older.
      if (this.#now() - kept.freeSince < KEEP) {
        kept.hold(true);
        return kept;
      }
      kept.destroy();
    }
    return this.open(key, endpoint);
  }

  /** A connection that has carried nothing yet. */
  open(key: string, endpoint: Endpoint): Connection {
    const connection = new Connection(
      endpoint,
      (freed) => this.#keep(key, freed),
      (closed) => {
        this.#all.delete(closed);
        const free = this.#free.get(key);
        const at = free?.indexOf(closed) ?? -1;
        if (at !== -1) free?.splice(at, 1);
        if (free?.length === 0) this.#free.delete(key);
      },
    );
    this.#all.add(connection);
    return connection;
  }

  /** Closes the free ones, and each other one when it becomes free. */
  retire(): void {
    this.#retired = true;
    for (const free of this.#free.values()) for (const connection of free.slice()) connection.destroy();
  }

  /** Closes all; the requests on them fail. */
  destroy(): void {
    this.#retired = true;
    const error = new HttpError('aborted', 'the client is closed');
    for (const connection of this.#all) connection.abort(error);
  }

  #keep(key: string, connection: Connection): void {
    const free = this.#free.get(key) ?? [];
    if (this.#retired || free.length >= MAX_FREE) {
      connection.destroy();
      return;
    }
    connection.freeSince = this.#now();
    connection.hold(false);
    free.push(connection);
    this.#free.set(key, free);
  }
}
