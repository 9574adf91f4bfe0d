import type { Labels } from '#shared/model/index.ts';
import type { ParsedBody } from './body.ts';
import type { BodyFormat } from './content-type.ts';
import { CustomBucketsReader } from './custom-buckets-reader.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { TextReader } from './text-reader.ts';

export interface ReaderOptions {
  /** Adds `__type__` and `__unit__` from the metadata in force. */
  readonly typeAndUnitLabels: boolean;
  /** Takes native histograms, where the format has them; else their classic form. */
  readonly nativeHistograms: boolean;
  /** Takes the classic form of histograms that have a native one, too. */
  readonly keepClassicHistograms: boolean;
  /** Turns classic histograms into native ones with custom buckets. */
  readonly convertClassicHistograms: boolean;
}

export const DEFAULT_READER_OPTIONS: ReaderOptions = {
  typeAndUnitLabels: false,
  nativeHistograms: false,
  keepClassicHistograms: false,
  convertClassicHistograms: false,
};

/** Reads successive bodies of one target. */
export interface BodyReader {
  /** Handles given so far: each is less than this. */
  readonly handles: number;
  /** Label set of a sample of the body read last, as the target writes it (before relabelling). */
  labelsOf(sample: number): Labels;
  /**
   * Reads a body. The reader copies what it keeps of it.
   * @throws ExpositionError, and then is as it was before
   */
  read(body: Uint8Array): ParsedBody;
}

/** A reader for the format. */
export function createReader(format: BodyFormat, options: ReaderOptions = DEFAULT_READER_OPTIONS): BodyReader {
  const reader = format === 'protobuf' ? new ProtobufReader(options) : new TextReader(format, options);
  return options.convertClassicHistograms ? new CustomBucketsReader(reader, options.keepClassicHistograms) : reader;
}
