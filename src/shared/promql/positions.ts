const encoder = new TextEncoder();

/** Bytes that the first `offset` UTF-16 units of the text take in UTF-8. */
export function byteOffset(text: string, offset: number): number {
  return encoder.encode(text.slice(0, offset)).length;
}

/** `line:column` of a UTF-16 offset, both from 1, the column in bytes, as Prometheus gives positions. */
export function lineAndColumn(text: string, offset: number): string {
  if (text === '') return 'unknown position';
  if (offset < 0 || offset > text.length) return 'invalid position';
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return `${line}:${encoder.encode(before.slice(lineStart)).length + 1}`;
}
