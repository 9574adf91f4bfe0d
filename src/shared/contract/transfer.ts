/** Buffers that go with a result instead of being copied with it, where its transport can do that. */
const buffers = new WeakMap<object, readonly ArrayBuffer[]>();

/** Marks what the result alone holds, so that a port may move it. @returns the result */
export function transferring<T extends object>(result: T, owned: readonly ArrayBuffer[]): T {
  buffers.set(result, owned);
  return result;
}

/** What was marked of a result. */
export function transferOf(result: unknown): readonly ArrayBuffer[] {
  return typeof result === 'object' && result !== null ? (buffers.get(result) ?? []) : [];
}
