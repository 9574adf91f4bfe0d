import type { MetricMetadata, Millis } from '#shared/model/index.ts';
import { ExpositionError, LineStream } from '#main/exposition/index.ts';
import { toColumns, type SeriesColumns } from './columns.ts';

/** Samples handed on at a time: enough for whole frames of neighbouring series, and some 20 MB. */
const BATCH = 400_000;

export interface ImportBatch {
  readonly columns: SeriesColumns;
  readonly metadata: readonly MetricMetadata[];
  /** Bytes of the input up to the end of the last line in this batch and those before. */
  readonly offset: number;
}

/** What was stored and left out. */
export interface ImportCounts {
  readonly stored: number;
  /** Older than what retention keeps. */
  readonly tooOld: number;
}

export interface ImportSummary extends ImportCounts {
  readonly lines: number;
  readonly series: number;
  /** Whether `# EOF` was read. */
  readonly ended: boolean;
}

/** A line that cannot be read. What stands before it is stored. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  /** 1-based. */
  readonly line: number;
  readonly stored: number;
  constructor(line: number, stored: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
    this.stored = stored;
  }
}

/**
 * Reads samples of text piece by piece and hands them on in batches; the next piece is asked for when the batch is taken.
 * @param now time of samples without one
 * @param linesBefore of the same text, for the numbers of lines in errors
 * @throws ImportError, and whatever `take` throws
 */
export async function importStream(
  pieces: AsyncIterable<Uint8Array>,
  format: 'text' | 'openmetrics',
  now: Millis,
  take: (batch: ImportBatch) => Promise<ImportCounts>,
  linesBefore = 0,
): Promise<ImportSummary> {
  const lines = new LineStream(format);
  let read = 0;
  let stored = 0;
  let tooOld = 0;
  const flush = async (): Promise<void> => {
    const metadata = lines.takeMetadata();
    if (lines.count === 0 && metadata.length === 0) return;
    const columns = toColumns(lines, lines.labels, now);
    lines.clear();
    const counts = await take({ columns, metadata, offset: read - lines.pendingBytes });
    stored += counts.stored;
    tooOld += counts.tooOld;
  };
  const reading = async (step: () => void): Promise<void> => {
    try {
      step();
    } catch (error) {
      if (!(error instanceof ExpositionError)) throw error;
      await flush();
      throw new ImportError(linesBefore + error.line, stored, error.message);
    }
  };
  for await (const piece of pieces) {
    await reading(() => lines.push(piece));
    read += piece.length;
    if (lines.count >= BATCH) await flush();
  }
  await reading(() => lines.end());
  await flush();
  return { stored, tooOld, lines: lines.lines, series: lines.labels.length, ended: lines.ended };
}
