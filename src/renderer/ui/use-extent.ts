import { useLayoutEffect, useState, type RefObject } from 'react';

/** Inner width or height of an element in pixels, kept up to date; 0 before it is on the page. */
export function useExtent(element: RefObject<HTMLElement | null>, which: 'clientWidth' | 'clientHeight'): number {
  const [extent, setExtent] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const read = () => setExtent(current[which]);
    read();
    const observer = new ResizeObserver(read);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, which]);
  return extent;
}
