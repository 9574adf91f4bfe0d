import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Channel, HearthBridge, WireMessage } from '#shared/contract/index.ts';
import { wireSuite } from '../../shared/contract/wire-suite.ts';

/** Both ends of Electron's IPC in one process: messages are structured clones and arrive later, as they do there. */
const { ipcMain, pages, exposed } = vi.hoisted(() => {
  const ipcMain: { current: EventEmitter | null } = { current: null };
  const pages: { renderer: EventEmitter | null; send: ((channel: string, value: unknown) => void) | null } = {
    renderer: null,
    send: null,
  };
  const exposed: { bridge: unknown } = { bridge: null };
  return { ipcMain, pages, exposed };
});

vi.mock('electron', () => ({
  ipcMain: {
    on: (channel: string, listener: () => void) => ipcMain.current?.on(channel, listener),
    off: (channel: string, listener: () => void) => ipcMain.current?.off(channel, listener),
  },
  ipcRenderer: {
    on: (channel: string, listener: () => void) => pages.renderer?.on(channel, listener),
    send: (channel: string, value: unknown) => pages.send?.(channel, value),
  },
  contextBridge: {
    exposeInMainWorld: (_name: string, bridge: unknown) => {
      exposed.bridge = bridge;
    },
  },
}));

const { listenToWindows, sendCommand } = await import('../../../src/main/desktop/ipc.ts');

/** A page whose preload script has run, as the main process sees it and as its own script does. */
async function openPage(): Promise<{ contents: EventEmitter; bridge: HearthBridge; raw: (value: unknown) => void }> {
  const renderer = new EventEmitter();
  const mainFrame = {};
  let destroyed = false;
  const contents = Object.assign(new EventEmitter(), {
    mainFrame,
    isDestroyed: () => destroyed,
    send: (channel: string, value: unknown) => {
      const copy: unknown = structuredClone(value);
      setImmediate(() => renderer.emit(channel, {}, copy));
    },
  });
  contents.once('destroyed', () => {
    destroyed = true;
  });
  const toMain = (channel: string, value: unknown): void => {
    const copy: unknown = structuredClone(value);
    setImmediate(() => {
      if (!destroyed) ipcMain.current?.emit(channel, { sender: contents, senderFrame: mainFrame }, copy);
    });
  };
  pages.renderer = renderer;
  pages.send = toMain;
  vi.resetModules();
  await import('../../../src/preload/index.ts');
  return { contents, bridge: exposed.bridge as HearthBridge, raw: (value) => toMain('hearth:wire', value) };
}

wireSuite('Electron IPC (doubled)', () => {
  ipcMain.current = new EventEmitter();
  const waiting: ((channel: Channel) => void)[] = [];
  const stop = listenToWindows(
    (channel) => waiting.shift()?.(channel),
    () => undefined,
  );
  return Promise.resolve({
    connect: async () => {
      const connected = new Promise<Channel>((resolve) => waiting.push(resolve));
      const { contents, bridge } = await openPage();
      const served = await connected;
      const nearClosed: (() => void)[] = [];
      const leave = (): void => {
        contents.emit('destroyed');
        for (const listener of nearClosed) listener();
      };
      const near: Channel = {
        send: (message) => bridge.send(message),
        onMessage: (listener) => void bridge.onMessage(listener),
        onClose: (listener) => void nearClosed.push(listener),
        close: leave,
      };
      return { near, far: { ...served, close: leave } };
    },
    close: () => {
      stop();
      return Promise.resolve();
    },
  });
});

beforeEach(() => {
  ipcMain.current = new EventEmitter();
});
afterEach(() => {
  ipcMain.current = null;
});

test('a page loaded anew gets a fresh wire, and the old one closes', async () => {
  const channels: Channel[] = [];
  const closed: number[] = [];
  const stop = listenToWindows(
    (channel) => {
      const index = channels.push(channel) - 1;
      channel.onClose(() => closed.push(index));
    },
    () => undefined,
  );
  await openPage();
  await vi.waitFor(() => expect(channels).toHaveLength(1));
  // The same page says hello again when it is loaded again.
  pages.send?.('hearth:native', { type: 'hello' });
  await vi.waitFor(() => expect(channels).toHaveLength(2));
  expect(closed).toEqual([0]);
  stop();
  expect(closed).toEqual([0, 1]);
});

test('a crashed page closes its wire', async () => {
  const closed = vi.fn<() => void>();
  const stop = listenToWindows(
    (channel) => channel.onClose(closed),
    () => undefined,
  );
  const { contents } = await openPage();
  await vi.waitFor(() => expect(contents.listenerCount('render-process-gone')).toBe(1));
  contents.emit('render-process-gone', {}, { reason: 'crashed' });
  expect(closed).toHaveBeenCalledTimes(1);
  stop();
});

test('what is no message of the wire, or comes from a frame inside the page, is dropped', async () => {
  const got: WireMessage[] = [];
  const stop = listenToWindows(
    (channel) => channel.onMessage((message) => got.push(message)),
    () => undefined,
  );
  const { contents, raw, bridge } = await openPage();
  raw({ kind: 'shutdown' });
  raw('request');
  ipcMain.current?.emit('hearth:wire', { sender: contents, senderFrame: {} }, { kind: 'cancel', id: 7 });
  bridge.send({ kind: 'cancel', id: 8 });
  await vi.waitFor(() => expect(got).toEqual([{ kind: 'cancel', id: 8 }]));
  stop();
});

test('native calls are checked, and only the listed ones come through', async () => {
  const calls: unknown[] = [];
  const stop = listenToWindows(
    () => undefined,
    (call) => calls.push(call),
  );
  const { bridge } = await openPage();
  bridge.native.openSettings(['../../etc']);
  bridge.native.openSettings(['targets', 'node', 'and', 'more']);
  pages.send?.('hearth:native', { type: 'run', command: 'true' });
  bridge.native.openSettings(['targets', 'the shop / of “Ann”']);
  bridge.native.openSettings([]);
  bridge.native.setUnsaved(true);
  await vi.waitFor(() =>
    expect(calls).toEqual([
      { type: 'open-settings', place: ['targets', 'the shop / of “Ann”'] },
      { type: 'open-settings', place: [] },
      { type: 'set-unsaved', unsaved: true },
    ]),
  );
  stop();
});

test('commands of the menu reach the page', async () => {
  const stop = listenToWindows(
    () => undefined,
    () => undefined,
  );
  const { contents, bridge } = await openPage();
  const commands: unknown[] = [];
  bridge.native.onCommand((command) => commands.push(command));
  sendCommand(contents as unknown as Electron.WebContents, { type: 'palette' });
  await vi.waitFor(() => expect(commands).toEqual([{ type: 'palette' }]));
  stop();
});
