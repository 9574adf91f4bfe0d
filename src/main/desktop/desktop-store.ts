import { renameSync } from 'node:fs';
import { join } from 'node:path';
import ElectronStore from 'electron-store';
import type { PreferencesBackend } from '#main/config/index.ts';
import type { Preferences } from '#shared/contract/index.ts';
import type { CipherStore } from './secrets.ts';
import type { WindowName, WindowState, WindowStateStore } from './window-state.ts';

const NAME = 'desktop';

interface Shape {
  preferences?: Preferences;
  windows: Partial<Record<WindowName, WindowState>>;
  /** Secrets encrypted by the system's keychain, base64, by id. */
  secrets: Record<string, string>;
}

export interface DesktopStore {
  readonly preferences: PreferencesBackend;
  readonly windows: WindowStateStore;
  readonly ciphers: CipherStore;
}

/** What the desktop host keeps between runs, in one electron-store file of `folder`. */
export function openDesktopStore(folder: string): DesktopStore {
  const open = (): ElectronStore<Shape> =>
    new ElectronStore<Shape>({ cwd: folder, name: NAME, defaults: { windows: {}, secrets: {} } });
  let store: ElectronStore<Shape>;
  try {
    store = open();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Damaged by something else: kept aside for its owner, and begun anew.
    renameSync(join(folder, `${NAME}.json`), join(folder, `${NAME}.damaged.json`));
    store = open();
  }
  return {
    preferences: {
      load: () => store.get('preferences'),
      save: (preferences) => store.set('preferences', preferences),
    },
    windows: {
      get: (name) => store.get('windows')[name] ?? null,
      set: (name, state) => store.set('windows', { ...store.get('windows'), [name]: state }),
    },
    ciphers: {
      get: (id) => store.get('secrets')[id],
      set: (id, cipher) => store.set('secrets', { ...store.get('secrets'), [id]: cipher }),
      delete(id) {
        const { [id]: _removed, ...rest } = store.get('secrets');
        store.set('secrets', rest);
      },
    },
  };
}
