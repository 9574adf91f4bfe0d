import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
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

/**
 * Length that a zstd frame says it unfolds to, so that all of it goes to one buffer; 0 when it does not say.
 * See RFC 8878, 3.1.1.1.
 */
function unfoldedLength(bytes: Uint8Array): number {
  if (bytes.length < 14) return 0;
  const descriptor = bytes[4];
  const single = (descriptor >> 5) & 1;
  const width = [single, 2, 4, 8][descriptor >> 6];
  const at = 5 + (1 - single) + [0, 1, 2, 4][descriptor & 3];
  let length = 0;
  for (let i = width - 1; i >= 0; i--) length = length * 256 + bytes[at + i];
  return width === 2 ? length + 256 : length;
}

/** @throws DecodeError when the bytes are damaged */
export function decompress(bytes: Uint8Array): Uint8Array {
  const length = unfoldedLength(bytes);
  // One byte more than needed: a full buffer makes zlib ask for another.
  const chunkSize = length > 0 && length < MAX_UNFOLDED ? Math.max(64, length + 1) : 1 << 16;
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: MAX_UNFOLDED, chunkSize });
  } catch (cause) {
    throw new DecodeError('compressed data are damaged', { cause });
  }
}
