import { parseDuration, type Millis } from '#shared/model/index.ts';
import { readSize } from './decode/size-text.ts';
import { readDuration } from './decode/duration-text.ts';
import type { PrometheusConfig } from './model.ts';

/** How long samples are kept. Zero: that limit does not hold; all of those that hold do. */
export interface Retention {
  readonly time: Millis;
  /** Bytes. */
  readonly size: number;
  /** Share of the disk, 0 to 100. */
  readonly percentage: number;
  /** Who decided: the settings window can only change its own. */
  readonly from: 'flag' | 'file' | 'preference' | 'default';
}

/** `--storage.tsdb.retention.*` as typed; '' where not given. */
export interface RetentionFlags {
  readonly time: string;
  readonly size: string;
}

const DEFAULT_TIME: Millis = 15 * 86_400_000;

/** Why a flag's value is not accepted, or null. */
export function retentionFlagProblem({ time, size }: RetentionFlags): string | null {
  const timeRead = time === '' ? 0 : readDuration(time);
  if (typeof timeRead === 'string') return `--storage.tsdb.retention.time: ${timeRead}`;
  const sizeRead = size === '' ? 0 : readSize(size);
  if (typeof sizeRead === 'string') return `--storage.tsdb.retention.size: ${sizeRead}`;
  return sizeRead < 0 ? '--storage.tsdb.retention.size: must not be negative' : null;
}

/**
 * What holds: a flag over the configuration file over the preference. Whoever gives a time or a size decides both, as in Prometheus, where a
 * size alone means no limit of time. Flags must have passed `retentionFlagProblem`.
 */
export function resolveRetention(flags: RetentionFlags, config: PrometheusConfig, preference: string): Retention {
  if (flags.time !== '' || flags.size !== '') {
    const size = flags.size === '' ? 0 : readSize(flags.size);
    return {
      time: parseDuration(flags.time) ?? 0,
      size: typeof size === 'number' ? size : 0,
      percentage: 0,
      from: 'flag',
    };
  }
  const file = config.storage.tsdb.retention;
  if (file !== null && (file.time > 0 || file.size > 0 || file.percentage > 0)) return { ...file, from: 'file' };
  const time = parseDuration(preference) ?? 0;
  if (time > 0) return { time, size: 0, percentage: 0, from: 'preference' };
  return { time: DEFAULT_TIME, size: 0, percentage: 0, from: 'default' };
}
