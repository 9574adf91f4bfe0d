const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** A shortcut as it is written on this platform: `⌘K` or `Ctrl K`. */
export function modKey(key: string): string {
  return MAC ? `⌘${key}` : `Ctrl ${key}`;
}

/** Whether the platform's command key (⌘ or Ctrl) is down. */
export function hasMod(event: { readonly ctrlKey: boolean; readonly metaKey: boolean }): boolean {
  return MAC ? event.metaKey : event.ctrlKey;
}
