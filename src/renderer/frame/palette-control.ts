const EVENT = 'hearth-palette';

/** Opens the palette, with a text already in its field. */
export function openPalette(text = ''): void {
  window.dispatchEvent(new CustomEvent(EVENT, { detail: text }));
}

/** Returns the removal of the listener. */
export function onOpenPalette(listener: (text: string) => void): () => void {
  const handle = (event: Event) => {
    if (event instanceof CustomEvent) listener(String(event.detail));
  };
  window.addEventListener(EVENT, handle);
  return () => window.removeEventListener(EVENT, handle);
}
