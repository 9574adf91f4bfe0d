import { Decoder, Encoder } from 'cbor-x/index-no-eval';
import type { WireMessage } from './client.ts';
import { parseWireMessage } from './wire-message.ts';

/**
 * Messages as CBOR (docs/protocols/wire.md). Typed arrays travel as the tagged arrays of RFC 8746 with their bits and
 * arrive as arrays of their own, aligned. No records, so each message stands alone.
 */
const options = { useRecords: false, mapsAsObjects: true, variableMapSize: true, tagUint8Array: true } as const;
const encoder = new Encoder(options);
const decoder = new Decoder({ ...options, copyBuffers: true });

/** The bytes of one message; the caller owns them. */
export function encodeMessage(message: WireMessage): Uint8Array {
  return encoder.encode(message);
}

/** The message in the bytes, or null when they hold none. Nothing in it points into `bytes`. */
export function decodeMessage(bytes: Uint8Array): WireMessage | null {
  let value: unknown;
  try {
    value = decoder.decode(bytes);
  } catch {
    return null;
  }
  return parseWireMessage(value);
}
