export * from './body.ts';
export * from './content-type.ts';
export { ExpositionError } from './error.ts';
export { formatBound, formatGo } from './go-float.ts';
export { TextReader, type ReaderOptions } from './text-reader.ts';
