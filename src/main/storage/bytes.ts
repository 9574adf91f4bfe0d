/** A growing byte buffer. All numbers are little-endian; varints are LEB128 of integers up to 2^53. */
export class ByteWriter {
  bytes: Uint8Array;
  #view: DataView;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `count` more bytes; `bytes` may be another array afterwards. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  u32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  f64(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Element `i` of an array whose words these are, with all its bits. */
  bits(words: Uint32Array, i: number): void {
    this.u32(words[2 * i]);
    this.u32(words[2 * i + 1]);
  }

  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /** A signed integer, small ones short. |value| < 2^52. */
  zigzag(value: number): void {
    this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  text(text: string): void {
    // Most texts are short and ASCII: calling the encoder would cost ten times the copying.
    const { length } = text;
    if (length < 0x80) {
      this.reserve(length + 1);
      const start = this.length;
      const { bytes } = this;
      bytes[start] = length;
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code >= 0x80) break;
        bytes[start + 1 + i] = code;
      }
      if (i === length) {
        this.length = start + 1 + length;
        return;
      }
    }
    const encoded = ENCODER.encode(text);
    this.varint(encoded.length);
    this.raw(encoded);
  }

  /** What was written, not copied: valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** The bytes end before what they should hold does, or hold what no writer wrote. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** Reads what a ByteWriter wrote; @throws DecodeError past the end */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** Steps over `count` bytes and returns where they start. */
  skip(count: number): number {
    const start = this.at;
    if (!(count >= 0) || start + count > this.end) throw new DecodeError('the data end too early');
    this.at = start + count;
    return start;
  }

  u8(): number {
    return this.bytes[this.skip(1)];
  }

  u32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.skip(8), true);
  }

  /** Puts eight bytes into element `i` of the array whose words these are. */
  bits(words: Uint32Array, i: number): void {
    words[2 * i] = this.u32();
    words[2 * i + 1] = this.u32();
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
      if (scale > 2 ** 56) throw new DecodeError('a number is too long');
    }
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  raw(count: number): Uint8Array {
    const start = this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  text(): string {
    return DECODER.decode(this.raw(this.varint()));
  }
}
