import { z } from 'zod';
import type { Preferences } from './views.ts';

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
