import { quoteGo } from '#shared/model/index.ts';
import { optional } from '../decode/decoder.ts';
import { duration, float, int, size, string } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';

const retention = struct({
  type: 'config.plain',
  fields: { time: field(duration), size: field(size), percentage: field(float) },
  check({ size, percentage }, refuse) {
    if (size < 0) refuse(`'storage.tsdb.retention.size' must be greater than or equal to 0, got ${size}B`, 'size');
    if (percentage < 0 || percentage > 100)
      refuse(`'storage.tsdb.retention.percentage' must be in the range [0, 100], got ${percentage}`, 'percentage');
  },
});

const chunkEncoding = struct({
  type: 'config.ChunkEncodingConfig',
  fields: { floats: field(string) },
  check({ floats }, refuse) {
    if (!['', 'xor', 'xor2'].includes(floats))
      refuse(
        `'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be omitted entirely, got ${quoteGo(floats)}`,
        'floats',
      );
  },
});

const tsdb = struct({
  type: 'config.plain',
  fields: {
    out_of_order_time_window: field(duration),
    stale_series_compaction_threshold: field(float),
    chunk_encoding: field(chunkEncoding),
    /** Null where the file says nothing: flags and preferences decide then. */
    retention: field(optional(retention)),
  },
});

const exemplars = struct({ type: 'config.ExemplarsConfig', fields: { max_exemplars: field(int) } });

export const storage = struct({
  type: 'config.StorageConfig',
  fields: { tsdb: field(tsdb), exemplars: field(exemplars, { maxExemplars: 100_000 }) },
});
