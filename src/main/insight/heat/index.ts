export type { Detector, Season, SeriesDetector } from './detector.ts';
export { robustBand } from './robust-band.ts';
export { TargetWatch, type TargetWatchOptions } from './target-watch.ts';
export { WatchedQuery, type WatchedQueryOptions } from './watched-query.ts';
