import type { Columns, Layout } from './layout.ts';

/** How far a body has been read. */
export class Reading {
  /** The body, and how long it is. */
  body: Uint8Array = EMPTY;
  size = 0;
  /** The body before and its layout. */
  oldBody: Uint8Array = EMPTY;
  old: Layout;
  openMetrics = false;
  /** Whether labels come from metadata: a changed line of it then matters to those after it. */
  metadataLabels = false;
  /** Where the next line starts. */
  at = 0;
  line = 0;
  samples = 0;
  /** Line of the body before that is expected next. */
  cursor = 0;
  mode = 0;
  /** Whether a sample has another number than in the body before. */
  moved = false;
  timed = false;
  ended = false;
  /** Where the series text of the next line ends, when it is that of the line expected; -1 otherwise. */
  tail = -1;

  constructor(old: Layout) {
    this.old = old;
  }
}

const EMPTY = new Uint8Array(0);

/**
 * Reads the lines that are those of the body before, or differ only in a value that is written simply; what it makes of
 * them is what the reader makes of each on its own.
 */
export interface LineRunner {
  /** What the body is laid out in, until it is accepted; with room for at least one more line after `begin`. */
  readonly fresh: Columns;
  /** Prepares for a body. @returns false when it cannot read this one */
  begin(reading: Reading): boolean;
  /** Goes on from `reading` until the body ends, a line has to be read in another way, or there is no more room. */
  run(reading: Reading): void;
}
