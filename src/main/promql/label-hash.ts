import type { Labels } from '#shared/model/index.ts';

const encoder = new TextEncoder();
const MASK = (1n << 64n) - 1n;
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;
const round = (acc: bigint, lane: bigint): bigint => (rotate((acc + lane * P2) & MASK, 31n) * P1) & MASK;

/** 64-bit xxHash with seed 0. */
export function xxHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  let at = 0;
  let hash: bigint;
  if (length >= 32) {
    const acc = [(P1 + P2) & MASK, P2, 0n, (MASK + 1n - P1) & MASK];
    for (; at + 32 <= length; at += 32)
      for (let lane = 0; lane < 4; lane++) acc[lane] = round(acc[lane], view.getBigUint64(at + lane * 8, true));
    hash = (rotate(acc[0], 1n) + rotate(acc[1], 7n) + rotate(acc[2], 12n) + rotate(acc[3], 18n)) & MASK;
    for (const lane of acc) hash = ((hash ^ round(0n, lane)) * P1 + P4) & MASK;
  } else hash = P5;
  hash = (hash + BigInt(length)) & MASK;
  for (; at + 8 <= length; at += 8)
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & MASK;
  if (at + 4 <= length) {
    hash = (rotate(hash ^ ((BigInt(view.getUint32(at, true)) * P1) & MASK), 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < length; at++) hash = (rotate(hash ^ ((BigInt(bytes[at]) * P5) & MASK), 11n) * P1) & MASK;
  hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
  return hash ^ (hash >> 32n);
}

/** Bytes of the labels as the original's default build hashes them: each string with its length before it. */
function encode(labels: Labels): Uint8Array {
  const bytes: number[] = [];
  for (const text of labels) {
    const encoded = encoder.encode(text);
    if (encoded.length < 255) bytes.push(encoded.length);
    else bytes.push(255, encoded.length & 0xff, (encoded.length >> 8) & 0xff, encoded.length >> 16);
    bytes.push(...encoded);
  }
  return Uint8Array.from(bytes);
}

/** A number in [0, 1] that is always the same for a label set and well spread over all of them. */
export function unitHash(labels: Labels): number {
  return Number(xxHash64(encode(labels))) / 2 ** 64;
}
