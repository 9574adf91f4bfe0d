import { createReader, DEFAULT_READER_OPTIONS, type BodyFormat, type ReaderOptions } from '#main/exposition/index.ts';
import { labelsToRecord } from '#shared/model/index.ts';

/** One body read on its own, as plain data: `[labels, value, time?, exemplar?]` for each sample. */
export function parse(format: BodyFormat, body: string | Uint8Array, options?: Partial<ReaderOptions>) {
  const reader = createReader(format, { ...DEFAULT_READER_OPTIONS, ...options });
  const parsed = reader.read(typeof body === 'string' ? Buffer.from(body) : body);
  return {
    samples: Array.from({ length: parsed.count }, (_, i) => ({
      labels: { ...labelsToRecord(reader.labelsOf(i)) },
      value: parsed.values[i],
      time: parsed.times === null || Number.isNaN(parsed.times[i]) ? null : parsed.times[i],
    })),
    exemplars: parsed.exemplars ?? [],
    metadata: parsed.metadata,
  };
}

/** The message and line that reading the body fails with; null when it does not. */
export function problem(
  format: BodyFormat,
  body: string | Uint8Array,
  options?: Partial<ReaderOptions>,
): string | null {
  try {
    parse(format, body, options);
    return null;
  } catch (error) {
    const { name, line, message } = error as Error & { line: number };
    return name === 'ExpositionError' ? `${line}: ${message}` : `BUG ${String(error)}`;
  }
}
