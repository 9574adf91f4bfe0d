import { DecodeError } from './bytes.ts';
import type { Database } from './database.ts';
import { decodeTimeline, Frame, GROUP_SIZE } from './frame-codec.ts';

/** Frames read in one step: some milliseconds of work. */
const FRAMES = 16;
/** Frame numbers skipped where the file itself cannot be read. */
const SKIPPED = 256;

/**
 * Reads all frames again and again, a few at a time, so that damage is found while there is a copy of the data
 * elsewhere, and not when they are needed.
 */
export class Scrubber {
  readonly #database: Database;
  readonly #damaged: (what: string) => void;
  #after = 0;
  /** Frames found damaged: each is told once. */
  readonly #told = new Set<number>();

  constructor(database: Database, damaged: (what: string) => void) {
    this.#database = database;
    this.#damaged = damaged;
  }

  /** Reads the next few frames; after the last it begins again. @returns how many were read */
  step(): number {
    const { sqlite } = this.#database;
    let read = 0;
    try {
      const rows = sqlite
        .prepare(
          `SELECT frame.id, frame.data, timeline.data FROM frame LEFT JOIN timeline ON timeline.id = frame.timeline
           WHERE frame.id > ? ORDER BY frame.id LIMIT ?`,
        )
        .raw();
      for (const [id, frame, timeline] of rows.iterate(this.#after, FRAMES) as Iterable<
        [number, Buffer, Buffer | null]
      >) {
        this.#after = id;
        read++;
        if (!isReadable(frame, timeline)) this.#tell(id, `frame ${id} is damaged; its samples are left out`);
      }
    } catch (error) {
      const at = this.#after;
      this.#after += SKIPPED;
      this.#tell(
        at,
        `the file cannot be read behind frame ${at}: ${error instanceof Error ? error.message : String(error)}`,
      );
      return read;
    }
    if (read < FRAMES) this.#after = 0;
    return read;
  }

  #tell(id: number, what: string): void {
    if (this.#told.has(id)) return;
    this.#told.add(id);
    this.#damaged(what);
  }
}

function isReadable(blob: Uint8Array, timeline: Uint8Array | null): boolean {
  if (timeline === null) return false;
  try {
    const frame = new Frame(blob);
    if (frame.rows !== decodeTimeline(timeline).length) return false;
    for (let member = 0; member < GROUP_SIZE; member++) if (frame.has(member)) frame.column(member);
    return true;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return false;
  }
}
