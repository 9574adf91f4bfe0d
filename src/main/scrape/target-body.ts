import type { TargetBodyView } from '#shared/contract/index.ts';
import type { ScrapeClock } from './deps.ts';
import type { ScrapePool } from './pool.ts';
import { failureOf } from './scrape-error.ts';
import type { Target } from './target.ts';

/** More than this of a body is not shown. */
const MOST_BYTES = 1 << 20;

/** What a target answers now, as text. Bodies of scrapes are not kept: they would take more memory than their samples. */
export async function targetBody(
  pool: ScrapePool,
  target: Target,
  clock: ScrapeClock,
  signal: AbortSignal,
): Promise<TargetBodyView> {
  const started = clock.monotonic();
  try {
    const { body, format } = await pool.fetch(target, signal);
    const shown = Buffer.from(body.subarray(0, MOST_BYTES));
    return {
      failure: null,
      text: format === 'protobuf' ? '' : shown.toString('utf8'),
      bytes: body.length,
      cut: body.length > MOST_BYTES,
      format,
      millis: clock.monotonic() - started,
    };
  } catch (error) {
    const failure = failureOf(error);
    return { failure, text: '', bytes: 0, cut: false, format: null, millis: clock.monotonic() - started };
  }
}
