import { z } from 'zod';
import type { Access } from './methods.ts';
import type { ConfigView } from './config-views.ts';
import type { HeatView, LiveFrame } from './live-views.ts';
import type { PageView } from './page-views.ts';
import type { Preferences } from './preferences.ts';
import type { StatusView } from './status-views.ts';
import type { TargetsView } from './target-views.ts';

const source = z.literal('local');
const millis = z.number().int();
const none = z.object({});

/** Streams: subscribing gives the present state at once, then every change. */
export const topics = {
  targets: { access: 'read', params: none },
  status: { access: 'read', params: none },
  config: { access: 'write', params: none },
  preferences: { access: 'read', params: none },
  page: { access: 'read', params: z.object({ targetId: z.string(), window: millis }) },
  /** How calm or unusual each target is, watched in the background. */
  heat: { access: 'read', params: none },
  /**
   * Live results of queries: the whole window first, then only new steps. `start`.. are absolute multiples of `step`.
   * Queries with `watch` come with what was to be expected: at first without, then the whole window again with it.
   * With `until` (ms since the epoch) the window ends there and nothing comes after it; null: now, and going on.
   */
  live: {
    access: 'read',
    params: z.object({
      source,
      queries: z
        .array(z.object({ id: z.string(), expr: z.string(), watch: z.boolean() }))
        .max(500)
        .readonly(),
      window: millis.positive(),
      step: millis.positive(),
      until: millis.nullable(),
    }),
  },
} as const satisfies Record<string, { access: Access; params: z.ZodType }>;

export type TopicName = keyof typeof topics;
export type TopicParams<T extends TopicName> = z.output<(typeof topics)[T]['params']>;

export interface TopicEvents {
  targets: TargetsView;
  status: StatusView;
  config: ConfigView;
  preferences: Preferences;
  page: PageView;
  heat: HeatView;
  live: readonly LiveFrame[];
}
