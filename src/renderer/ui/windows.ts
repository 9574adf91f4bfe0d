import type { Millis } from '#shared/model/index.ts';

/** Lengths of time that Live and Explore offer in the title bar. */
export const WINDOWS = [
  { millis: 300_000, label: '5m' },
  { millis: 900_000, label: '15m' },
  { millis: 3_600_000, label: '1h' },
  { millis: 21_600_000, label: '6h' },
  { millis: 86_400_000, label: '24h' },
] as const satisfies readonly { readonly millis: Millis; readonly label: string }[];
