import { constants, createZstdDecompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { DecodeError } from './bytes.ts';

/** Highest length a blob may unfold to: a guard against damaged headers, far above what is ever written. */
const MAX_UNFOLDED = 1 << 30;

/** One zstd frame with a checksum, so that damage is found before anything is believed. */
export function compress(bytes: Uint8Array, level: number): Uint8Array {
  return zstdCompressSync(bytes, {
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_checksumFlag]: 1,
      [constants.ZSTD_c_contentSizeFlag]: 1,
    },
    pledgedSrcSize: bytes.length,
  });
}

/** Bytes of a frame that say the length of its content, by the two bits of its descriptor that tell. */
const LENGTH_BYTES = [0, 2, 4, 8];
const DICTIONARY_BYTES = [0, 1, 2, 4];

/**
 * Length that a zstd frame says it unfolds to, where the bytes are one whole frame of the kind that `compress` makes, by
 * its headers; -1 otherwise. See RFC 8878, 3.1.1.
 */
function wholeFrame(bytes: Uint8Array): number {
  if (bytes.length < 9 || bytes[0] !== 0x28 || bytes[1] !== 0xb5 || bytes[2] !== 0x2f || bytes[3] !== 0xfd) return -1;
  const descriptor = bytes[4];
  const single = (descriptor >> 5) & 1;
  const width = descriptor >> 6 === 0 ? single : LENGTH_BYTES[descriptor >> 6];
  if (width === 0) return -1;
  let at = 5 + (1 - single) + DICTIONARY_BYTES[descriptor & 3];
  let length = width === 2 ? 256 : 0;
  for (let i = width - 1, unit = 256 ** i; i >= 0; i--, unit /= 256) length += bytes[at + i] * unit;
  at += width;
  for (let last = 0; last === 0;) {
    if (at + 3 > bytes.length) return -1;
    const block = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
    last = block & 1;
    // The second type of block is one byte that is repeated.
    at += 3 + (((block >> 1) & 3) === 1 ? 1 : block >> 3);
  }
  if ((descriptor & 4) !== 0) at += 4;
  return at === bytes.length && length <= MAX_UNFOLDED ? length : -1;
}

/** What a stream of Node's zlib is made around. Not documented, but the same since Node has had streams of zstd. */
interface Handle {
  onerror: (message: string) => void;
  writeSync(
    flush: number,
    input: Uint8Array,
    inputFrom: number,
    inputLength: number,
    output: Uint8Array,
    outputFrom: number,
    outputLength: number,
  ): void;
}

/**
 * Unfolds whole frames in one context of zstd after the other: a context for each costs five times as much as unfolding
 * the few kilobytes of a frame does.
 */
class Unfolder {
  readonly #handle: Handle;
  /** Bytes left of output and input. */
  readonly #left: Uint32Array;
  #failed = false;

  constructor(handle: Handle, left: Uint32Array) {
    this.#handle = handle;
    this.#left = left;
    const onerror = (): void => {
      this.#failed = true;
    };
    Object.assign(handle, { onerror });
  }

  /** Null where this Node has other streams. */
  static create(): Unfolder | null {
    const stream: unknown = createZstdDecompress();
    const { _handle: handle, _writeState: left } = stream as { _handle?: Partial<Handle>; _writeState?: unknown };
    if (typeof handle?.writeSync !== 'function' || !(left instanceof Uint32Array) || left.length < 2) return null;
    return new Unfolder(handle as Handle, left);
  }

  /**
   * Unfolds a frame that fills `output`.
   * @returns false when the frame is not good: then this unfolder is of no use any more
   */
  unfold(frame: Uint8Array, output: Uint8Array): boolean {
    this.#handle.writeSync(constants.ZSTD_e_end, frame, 0, frame.length, output, 0, output.length);
    return !this.#failed && this.#left[0] === 0 && this.#left[1] === 0;
  }
}

let unfolder: Unfolder | null | undefined;

/** Unfolds a frame of so many bytes into an array that `room` gives; null when that cannot be done in one go. */
function unfold(frame: Uint8Array, length: number, room: (length: number) => Uint8Array): Uint8Array | null {
  if (length <= 0) return null;
  if (unfolder === undefined) unfolder = Unfolder.create();
  if (unfolder === null) return null;
  const output = room(length);
  if (unfolder.unfold(frame, output)) return output;
  unfolder = undefined;
  return null;
}

const ownRoom = (length: number): Uint8Array => new Uint8Array(length);

/** @throws DecodeError when the bytes are damaged */
export function decompress(bytes: Uint8Array): Uint8Array {
  return unfold(bytes, wholeFrame(bytes), ownRoom) ?? decompressPlain(bytes);
}

/** Larger ones are not unfolded in place: the room would stay. */
const MOST_IN_PLACE = 1 << 20;
let place = new Uint8Array(0);

/** As `decompress`, for a look: valid until the next call. @throws DecodeError when the bytes are damaged */
export function decompressInPlace(bytes: Uint8Array): Uint8Array {
  const length = wholeFrame(bytes);
  if (length > MOST_IN_PLACE) return decompress(bytes);
  const room = (): Uint8Array => {
    if (place.length < length) place = new Uint8Array(2 * length);
    return place.subarray(0, length);
  };
  return unfold(bytes, length, room) ?? decompressPlain(bytes);
}

/** As `decompress`, by what Node documents. */
export function decompressPlain(bytes: Uint8Array): Uint8Array {
  const length = wholeFrame(bytes);
  // One byte more than needed: a full buffer makes zlib ask for another.
  const chunkSize = length > 0 ? Math.max(64, length + 1) : 1 << 16;
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: MAX_UNFOLDED, chunkSize });
  } catch (cause) {
    throw new DecodeError('compressed data are damaged', { cause });
  }
}
