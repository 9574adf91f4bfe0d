import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScrapeFailure } from '#shared/contract/index.ts';

/** A failed scrape in words. */
export interface FailureWords {
  /** One or two words for a list. */
  readonly short: string;
  /** What happened, as a sentence about the address. */
  readonly cause: string;
  /** What a person can do about it. */
  readonly remedy: string;
  /** The failure's own message where the words leave the reason open, else `''`. */
  readonly reason: string;
}

/** Puts a failed scrape into words. `address` is what was scraped. */
export function useFailureWords(): (failure: ScrapeFailure, address: string) => FailureWords {
  const { t } = useTranslation();
  return useCallback(
    (failure, address) => {
      const { kind, message } = failure;
      const values = { address, status: failure.status ?? 0, line: failure.line ?? 0 };
      return {
        short: t(`failure.${kind}.short`, values),
        cause: t(`failure.${kind}.cause`, values),
        remedy: t(`failure.${kind}.remedy`, values),
        reason: kind === 'parse' || kind === 'other' ? message : '',
      };
    },
    [t],
  );
}
