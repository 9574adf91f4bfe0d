export * from './brand.ts';
export * from './duration.ts';
export * from './histogram.ts';
export * from './labels.ts';
export * from './matcher.ts';
export * from './metadata.ts';
export * from './regex.ts';
export * from './value.ts';
