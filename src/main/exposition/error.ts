/** A body that its format's grammar forbids; nothing of it may be stored. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
  /** 1-based; 0 where no line is to blame. */
  readonly line: number;
  /** Samples that were read before it. */
  readonly samples: number;
  constructor(line: number, samples: number, message: string) {
    super(message);
    this.line = line;
    this.samples = samples;
  }
}

/** What a line parser throws; the reader turns it into an ExpositionError with the number of the line. */
export class LineError extends Error {
  override readonly name = 'LineError';
}
