export * from './body.ts';
export * from './content-type.ts';
export { ExpositionError, LineError as WireError } from './error.ts';
export { WireReader } from './wire.ts';
export { createReader, DEFAULT_READER_OPTIONS, type BodyReader, type ReaderOptions } from './reader.ts';
export { histogramText } from './histogram-text.ts';
export { LineStream, STALE_TEXT, type SampleLines } from './line-stream.ts';
export { jsonExpressionProblem } from './json-path.ts';
export { recognizeText } from './recognize.ts';
