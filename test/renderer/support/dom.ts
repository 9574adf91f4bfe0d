/** What components ask of a browser and jsdom does not have. Imported for its effect, before any component. */
class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= NoResizeObserver;
globalThis.matchMedia ??= (media: string) =>
  Object.assign(new EventTarget(), { media, matches: false, onchange: null }) as unknown as MediaQueryList;
// Editors measure text; without layout everything is nowhere.
const nowhere = { length: 0, item: () => null, [Symbol.iterator]: () => [].values() } as unknown as DOMRectList;
for (const [prototype, name, value] of [
  [Element.prototype, 'scrollIntoView', () => undefined],
  [Range.prototype, 'getClientRects', () => nowhere],
  [Range.prototype, 'getBoundingClientRect', () => new DOMRect()],
] as const) {
  if (!(name in prototype)) Object.defineProperty(prototype, name, { configurable: true, value });
}
