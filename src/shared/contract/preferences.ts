import { z } from 'zod';
import type { Millis } from '../model/index.ts';

export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  /** `system`: the first of the system's languages that there is. */
  readonly language: 'system' | 'en' | 'zh';
  /** Prometheus duration; applies where no flag says otherwise. */
  readonly retention: string;
  /** Window of Live by default, milliseconds. */
  readonly liveWindow: Millis;
  /** Live redraw: each scrape (0) or at most each so many milliseconds. */
  readonly refresh: Millis;
  readonly timeZone: 'local' | 'utc';
  readonly firstRunDone: boolean;
  /** Queries that ran in Explore, newest first. */
  readonly queryHistory: readonly KeptQuery[];
}

/** A query that ran, and when last. A favourite stays however many come after it. */
export interface KeptQuery {
  readonly expr: string;
  readonly at: Millis;
  readonly favourite: boolean;
}

export const preferencesSchema: z.ZodType<Preferences> = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'zh']),
  retention: z.string(),
  liveWindow: z.number().int(),
  refresh: z.number().int(),
  timeZone: z.enum(['local', 'utc']),
  firstRunDone: z.boolean(),
  queryHistory: z
    .array(z.object({ expr: z.string().max(100_000), at: z.number().int(), favourite: z.boolean() }))
    .max(500)
    .readonly(),
});

/** What holds until a person chooses otherwise. */
export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  language: 'system',
  retention: '15d',
  liveWindow: 900_000,
  refresh: 0,
  timeZone: 'local',
  firstRunDone: false,
  queryHistory: [],
};
