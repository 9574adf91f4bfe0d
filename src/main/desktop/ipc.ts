import { ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import { z } from 'zod';
import { createChannelQueue, parseWireMessage, type Channel, type NativeCommand } from '#shared/contract/index.ts';

/** Names of the IPC channels between a window's preload script and the host; src/preload has them too. */
const WIRE = 'hearth:wire';
const NATIVE = 'hearth:native';
const COMMAND = 'hearth:command';

/** Characters of a name below a section: job names and target ids have no bound of their own. */
const LONGEST_NAME = 4096;
const fewParts = (place: readonly string[]): boolean => place.length <= 3;

const nativeCall = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello') }),
  z.object({
    type: z.literal('open-settings'),
    // A section, and what is below it by its own name, whatever characters that has.
    place: z.union([
      z.tuple([]),
      z.tuple([z.string().regex(/^[a-z-]{1,40}$/)], z.string().min(1).max(LONGEST_NAME)).refine(fewParts),
    ]),
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
interface PageChannel extends Channel {
  /** Takes what came from the page; what is no message of the wire is dropped. */
  deliver(raw: unknown): void;
}

function pageChannel(contents: WebContents): PageChannel {
  const queue = createChannelQueue();
  return {
    deliver(raw) {
      const message = parseWireMessage(raw);
      if (message !== null) queue.deliver(message);
    },
    send(message) {
      if (!queue.closed && !contents.isDestroyed()) contents.send(WIRE, message);
    },
    onMessage: queue.onMessage,
    onClose: queue.onClose,
    close: () => queue.end(),
  };
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
    const channel = pageChannel(contents);
    channels.set(contents, channel);
    connect(channel);
  };
  const onWire = (event: IpcMainEvent, raw: unknown): void => {
    if (fromPage(event)) channels.get(event.sender)?.deliver(raw);
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
