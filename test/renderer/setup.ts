/** What browsers have and jsdom lacks. Nothing has a size there, so nothing is drawn. */
const never = { matches: false, addEventListener: () => undefined, removeEventListener: () => undefined };
Object.defineProperty(window, 'matchMedia', { configurable: true, value: () => never });

class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver = NoResize;
/** A canvas on which everything can be drawn and nothing is seen: any method does nothing, text is as wide as its letters. */
const pen = new Proxy<Record<PropertyKey, unknown>>(
  { measureText: (text: string) => ({ width: 6 * text.length }) },
  { get: (own, name) => own[name] ?? (name === 'canvas' ? undefined : () => undefined), set: () => true },
);
HTMLCanvasElement.prototype.getContext = (() => pen) as unknown as typeof HTMLCanvasElement.prototype.getContext;
globalThis.Path2D ??= class {
  rect(): void {}
  moveTo(): void {}
  lineTo(): void {}
} as unknown as typeof Path2D;
Element.prototype.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
