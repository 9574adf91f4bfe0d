import type { TFunction } from 'i18next';
import type { ScrapeFailure } from '#shared/contract/index.ts';

/** What happened, as a sentence about the address. */
export function failureSentence(t: TFunction<'live'>, failure: ScrapeFailure, address: string): string {
  return t(`failure.${failure.kind}`, { address, status: failure.status ?? '', line: failure.line ?? '' });
}

/** What can be done about it. */
export function failureRemedy(t: TFunction<'live'>, failure: ScrapeFailure, timeout: string): string {
  return t(`remedy.${failure.kind}`, { timeout, message: failure.message });
}
