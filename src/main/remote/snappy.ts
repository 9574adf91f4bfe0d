import { snappyUncompress } from 'hysnappy';

/** Bytes that are no snappy block, or one that is too large. */
export class SnappyError extends Error {
  override readonly name = 'SnappyError';
  readonly kind: 'broken' | 'too-large';
  constructor(kind: 'broken' | 'too-large', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Length that a block says it has unpacked, or -1. */
function unpackedLength(bytes: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5 && i < bytes.length; i++) {
    length += (bytes[i] & 0x7f) * 2 ** (7 * i);
    if (bytes[i] < 0x80) return length;
  }
  return -1;
}

/** The bytes of a snappy block. @throws SnappyError */
export function unpackSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const length = unpackedLength(bytes);
  if (length < 0) throw new SnappyError('broken', 'the body is no snappy block');
  if (length > maxBytes) throw new SnappyError('too-large', `the body unpacks to more than ${maxBytes} bytes`);
  try {
    return snappyUncompress(bytes, length);
  } catch (cause) {
    throw new SnappyError(
      'broken',
      `the body is no snappy block: ${cause instanceof Error ? cause.message : 'damaged'}`,
    );
  }
}
