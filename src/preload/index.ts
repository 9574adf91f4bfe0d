import { contextBridge, ipcRenderer } from 'electron';
import type { HearthBridge, NativeCommand, WireMessage } from '#shared/contract/index.ts';

/**
 * The only way from a sandboxed window to the host: the wire of the contract (every message on it is checked at the
 * host's edge) and a closed list of native calls. No channel name and no Electron object reaches the page.
 * The names stand again in src/main/desktop/ipc.ts: a preload script must be one file that imports no code of the host.
 */
const WIRE = 'hearth:wire';
const NATIVE = 'hearth:native';
const COMMAND = 'hearth:command';

let wireListener: ((message: WireMessage) => void) | null = null;
const early: WireMessage[] = [];
ipcRenderer.on(WIRE, (_event, message: WireMessage) => {
  if (wireListener === null) early.push(message);
  else wireListener(message);
});

const commandListeners = new Set<(command: NativeCommand) => void>();
ipcRenderer.on(COMMAND, (_event, command: NativeCommand) => {
  for (const listener of commandListeners) listener(command);
});

function platform(): 'linux' | 'darwin' | 'win32' {
  return process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
}

const bridge: HearthBridge = {
  send(message) {
    ipcRenderer.send(WIRE, message);
  },
  onMessage(listener) {
    wireListener = listener;
    for (const message of early.splice(0)) listener(message);
    return () => {
      if (wireListener === listener) wireListener = null;
    };
  },
  native: {
    platform: platform(),
    openSettings(place) {
      ipcRenderer.send(NATIVE, { type: 'open-settings', place });
    },
    showDataFolder() {
      ipcRenderer.send(NATIVE, { type: 'show-data-folder' });
    },
    setUnsaved(unsaved) {
      ipcRenderer.send(NATIVE, { type: 'set-unsaved', unsaved });
    },
    onCommand(listener) {
      commandListeners.add(listener);
      return () => commandListeners.delete(listener);
    },
  },
};

contextBridge.exposeInMainWorld('hearth', bridge);
// A page that is loaded anew starts with a fresh wire; the host drops what the page before it had asked for.
ipcRenderer.send(NATIVE, { type: 'hello' });
