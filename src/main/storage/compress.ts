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

/** @throws DecodeError when the bytes are damaged */
export function decompress(bytes: Uint8Array): Uint8Array {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: MAX_UNFOLDED });
  } catch (cause) {
    throw new DecodeError('compressed data are damaged', { cause });
  }
}
