/** A text that is equal for equal configurations: plain data, maps, bigints and compiled expressions. */
export function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (part instanceof Map) return [...part.entries()] as unknown;
    if (typeof part === 'function') return undefined;
    return part;
  });
}
