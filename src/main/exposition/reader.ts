import type { JsonRule } from '#shared/contract/index.ts';
import type { Labels } from '#shared/model/index.ts';
import type { ParsedBody } from './body.ts';
import type { BodyFormat } from './content-type.ts';
import { CreatedReader } from './created-reader.ts';
import { CustomBucketsReader } from './custom-buckets-reader.ts';
import { InfluxReader } from './influx-reader.ts';
import { JsonReader } from './json-reader.ts';
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
  /** Tells start timestamps: OpenMetrics' `_created` lines become those of the lines they are about. */
  readonly startTimes: boolean;
  /** How JSON maps to samples; none: by the forms that need no mapping. */
  readonly jsonRules: readonly JsonRule[];
  /** Formats with names of their own (JSON, Influx) bring them to the old naming scheme. */
  readonly legacyNames: boolean;
}

export const DEFAULT_READER_OPTIONS: ReaderOptions = {
  typeAndUnitLabels: false,
  nativeHistograms: false,
  keepClassicHistograms: false,
  convertClassicHistograms: false,
  startTimes: false,
  jsonRules: [],
  legacyNames: false,
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
  const reader = readerOf(format, options);
  return options.convertClassicHistograms ? new CustomBucketsReader(reader, options.keepClassicHistograms) : reader;
}

function readerOf(format: BodyFormat, options: ReaderOptions): BodyReader {
  switch (format) {
    case 'text':
      return new TextReader(format, options);
    case 'openmetrics': {
      const reader = new TextReader(format, options);
      return options.startTimes ? new CreatedReader(reader) : reader;
    }
    case 'protobuf':
      return new ProtobufReader(options);
    case 'json':
      return new JsonReader(options.jsonRules, options.legacyNames);
    case 'influx':
      return new InfluxReader(options.legacyNames);
  }
}
