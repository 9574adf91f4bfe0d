import type { WireMessage } from './client.ts';

/** What the preload script of the desktop host puts on `window.hearth`: the whole of what a window may do. */
export interface HearthBridge {
  /** One end of the wire to the core; see Channel. */
  send(message: WireMessage): void;
  /** One listener at a time; messages that came before it was set are delivered when it is. Returns its removal. */
  onMessage(listener: (message: WireMessage) => void): () => void;
  readonly native: NativeBridge;
}

/** The closed list of things that only the desktop host can do. */
export interface NativeBridge {
  readonly platform: 'linux' | 'darwin' | 'win32';
  /**
   * Opens the settings window, or brings it to the front. `place` is the section and what is below it, names as they are
   * (`['targets', 'node']`); empty: where the window is, or its first page.
   */
  openSettings(place: readonly string[]): void;
  /** Shows the folder of prometheus.yml and the store in the system's file manager. */
  showDataFolder(): void;
  /** Tells the host whether this window holds changes that are not saved, so that closing it asks once. */
  setUnsaved(unsaved: boolean): void;
  /** Menu and tray commands meant for this window. Returns the listener's removal. */
  onCommand(listener: (command: NativeCommand) => void): () => void;
}

export type NativeCommand =
  | { readonly type: 'navigate'; readonly hash: string }
  | { readonly type: 'palette' }
  | { readonly type: 'toggle-pause' }
  | { readonly type: 'add-target' }
  /** The person chose to close the window in spite of unsaved changes, or the reverse: save first. */
  | { readonly type: 'save' };
