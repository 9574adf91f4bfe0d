export { digestSeries } from './digest.ts';
export type { MetadataLookup, SeriesDigest } from './families.ts';
export { buildPage, type PageInput } from './page.ts';
export { robustBand, TargetWatch, WatchedQuery, type Detector } from './heat/index.ts';
export { qualityView, type QualityInput } from './quality/quality-view.ts';
