import { createGunzip, createZstdDecompress } from 'node:zlib';
import { Readable } from 'node:stream';

/** Whole lines of a text, with what a reader that begins here has to know. */
export interface LineBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Offset in the text of the byte after the block. */
  readonly end: number;
  /** The TYPE line in force where the block begins, with its line feed; empty where there is none. */
  readonly type: Uint8Array;
  /** Lines of the text before the block. */
  readonly line: number;
}

const LF = 0x0a;
const TYPE = Buffer.from('# TYPE ');
const TYPE_IN_TEXT = Buffer.from('\n# TYPE ');
const NOTHING = new Uint8Array(0);

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count++;
  return count;
}

/** The last TYPE line of whole lines, or null. */
function lastType(bytes: Buffer): Uint8Array | null {
  const found = bytes.lastIndexOf(TYPE_IN_TEXT);
  const from = found >= 0 ? found + 1 : bytes.subarray(0, TYPE.length).equals(TYPE) ? 0 : -1;
  return from < 0 ? null : bytes.subarray(from, bytes.indexOf(LF, from) + 1);
}

/**
 * Cuts a text into blocks of whole lines of at least `size` bytes, from `offset` (the beginning of a line) on. A last
 * line without a line feed gets one.
 */
export async function* lineBlocks(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
  offset: number,
): AsyncGenerator<LineBlock> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  /** Offset of the first byte that waits. */
  let at = 0;
  let type: Uint8Array = NOTHING;
  let line = 0;
  const cut = (bytes: Buffer<ArrayBuffer>, end: number): LineBlock | null => {
    const before = type;
    const whole = bytes.subarray(0, end);
    const skip = Math.max(0, Math.min(end, offset - at));
    const skipped = skip > 0 ? lastType(bytes.subarray(0, skip)) : null;
    type = lastType(whole) ?? type;
    at += end;
    const skippedLines = countLines(bytes.subarray(0, skip));
    const first = line + skippedLines;
    line = first + countLines(whole.subarray(skip));
    return skip === end ? null : { bytes: whole.subarray(skip), end: at, type: skipped ?? before, line: first };
  };
  for await (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length < size || !piece.includes(LF)) continue;
    const bytes = Buffer.concat(waiting, length);
    const end = bytes.lastIndexOf(LF) + 1;
    const block = cut(bytes, end);
    waiting = [bytes.subarray(end)];
    length -= end;
    if (block !== null) yield block;
  }
  if (length === 0) return;
  if (waiting.at(-1)?.at(-1) !== LF) {
    waiting.push(Buffer.of(LF));
    length++;
  }
  const block = cut(Buffer.concat(waiting, length), length);
  if (block !== null) yield block;
}

async function* startingWith(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** The bytes unpacked, where their beginning says that they are gzip or zstd. */
export async function* unpacked(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const bytes = first.value;
  const all = startingWith(bytes, iterator);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) yield* Readable.from(all).pipe(createGunzip());
  else if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd)
    yield* Readable.from(all).pipe(createZstdDecompress());
  else yield* all;
}
