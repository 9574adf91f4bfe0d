/**
 * Values on their way between the double's process and a page, as JSON text: Playwright's own serialisation is built
 * for tests' arguments, not for IPC traffic. Both functions are also sent to the page as source text, so they must not
 * use anything from outside themselves.
 */
export function encodeValue(value: unknown): unknown {
  const encode = (inner: unknown): unknown => {
    if (inner === undefined) return { $undefined: true };
    if (typeof inner === 'bigint') return { $bigint: String(inner) };
    if (typeof inner === 'number')
      return Number.isFinite(inner) && !Object.is(inner, -0)
        ? inner
        : { $number: Object.is(inner, -0) ? '-0' : String(inner) };
    if (inner === null || typeof inner !== 'object') return inner;
    if (ArrayBuffer.isView(inner)) {
      const bytes = new Uint8Array(inner.buffer, inner.byteOffset, inner.byteLength);
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return { $typed: inner.constructor.name === 'Buffer' ? 'Uint8Array' : inner.constructor.name, data: btoa(text) };
    }
    if (inner instanceof Map) return { $map: [...inner].map(encode) };
    if (Array.isArray(inner)) return inner.map(encode);
    return Object.fromEntries(Object.entries(inner).map(([key, entry]) => [key, encode(entry)]));
  };
  return encode(value);
}

export function decodeValue(value: unknown): unknown {
  const decode = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(decode);
    if (inner === null || typeof inner !== 'object') return inner;
    const object = inner as Record<string, unknown>;
    if (object['$undefined'] === true) return undefined;
    if (typeof object['$number'] === 'string') return Number(object['$number']);
    if (typeof object['$bigint'] === 'string') return BigInt(object['$bigint']);
    if (Array.isArray(object['$map'])) return new Map(object['$map'].map(decode) as [unknown, unknown][]);
    if (typeof object['$typed'] === 'string') {
      const bytes = Uint8Array.from(atob(object['data'] as string), (char) => char.charCodeAt(0));
      const kinds = globalThis as unknown as Record<string, new (buffer: ArrayBuffer) => unknown>;
      return new kinds[object['$typed']](bytes.buffer);
    }
    return Object.fromEntries(Object.entries(object).map(([key, entry]) => [key, decode(entry)]));
  };
  return decode(value);
}
