import { isUtf8 } from 'node:buffer';
import { LineError } from './error.ts';
import { view } from './line.ts';

/** Walks the fields of protobuf messages in one buffer, without copying. All errors are LineErrors. */
export class WireReader {
  readonly #buf: Buffer;
  /** Next byte to read. */
  pos = 0;
  /** End of the message that is being read. */
  end: number;
  /** Number and wire type of the field that `next` found. */
  field = 0;
  #type = 0;

  constructor(bytes: Uint8Array) {
    this.#buf = view(bytes, 0, bytes.length);
    this.end = bytes.length;
  }

  /** Goes to the next field of the message; false at its end. */
  next(): boolean {
    if (this.pos >= this.end) return false;
    const key = this.#varint();
    this.field = Math.floor(key / 8);
    this.#type = key % 8;
    if (this.field === 0) throw new LineError('proto: illegal tag 0');
    return true;
  }

  /** Passes over the field. */
  skip(): void {
    switch (this.#type) {
      case 0:
        this.#bigVarint();
        return;
      case 1:
        this.#advance(8);
        return;
      case 2:
        this.#advance(this.#varint());
        return;
      case 5:
        this.#advance(4);
        return;
      default:
        throw new LineError(`proto: illegal wire type ${this.#type}`);
    }
  }

  /**
   * Enters the message in the field.
   * @returns the end of the message around it, to be given to `leave`
   */
  enter(): number {
    this.#expect(2);
    const size = this.#varint();
    if (size > this.end - this.pos) throw new LineError('proto: unexpected end of input');
    const outer = this.end;
    this.end = this.pos + size;
    return outer;
  }

  leave(outer: number): void {
    this.pos = this.end;
    this.end = outer;
  }

  /** Enters the message that stands at `pos` after its length: how families follow each other. */
  enterDelimited(): number {
    this.#type = 2;
    return this.enter();
  }

  string(what: string): string {
    const outer = this.enter();
    const bytes = this.#buf.subarray(this.pos, this.end);
    if (!isUtf8(bytes)) throw new LineError(`invalid UTF-8 ${what}`);
    this.leave(outer);
    return bytes.toString('utf8');
  }

  double(): number {
    this.#expect(1);
    this.#advance(8);
    return this.#buf.readDoubleLE(this.pos - 8);
  }

  /** The bits of a double, which a number might change where it is a NaN, as its lower and upper word. */
  bits(words: Uint32Array, i: number): void {
    this.#expect(1);
    this.#advance(8);
    words[2 * i] = this.#buf.readUInt32LE(this.pos - 8);
    words[2 * i + 1] = this.#buf.readUInt32LE(this.pos - 4);
  }

  uint(): number {
    this.#expect(0);
    return Number(this.#bigVarint());
  }

  int(): number {
    this.#expect(0);
    return Number(BigInt.asIntN(64, this.#bigVarint()));
  }

  sint(): number {
    this.#expect(0);
    return zigzag(this.#bigVarint());
  }

  /** A repeated number, packed or not: adds to `into`. */
  sints(into: number[]): void {
    if (this.#type !== 2) {
      into.push(this.sint());
      return;
    }
    const outer = this.enter();
    while (this.pos < this.end) into.push(zigzag(this.#bigVarint()));
    this.leave(outer);
  }

  /** A repeated number without a sign, packed or not: adds to `into`. */
  uints(into: number[]): void {
    if (this.#type !== 2) {
      into.push(this.uint());
      return;
    }
    const outer = this.enter();
    while (this.pos < this.end) into.push(Number(this.#bigVarint()));
    this.leave(outer);
  }

  doubles(into: number[]): void {
    if (this.#type !== 2) {
      into.push(this.double());
      return;
    }
    const outer = this.enter();
    while (this.pos < this.end) {
      this.#advance(8);
      into.push(this.#buf.readDoubleLE(this.pos - 8));
    }
    this.leave(outer);
  }

  /** Bytes as a text that is equal for equal bytes. */
  key(from: number, to: number): string {
    return this.#buf.toString('latin1', from, to);
  }

  #expect(type: number): void {
    if (this.#type !== type) throw new LineError(`proto: wrong wire type for field ${this.field}`);
  }

  #advance(bytes: number): void {
    if (bytes > this.end - this.pos) throw new LineError('proto: unexpected end of input');
    this.pos += bytes;
  }

  /** A varint that is small: a tag or a length. */
  #varint(): number {
    const value = this.#bigVarint();
    if (value > 0x7fffffffn) throw new LineError('proto: length out of range');
    return Number(value);
  }

  #bigVarint(): bigint {
    let low = 0;
    // Most are of one or two bytes: no BigInt arithmetic for those up to four.
    for (let i = 0; i < 4; i++) {
      if (this.pos >= this.end) throw new LineError('proto: unexpected end of input');
      const byte = this.#buf[this.pos++];
      low |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      if (this.pos >= this.end) throw new LineError('proto: unexpected end of input');
      const byte = this.#buf[this.pos++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new LineError('proto: variable-length integer overflow');
  }
}

function zigzag(value: bigint): number {
  return Number((value >> 1n) ^ -(value & 1n));
}
