/**
 * A double of the `electron` module for tests on machines without Electron's binary. It runs in a forked Node process
 * in place of the real one; the windows are pages of a browser that the parent (Playwright) owns, reached through
 * messages. It has no isolated world, no sandbox and no CSP of its own: it tests Hearth's host, not Electron.
 */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { DoubleToParent, ParentToDouble } from './protocol.ts';

const userData = process.env['HEARTH_DOUBLE_USER_DATA'];
const appPath = process.env['HEARTH_DOUBLE_APP'];
const version = process.env['HEARTH_DOUBLE_VERSION'] ?? '0.0.0';
if (userData === undefined || appPath === undefined) throw new Error('the double is started by launchDouble() only');

function toParent(message: DoubleToParent): void {
  process.send?.(message);
}

class App extends EventEmitter {
  name = 'Hearth';
  isPackaged = false;
  dock = { setIcon() {}, hide() {}, show: () => Promise.resolve() };
  #quitting = false;
  readonly #paths = new Map<string, string>();
  readonly #ready: Promise<void>;

  constructor() {
    super();
    this.#ready = new Promise((resolve) => setImmediate(resolve));
    void this.#ready.then(() => this.emit('ready'));
  }
  whenReady(): Promise<void> {
    return this.#ready;
  }
  isReady(): boolean {
    return true;
  }
  requestSingleInstanceLock(): boolean {
    return process.env['HEARTH_DOUBLE_SECOND_INSTANCE'] === undefined;
  }
  getPath(name: string): string {
    return this.#paths.get(name) ?? (name === 'userData' ? (userData as string) : join(userData as string, name));
  }
  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }
  getAppPath(): string {
    return appPath as string;
  }
  getVersion(): string {
    return version;
  }
  getName(): string {
    return this.name;
  }
  setName(name: string): void {
    this.name = name;
  }
  getLocale(): string {
    return 'en-US';
  }
  setAppUserModelId(): void {}
  enableSandbox(): void {}
  setAboutPanelOptions(): void {}
  quit(): void {
    let prevented = false;
    const event = { preventDefault: () => (prevented = true) };
    this.emit('before-quit', event);
    if (prevented || this.#quitting) return;
    for (const window of BrowserWindow.getAllWindows()) {
      window.close();
      if (!window.isDestroyed()) return;
    }
    this.#quitting = true;
    this.emit('will-quit', event);
    if (prevented) {
      this.#quitting = false;
      return;
    }
    this.exit(0);
  }
  exit(code = 0): void {
    this.emit('quit', {}, code);
    process.exit(code);
  }
}

class IpcMain extends EventEmitter {}

class WebContents extends EventEmitter {
  readonly id: number;
  readonly mainFrame = {};
  #destroyed = false;
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null;
  constructor(id: number) {
    super();
    this.id = id;
  }
  send(channel: string, ...args: unknown[]): void {
    if (!this.#destroyed) toParent({ type: 'to-page', window: this.id, channel, args });
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
  markDestroyed(): void {
    this.#destroyed = true;
    this.emit('destroyed');
  }
  reload(): void {
    toParent({ type: 'reload', window: this.id });
  }
}

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

let nextWindow = 1;
const windows = new Map<number, BrowserWindow>();

class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()];
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return windows.get(contents.id) ?? null;
  }
  static getFocusedWindow(): BrowserWindow | null {
    return [...windows.values()].find((window) => window.isVisible()) ?? null;
  }

  readonly id = nextWindow++;
  readonly webContents = new WebContents(this.id);
  readonly options: Record<string, unknown>;
  #bounds: Rectangle;
  #visible: boolean;
  #maximized = false;
  #minimized = false;
  #destroyed = false;

  constructor(options: Partial<Rectangle> & { show?: boolean; webPreferences?: { preload?: string } }) {
    super();
    this.options = options;
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.#visible = options.show !== false;
    windows.set(this.id, this);
    toParent({
      type: 'create-window',
      window: this.id,
      preload: options.webPreferences?.preload ?? null,
      width: this.#bounds.width,
      height: this.#bounds.height,
    });
    app.emit('web-contents-created', {}, this.webContents);
    app.emit('browser-window-created', {}, this);
  }
  loadFile(file: string, options: { hash?: string } = {}): Promise<void> {
    toParent({ type: 'load', window: this.id, file, hash: options.hash ?? '' });
    return new Promise((resolve) => {
      this.webContents.once('did-finish-load', () => {
        this.emit('ready-to-show');
        resolve();
      });
    });
  }
  show(): void {
    this.#visible = true;
    this.#minimized = false;
    this.emit('show');
  }
  hide(): void {
    this.#visible = false;
    this.emit('hide');
  }
  focus(): void {
    this.emit('focus');
  }
  minimize(): void {
    this.#minimized = true;
  }
  restore(): void {
    this.#minimized = false;
  }
  maximize(): void {
    this.#maximized = true;
    this.emit('maximize');
  }
  unmaximize(): void {
    this.#maximized = false;
    this.emit('unmaximize');
  }
  isVisible(): boolean {
    return this.#visible;
  }
  isMinimized(): boolean {
    return this.#minimized;
  }
  isMaximized(): boolean {
    return this.#maximized;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  getBounds(): Rectangle {
    return { ...this.#bounds };
  }
  getNormalBounds(): Rectangle {
    return { ...this.#bounds };
  }
  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.emit('resized');
    this.emit('moved');
  }
  close(): void {
    if (this.#destroyed) return;
    let prevented = false;
    this.emit('close', { preventDefault: () => (prevented = true) });
    if (!prevented) this.destroy();
  }
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this.id);
    toParent({ type: 'close-window', window: this.id });
    this.webContents.markDestroyed();
    this.emit('closed');
    if (windows.size === 0) app.emit('window-all-closed');
  }
}

interface MenuTemplateItem {
  id?: string;
  label?: string;
  role?: string;
  type?: string;
  enabled?: boolean;
  accelerator?: string;
  click?: (...args: unknown[]) => void;
  submenu?: MenuTemplateItem[];
}

class MenuItem {
  readonly id: string | undefined;
  readonly label: string;
  readonly role: string | undefined;
  readonly type: string;
  readonly enabled: boolean;
  readonly accelerator: string | undefined;
  readonly submenu: Menu | null;
  readonly #click: ((...args: unknown[]) => void) | undefined;
  constructor(template: MenuTemplateItem) {
    this.id = template.id;
    this.label = template.label ?? template.role ?? '';
    this.role = template.role;
    this.type = template.type ?? 'normal';
    this.enabled = template.enabled ?? true;
    this.accelerator = template.accelerator;
    this.#click = template.click;
    this.submenu = template.submenu === undefined ? null : Menu.buildFromTemplate(template.submenu);
  }
  click(): void {
    this.#click?.(this, BrowserWindow.getFocusedWindow(), {});
  }
}

class Menu {
  static #application: Menu | null = null;
  static buildFromTemplate(template: MenuTemplateItem[]): Menu {
    return new Menu(template.map((item) => new MenuItem(item)));
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu;
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#application;
  }
  readonly items: MenuItem[];
  constructor(items: MenuItem[]) {
    this.items = items;
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : (item.submenu?.getMenuItemById(id) ?? null);
      if (found !== null) return found;
    }
    return null;
  }
}

class NativeImage {
  readonly path: string;
  template = false;
  constructor(path: string) {
    this.path = path;
  }
  setTemplateImage(template: boolean): void {
    this.template = template;
  }
  isEmpty(): boolean {
    return false;
  }
}

class Tray extends EventEmitter {
  static readonly all: Tray[] = [];
  toolTip = '';
  menu: Menu | null = null;
  image: NativeImage;
  constructor(image: NativeImage) {
    super();
    this.image = image;
    Tray.all.push(this);
  }
  setImage(image: NativeImage): void {
    this.image = image;
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: Menu): void {
    this.menu = menu;
  }
  destroy(): void {
    Tray.all.splice(Tray.all.indexOf(this), 1);
  }
}

class NativeTheme extends EventEmitter {
  themeSource = 'system';
  get shouldUseDarkColors(): boolean {
    return this.themeSource !== 'light';
  }
}

const app = new App();
const ipcMain = new IpcMain();
const nativeTheme = new NativeTheme();
/** Answers of the next message boxes, set by tests; without one a box is cancelled. */
const dialogAnswers: number[] = [];
const dialog = {
  shown: [] as unknown[],
  answers: dialogAnswers,
  showMessageBox(...args: unknown[]): Promise<{ response: number }> {
    const options = args.at(-1) as { cancelId?: number };
    dialog.shown.push(options);
    return Promise.resolve({ response: dialogAnswers.shift() ?? options.cancelId ?? 0 });
  },
  showErrorBox(title: string, content: string): void {
    dialog.shown.push({ title, content });
  },
};
const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};
const session = {
  defaultSession: {
    setPermissionRequestHandler() {},
    webRequest: { onHeadersReceived() {} },
  },
};
/** Reversible, but not encryption: enough to see that what is stored is not the text itself. */
const safeStorage = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'double',
  encryptString: (text: string) => Buffer.from(`double:${Buffer.from(text).toString('base64')}`),
  decryptString: (data: Buffer) => Buffer.from(data.toString().slice('double:'.length), 'base64').toString(),
};
const shell = {
  opened: [] as string[],
  openPath(path: string): Promise<string> {
    shell.opened.push(path);
    return Promise.resolve('');
  },
  openExternal(url: string): Promise<void> {
    shell.opened.push(url);
    return Promise.resolve();
  },
};
const nativeImage = { createFromPath: (path: string) => new NativeImage(path) };
const powerMonitor = new EventEmitter();

const electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  powerMonitor,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
};

process.on('message', (message: ParentToDouble) => {
  switch (message.type) {
    case 'from-page': {
      const window = windows.get(message.window);
      if (window === undefined) return;
      const event = { sender: window.webContents, senderFrame: window.webContents.mainFrame };
      ipcMain.emit(message.channel, event, ...message.args);
      return;
    }
    case 'loaded':
      windows.get(message.window)?.webContents.emit('did-finish-load');
      return;
    case 'user-closes':
      windows.get(message.window)?.close();
      return;
    case 'page-gone':
      windows.get(message.window)?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
      return;
    case 'evaluate':
      void evaluate(message.id, message.source, message.arg);
      return;
  }
});

async function evaluate(id: number, source: string, arg: unknown): Promise<void> {
  try {
    // The parent sends the text of a function of a test, as Playwright's own electronApp.evaluate does.
    // oxlint-disable-next-line typescript/no-implied-eval
    const run = new Function(`return (${source})`)() as (module: typeof electron, arg: unknown) => unknown;
    toParent({ type: 'evaluated', id, result: await run(electron, arg), error: null });
  } catch (error) {
    toParent({ type: 'evaluated', id, result: null, error: error instanceof Error ? error.message : String(error) });
  }
}

export { app, BrowserWindow, dialog, ipcMain, Menu, MenuItem, nativeImage, nativeTheme };
export { powerMonitor, safeStorage, screen, session, shell, Tray };
export default electron;
