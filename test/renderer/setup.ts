/** What browsers have and jsdom lacks. Nothing has a size there, so nothing is drawn. */
const never = { matches: false, addEventListener: () => undefined, removeEventListener: () => undefined };
Object.defineProperty(window, 'matchMedia', { configurable: true, value: () => never });

class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver = NoResize;
Element.prototype.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
