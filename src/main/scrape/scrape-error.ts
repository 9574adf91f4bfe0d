import { StorageError } from '#main/storage/index.ts';
import type { ScrapeFailure } from '#shared/contract/index.ts';
import { HttpError } from '#main/http/index.ts';
import { ExpositionError } from '#main/exposition/index.ts';

/** A scrape that failed as scrapes do. */
export class ScrapeError extends Error {
  override readonly name = 'ScrapeError';
  readonly failure: ScrapeFailure;
  /** What of the body was read before, as far as it came to that. */
  readonly counts: FailureCounts;
  constructor(
    kind: ScrapeFailure['kind'],
    message: string,
    more: { readonly status?: number | null; readonly counts?: FailureCounts } = {},
  ) {
    super(message);
    this.failure = { kind, message, status: more.status ?? null, line: null };
    this.counts = more.counts ?? NOTHING_READ;
  }
}

/** Samples in the body and after relabelling, where a scrape failed after it had some. */
export interface FailureCounts {
  readonly scraped: number;
  readonly kept: number;
}

const NOTHING_READ: FailureCounts = { scraped: 0, kept: 0 };

/** Runs a part of a scrape; a ScrapeError from it tells what was read before. */
export function withCounts<T>(counts: FailureCounts, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ScrapeError)) throw error;
    throw new ScrapeError(error.failure.kind, error.failure.message, { counts });
  }
}

/** What the report of a failed scrape counts. */
export function countsOf(error: unknown): FailureCounts {
  if (error instanceof ScrapeError) return error.counts;
  // Samples before a line that does not parse have not been relabelled.
  if (error instanceof ExpositionError) return { scraped: error.samples, kept: error.samples };
  return NOTHING_READ;
}

/** The failure behind an error; rethrows what is a bug. */
export function failureOf(error: unknown): ScrapeFailure {
  if (error instanceof ScrapeError) return error.failure;
  if (error instanceof ExpositionError)
    return {
      kind: 'parse',
      message: error.line > 0 ? `line ${error.line}: ${error.message}` : error.message,
      status: 200,
      line: error.line > 0 ? error.line : null,
    };
  if (error instanceof HttpError) {
    const { kind, message, status } = error;
    return { kind: kind === 'credentials' || kind === 'aborted' ? 'other' : kind, message, status, line: null };
  }
  // The store takes nothing, its disk having failed for long: the target is not at fault, and the scrape is lost all the same.
  if (error instanceof StorageError) return { kind: 'other', message: error.message, status: null, line: null };
  throw error;
}
