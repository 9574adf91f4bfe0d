/** So far outside of what is seen an element counts as seen: scrolling shows nothing that is out of date. */
const MARGIN = '200px';

const seenBy = new Map<Element, (seen: boolean) => void>();
let observer: IntersectionObserver | null = null;

function observerOf(): IntersectionObserver | null {
  // Not every place where components are tested has a layout.
  if (typeof IntersectionObserver === 'undefined') return null;
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) seenBy.get(entry.target)?.(entry.isIntersecting);
    },
    { rootMargin: MARGIN, scrollMargin: MARGIN },
  );
  return observer;
}

/** Tells whenever an element comes into view or leaves it, and soon after the call. @returns ends it */
export function watchInView(element: Element, seen: (seen: boolean) => void): () => void {
  const own = observerOf();
  if (own === null) return () => {};
  seenBy.set(element, seen);
  own.observe(element);
  return () => {
    own.unobserve(element);
    seenBy.delete(element);
  };
}
