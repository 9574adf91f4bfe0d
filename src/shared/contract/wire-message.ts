import { z } from 'zod';
import type { WireMessage } from './client.ts';

const id = z.number().int().nonnegative();
const anything = z.unknown();
const detail = z.looseObject({ kind: z.string() });

const schema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), id, method: z.string(), params: anything }),
  z.object({ kind: z.literal('cancel'), id }),
  z.object({ kind: z.literal('reply'), id, result: anything }),
  z.object({ kind: z.literal('failure'), id, error: detail }),
  z.object({ kind: z.literal('subscribe'), id, topic: z.string(), params: anything }),
  z.object({ kind: z.literal('unsubscribe'), id }),
  z.object({ kind: z.literal('event'), id, event: anything }),
  z.object({ kind: z.literal('ended'), id, error: detail }),
]);

/** The envelope of something that came from outside; null when it is none. What is inside is checked by its receiver. */
export function parseWireMessage(value: unknown): WireMessage | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? (parsed.data as WireMessage) : null;
}
