import type { ScrapeFailure } from '#shared/contract/index.ts';
import { HttpError } from '#main/http/index.ts';
import { ExpositionError } from '#main/exposition/index.ts';

/** A scrape that failed as scrapes do. */
export class ScrapeError extends Error {
  override readonly name = 'ScrapeError';
  readonly failure: ScrapeFailure;
  /** Samples of the body, where it was read. */
  readonly scraped: number;
  constructor(kind: ScrapeFailure['kind'], message: string, more: { status?: number | null; scraped?: number } = {}) {
    super(message);
    this.failure = { kind, message, status: more.status ?? null, line: null };
    this.scraped = more.scraped ?? 0;
  }
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
  throw error;
}
