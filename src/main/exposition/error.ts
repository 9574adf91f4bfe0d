/** A body that its format's grammar forbids; nothing of it may be stored. `line` is 1-based, 0 where no line is to blame. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** What a line parser throws; the reader turns it into an ExpositionError with the number of the line. */
export class LineError extends Error {
  override readonly name = 'LineError';
}
