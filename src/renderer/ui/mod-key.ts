const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** A key as it is written on this platform: the signs of a Mac (`⇧L`, `↵`) are words elsewhere, where no font has to have them. */
export function keyName(key: string): string {
  return MAC ? key : key.replace('⇧', 'Shift ').replace('↵', 'Enter');
}

/** A shortcut as it is written on this platform: `⌘K` or `Ctrl K`. */
export function modKey(key: string): string {
  return MAC ? `⌘${key}` : `Ctrl ${keyName(key)}`;
}

/** Whether the platform's command key (⌘ or Ctrl) is down. */
export function hasMod(event: { readonly ctrlKey: boolean; readonly metaKey: boolean }): boolean {
  return MAC ? event.metaKey : event.ctrlKey;
}
