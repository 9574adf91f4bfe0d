import type { Page } from '@playwright/test';

/**
 * What breaks a layout, as sentences; runs in the page. Text that is cut without an ellipsis, text that runs out of its box or
 * of the window, and pieces of text that lie over each other.
 */
export async function brokenLayout(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    if (document.documentElement.scrollWidth > width) found.push('the window scrolls sideways');
    const named = (element: Element): string => {
      const text = (element.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 50);
      return `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> “${text}”`;
    };
    const hidden = (element: Element): boolean => {
      const box = element.getBoundingClientRect();
      // What only screen readers get is a pixel wide.
      return (
        box.width <= 1 ||
        box.height <= 1 ||
        !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      );
    };
    /** The part of a box that neither the element nor an ancestor cuts off; scrolling ancestors cut what is scrolled away, as they should. */
    const seenPart = (
      element: Element,
      box: DOMRect,
    ): { left: number; top: number; right: number; bottom: number } | null => {
      let { left, top, right, bottom } = box;
      for (let parent: Element | null = element; parent !== null; parent = parent.parentElement) {
        const style = getComputedStyle(parent);
        if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
        const outer = parent.getBoundingClientRect();
        left = Math.max(left, outer.left);
        right = Math.min(right, outer.right);
        top = Math.max(top, outer.top);
        bottom = Math.min(bottom, outer.bottom);
      }
      return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
    };
    interface Piece {
      readonly element: Element;
      readonly left: number;
      readonly top: number;
      readonly right: number;
      readonly bottom: number;
    }
    const pieces: Piece[] = [];
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('svg, canvas, .uplot, [data-portal]') !== null || hidden(element)) continue;
      const texts = [...element.childNodes].filter(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
      );
      if (texts.length === 0) continue;
      const style = getComputedStyle(element);
      const cutsX = style.overflowX === 'hidden' || style.overflowX === 'clip';
      if (cutsX && style.textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1)
        found.push(`cut without a sign: ${named(element)}`);
      for (const text of texts) {
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const box of range.getClientRects()) {
          const seen = seenPart(element, box);
          if (seen === null) continue;
          // An ellipsis stands for what is beyond; anything else that ends early was cut by someone.
          let cutter: Element | null = element;
          while (cutter !== null && getComputedStyle(cutter).textOverflow !== 'ellipsis') cutter = cutter.parentElement;
          const scrolls = ((): boolean => {
            for (let parent: Element | null = element; parent !== null; parent = parent.parentElement)
              if (/auto|scroll/.test(getComputedStyle(parent).overflowX)) return true;
            return false;
          })();
          if (cutter === null && !scrolls && box.right - seen.right > 2)
            found.push(`cut at the right: ${named(element)}`);
          if (seen.right > width + 1) found.push(`beyond the window: ${named(element)}`);
          pieces.push({ element, ...seen });
        }
      }
      const button = element.closest('button, [role="tab"], a');
      if (button !== null && button !== element) {
        const outer = button.getBoundingClientRect();
        const inner = element.getBoundingClientRect();
        if (inner.right > outer.right + 2 || inner.left < outer.left - 2)
          found.push(`out of its button: ${named(element)}`);
      }
    }
    // What lies in a layer of its own covers what is below, on purpose.
    const layerOf = (element: Element): Element | null => {
      for (let parent: Element | null = element; parent !== null; parent = parent.parentElement) {
        const { position, zIndex } = getComputedStyle(parent);
        if (position === 'fixed' || position === 'sticky' || (position === 'absolute' && zIndex !== 'auto'))
          return parent;
      }
      return null;
    };
    const layers = new Map(pieces.map(({ element }) => [element, layerOf(element)]));
    for (const [i, one] of pieces.entries()) {
      for (const other of pieces.slice(i + 1)) {
        if (one.element === other.element || one.element.contains(other.element) || other.element.contains(one.element))
          continue;
        if (layers.get(one.element) !== layers.get(other.element)) continue;
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (wide > 2 && high > 4) found.push(`over each other: ${named(one.element)} and ${named(other.element)}`);
      }
    }
    if (height === 0) found.push('the window has no height');
    return [...new Set(found)];
  });
}
