import { useLayoutEffect, useRef, type RefObject } from 'react';
import { watchInView } from './in-view.ts';
import type { SharedView } from './shared-view.ts';

/**
 * Keeps an element's text in step with the crosshair without rendering: `text` is asked again each time the crosshair moves
 * and each time the component renders; while the element is out of view, once it comes back.
 */
export function useLiveText<E extends HTMLElement>(view: SharedView, text: () => string): RefObject<E | null> {
  const element = useRef<E>(null);
  const latest = useRef(text);
  const seen = useRef(true);
  const write = useRef(() => {
    if (element.current !== null) setText(element.current, latest.current());
  });
  useLayoutEffect(() => {
    latest.current = text;
    write.current();
  });
  useLayoutEffect(
    () =>
      view.subscribe(() => {
        if (seen.current) write.current();
      }),
    [view],
  );
  const watched = useRef<{ readonly element: E | null; readonly stop: () => void }>({ element: null, stop: () => {} });
  // Whatever is rendered may put another element in its place.
  useLayoutEffect(() => {
    if (element.current === watched.current.element) return;
    watched.current.stop();
    seen.current = true;
    const watch = (now: boolean): void => {
      seen.current = now;
      if (now) write.current();
    };
    const stop = element.current === null ? (): void => {} : watchInView(element.current, watch);
    watched.current = { element: element.current, stop };
  });
  useLayoutEffect(() => () => watched.current.stop(), []);
  return element;
}

/** Changes the text that is there: a new node would have more laid out anew. */
function setText(element: HTMLElement, next: string): void {
  const { firstChild } = element;
  if (firstChild instanceof Text) {
    if (firstChild.data !== next) firstChild.data = next;
  } else if (element.textContent !== next) element.textContent = next;
}
