import type { TFunction } from 'i18next';
import type { ScrapeFailure } from '#shared/contract/index.ts';

export interface FailureWords {
  /** One or two words for a list. */
  readonly short: string;
  readonly cause: string;
  /** What a person can do about it. */
  readonly remedy: string;
}

/** A failed scrape in words. `address` is what was scraped. */
export function failureWords(t: TFunction<'settings'>, failure: ScrapeFailure, address: string): FailureWords {
  const { kind } = failure;
  const values = {
    address,
    status: failure.status ?? 0,
    line: failure.line ?? 0,
    message: failure.message,
  };
  return {
    short: t(`failure.${kind}.short`, values),
    cause: t(`failure.${kind}.cause`, values),
    remedy: t(`failure.${kind}.remedy`, values),
  };
}
