import { useLayoutEffect, useRef, type RefObject } from 'react';
import type { SharedView } from './shared-view.ts';

/**
 * Keeps an element's text in step with the crosshair without rendering: `text` is asked again each time the crosshair moves
 * and each time the component renders.
 */
export function useLiveText<E extends HTMLElement>(view: SharedView, text: () => string): RefObject<E | null> {
  const element = useRef<E>(null);
  const latest = useRef(text);
  const write = useRef(() => {
    const next = latest.current();
    if (element.current !== null && element.current.textContent !== next) element.current.textContent = next;
  });
  useLayoutEffect(() => {
    latest.current = text;
    write.current();
  });
  useLayoutEffect(() => view.subscribe(() => write.current()), [view]);
  return element;
}
