import { ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import { z } from 'zod';
import type { Channel, NativeCommand, WireMessage } from '#shared/contract/index.ts';

/** Names of the IPC channels between a window's preload script and the host; src/preload has them too. */
const WIRE = 'hearth:wire';
const NATIVE = 'hearth:native';
const COMMAND = 'hearth:command';

const nativeCall = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello') }),
  z.object({
    type: z.literal('open-settings'),
    section: z
      .string()
      .regex(/^[a-z-]{1,40}$/)
      .nullable(),
  }),
  z.object({ type: z.literal('show-data-folder') }),
  z.object({ type: z.literal('set-unsaved'), unsaved: z.boolean() }),
]);

export type NativeCall = Exclude<z.output<typeof nativeCall>, { type: 'hello' }>;

/** The page's own main frame speaks; a frame inside it has no business here. */
function fromPage(event: IpcMainEvent): boolean {
  return event.senderFrame !== null && event.senderFrame === event.sender.mainFrame;
}

/** The wire to one page. It closes when the page goes: window closed, renderer crashed, page loaded anew. */
class PageChannel implements Channel {
  readonly #contents: WebContents;
  #listener: ((message: WireMessage) => void) | null = null;
  readonly #early: WireMessage[] = [];
  readonly #closeListeners: (() => void)[] = [];
  #open = true;

  constructor(contents: WebContents) {
    this.#contents = contents;
  }

  receive(message: WireMessage): void {
    if (this.#listener === null) this.#early.push(message);
    else this.#listener(message);
  }

  send(message: WireMessage): void {
    if (this.#open && !this.#contents.isDestroyed()) this.#contents.send(WIRE, message);
  }

  onMessage(listener: (message: WireMessage) => void): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const listener of this.#closeListeners) listener();
  }
}

/**
 * Listens to all windows' preload scripts.
 * @param connect gets the wire of each page that comes up
 * @param native gets each native call, checked, with the window contents it came from
 * @returns stops listening and closes all wires
 */
export function listenToWindows(
  connect: (channel: Channel) => void,
  native: (call: NativeCall, contents: WebContents) => void,
): () => void {
  const channels = new Map<WebContents, PageChannel>();

  const closePage = (contents: WebContents): void => {
    channels.get(contents)?.close();
    channels.delete(contents);
  };

  const onNative = (event: IpcMainEvent, raw: unknown): void => {
    if (!fromPage(event)) return;
    const parsed = nativeCall.safeParse(raw);
    if (!parsed.success) return;
    const contents = event.sender;
    if (parsed.data.type !== 'hello') {
      native(parsed.data, contents);
      return;
    }
    if (!channels.has(contents)) {
      contents.once('destroyed', () => closePage(contents));
      contents.on('render-process-gone', () => closePage(contents));
    }
    closePage(contents);
    const channel = new PageChannel(contents);
    channels.set(contents, channel);
    connect(channel);
  };
  const onWire = (event: IpcMainEvent, message: WireMessage): void => {
    if (fromPage(event)) channels.get(event.sender)?.receive(message);
  };

  ipcMain.on(NATIVE, onNative);
  ipcMain.on(WIRE, onWire);
  return () => {
    ipcMain.off(NATIVE, onNative);
    ipcMain.off(WIRE, onWire);
    for (const contents of channels.keys()) closePage(contents);
  };
}

/** Tells a window's page what a menu or the tray wants of it. */
export function sendCommand(contents: WebContents, command: NativeCommand): void {
  if (!contents.isDestroyed()) contents.send(COMMAND, command);
}
