export { digestSeries } from './digest.ts';
export type { MetadataLookup, SeriesDigest } from './families.ts';
export { buildPage, type PageInput } from './page.ts';
