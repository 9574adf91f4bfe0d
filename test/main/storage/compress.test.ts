import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '#main/storage/bytes.ts';
import { compress, decompress, decompressPlain } from '#main/storage/compress.ts';

/** Text that repeats itself, or not, of up to some hundred kilobytes. */
const content = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.integer({ min: 1, max: 120 }))
  .map(([piece, times]) => {
    const bytes = new Uint8Array(piece.length * times);
    for (let i = 0; i < times; i++) bytes.set(piece, i * piece.length);
    return bytes;
  });

function outcome(work: () => Uint8Array): string | null {
  try {
    return Buffer.from(work()).toString('base64');
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return null;
  }
}

describe('unfolding in one context', () => {
  test('gives back what was compressed, again and again', () => {
    fc.assert(
      fc.property(content, fc.constantFrom(1, 3, 9), (bytes, level) => {
        const frame = compress(bytes, level);
        expect(Buffer.from(decompress(frame)).equals(bytes)).toBe(true);
      }),
    );
  });

  test('nothing at all is a frame too', () => {
    expect(decompress(compress(new Uint8Array(0), 1))).toHaveLength(0);
  });

  test('whatever is wrong with a frame, it fails as the plain way does, and the next one is read', () => {
    const good = compress(Buffer.from('what comes after it '.repeat(50)), 3);
    fc.assert(
      fc.property(content, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(), (bytes, place, flip, cut) => {
        const frame = Buffer.from(compress(bytes, 1));
        const flipped = Buffer.from(frame);
        flipped[place % frame.length] ^= flip;
        const short = frame.subarray(0, cut % frame.length);
        const long = Buffer.concat([frame, frame.subarray(0, (cut % 20) + 1)]);
        for (const wrong of [flipped, short, long]) {
          expect(outcome(() => decompress(wrong))).toBe(outcome(() => decompressPlain(wrong)));
          expect(Buffer.from(decompress(good)).toString()).toBe('what comes after it '.repeat(50));
        }
      }),
      { numRuns: 300 },
    );
  });
});
