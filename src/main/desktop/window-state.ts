import type { BrowserWindow, Rectangle } from 'electron';

export type WindowName = 'main' | 'settings';

/** Where a window was when it was last closed, in device-independent pixels. */
export interface WindowState extends Rectangle {
  readonly maximized: boolean;
}

/** Keeps window states between runs. */
export interface WindowStateStore {
  get(name: WindowName): WindowState | null;
  set(name: WindowName, state: WindowState): void;
}

const DEFAULT_SIZE: Readonly<Record<WindowName, { width: number; height: number }>> = {
  main: { width: 1440, height: 900 },
  settings: { width: 1280, height: 820 },
};
export const MINIMUM_SIZE = { width: 1024, height: 680 } as const;

/** A title bar that can be grabbed needs at least this much of itself on a screen. */
const VISIBLE = 80;

/**
 * Size and place for a window: the remembered ones where enough of them is still on a screen, otherwise the default
 * size, fitted into the first screen and centred by the system (no x and y).
 */
export function placeWindow(
  name: WindowName,
  state: WindowState | null,
  workAreas: readonly Rectangle[],
): { width: number; height: number; x?: number; y?: number } {
  if (state !== null) {
    const reachable = workAreas.some(
      (area) =>
        state.x + state.width >= area.x + VISIBLE &&
        state.x <= area.x + area.width - VISIBLE &&
        state.y >= area.y - 1 &&
        state.y <= area.y + area.height - VISIBLE,
    );
    if (reachable) return { x: state.x, y: state.y, width: state.width, height: state.height };
  }
  const size = state ?? DEFAULT_SIZE[name];
  const area = workAreas[0];
  return {
    width: area === undefined ? size.width : Math.min(size.width, area.width),
    height: area === undefined ? size.height : Math.min(size.height, area.height),
  };
}

/** Remembers the window's place whenever it comes to rest. */
export function rememberWindow(name: WindowName, window: BrowserWindow, store: WindowStateStore): void {
  const save = (): void => {
    if (window.isDestroyed() || window.isMinimized()) return;
    // Normal bounds are those to go back to from a maximized window.
    store.set(name, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  };
  window.on('resized', save);
  window.on('moved', save);
  window.on('maximize', save);
  window.on('unmaximize', save);
  window.on('close', save);
}
