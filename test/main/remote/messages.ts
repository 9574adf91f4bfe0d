/** Writes protobuf messages, for tests. */
export type Field = readonly [number: number, value: Uint8Array | string | Varint | number | Bits];

/** A double by its bits. */
export class Bits {
  readonly bytes = Buffer.alloc(8);
  constructor(bits: bigint) {
    this.bytes.writeBigUInt64LE(bits);
  }
}

/** An integer field; a plain number is a double. */
export class Varint {
  readonly value: bigint;
  constructor(value: number | bigint) {
    this.value = BigInt.asUintN(64, BigInt(value));
  }
}

/** A signed integer as protobuf's sint has it. */
export function zigzag(value: number): Varint {
  return new Varint(value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** Numbers one after the other, as packed fields have them. */
export function packed(values: readonly (number | Varint)[]): Buffer {
  return Buffer.concat(values.map((value) => (value instanceof Varint ? varint(value.value) : double(value))));
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

export function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      const tag = (type: number): Buffer => varint(BigInt(number * 8 + type));
      if (value instanceof Varint) return Buffer.concat([tag(0), varint(value.value)]);
      if (value instanceof Bits) return Buffer.concat([tag(1), value.bytes]);
      if (typeof value === 'number') return Buffer.concat([tag(1), double(value)]);
      const bytes = Buffer.from(value);
      return Buffer.concat([tag(2), varint(BigInt(bytes.length)), bytes]);
    }),
  );
}

/** Labels of version 1. */
export function labels(pairs: Readonly<Record<string, string>>): Field[] {
  return Object.entries(pairs).map(([name, value]) => [1, message([1, name], [2, value])]);
}

export function sample(time: number, value: number | Bits, startTime = 0): Field {
  return [
    2,
    message([1, value], [2, new Varint(time)], ...(startTime === 0 ? [] : [[3, new Varint(startTime)] as const])),
  ];
}
