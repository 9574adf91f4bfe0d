import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import type { i18n } from 'i18next';
import { sendCommand } from './ipc.ts';
import { MINIMUM_SIZE, placeWindow, rememberWindow, type WindowName, type WindowStateStore } from './window-state.ts';

/** What the windows are made of: files of the package and the host's services. */
export interface WindowOptions {
  readonly preloadFile: string;
  readonly rendererFile: string;
  readonly iconFile: string;
  readonly words: i18n;
  readonly states: WindowStateStore;
  /** Whether closing the main window leaves Hearth running (there is a tray to come back from). */
  readonly keepsRunning: () => boolean;
}

/** Ground colours of the two themes (--ash-0), so that a window never flashes white before its first paint. */
const GROUND = { dark: '#131210', light: '#EFECE6' } as const;

/** The two windows of the desktop host, each at most once. */
export class Windows {
  readonly #options: WindowOptions;
  readonly #open = new Map<WindowName, BrowserWindow>();
  readonly #unsaved = new WeakSet<BrowserWindow>();
  /** Windows whose unsaved changes are being saved: they close as soon as nothing is unsaved. */
  readonly #closing = new WeakSet<BrowserWindow>();
  #quitting = false;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  get main(): BrowserWindow | null {
    return this.#open.get('main') ?? null;
  }

  /** Opens the main window, or brings it to the front. */
  showMain(hash = '/live'): BrowserWindow {
    return this.#show('main', hash);
  }

  /** Opens the settings window at a place (a section, and names below it), or brings it to the front and goes there. */
  showSettings(place: readonly string[]): BrowserWindow {
    const existing = this.#open.get('settings');
    const hash = `/${['settings', ...(place.length === 0 ? ['targets'] : place)].map(encodeURIComponent).join('/')}`;
    const window = this.#show('settings', hash);
    if (existing !== undefined && place.length > 0) sendCommand(window.webContents, { type: 'navigate', hash });
    return window;
  }

  setUnsaved(contents: Electron.WebContents, unsaved: boolean): void {
    const window = BrowserWindow.fromWebContents(contents);
    if (window === null) return;
    if (unsaved) {
      this.#unsaved.add(window);
      return;
    }
    this.#unsaved.delete(window);
    if (this.#closing.has(window)) this.#finishClosing(window);
  }

  /** From now on closing is for good. */
  prepareToQuit(): void {
    this.#quitting = true;
  }

  #show(name: WindowName, hash: string): BrowserWindow {
    const existing = this.#open.get(name);
    if (existing !== undefined) {
      if (existing.isMinimized()) existing.restore();
      existing.show();
      existing.focus();
      return existing;
    }
    const { preloadFile, rendererFile, iconFile, states, words } = this.#options;
    const state = states.get(name);
    const place = placeWindow(
      name,
      state,
      screen.getAllDisplays().map((display) => display.workArea),
    );
    const window = new BrowserWindow({
      ...place,
      minWidth: MINIMUM_SIZE.width,
      minHeight: MINIMUM_SIZE.height,
      show: false,
      title: words.t(name === 'main' ? 'app' : 'menu.settings'),
      icon: iconFile,
      backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
      titleBarStyle: process.platform === 'darwin' ? 'hiddenInset' : 'default',
      autoHideMenuBar: process.platform !== 'darwin',
      webPreferences: {
        preload: preloadFile,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    });
    this.#open.set(name, window);
    if (state?.maximized === true) window.maximize();
    rememberWindow(name, window, states);
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => this.#onClose(name, window, event));
    window.on('closed', () => this.#open.delete(name));
    void window.loadFile(rendererFile, { hash });
    return window;
  }

  #onClose(name: WindowName, window: BrowserWindow, event: Electron.Event): void {
    if (this.#unsaved.has(window)) {
      event.preventDefault();
      void this.#askAboutUnsaved(window);
      return;
    }
    if (name === 'main' && !this.#quitting && this.#options.keepsRunning()) {
      event.preventDefault();
      window.hide();
    }
  }

  /** Goes on with what unsaved changes had held up: closing the window, or the whole application. */
  #finishClosing(window: BrowserWindow): void {
    this.#closing.delete(window);
    if (this.#quitting) app.quit();
    else window.close();
  }

  async #askAboutUnsaved(window: BrowserWindow): Promise<void> {
    const { words } = this.#options;
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: words.t('unsaved.message'),
      detail: words.t('unsaved.detail'),
      buttons: [words.t('unsaved.save'), words.t('unsaved.discard'), words.t('unsaved.cancel')],
      defaultId: 0,
      cancelId: 2,
    });
    if (window.isDestroyed()) return;
    if (response === 0) {
      this.#closing.add(window);
      sendCommand(window.webContents, { type: 'save' });
    } else if (response === 1) {
      this.#unsaved.delete(window);
      this.#finishClosing(window);
    } else {
      this.#closing.delete(window);
      this.#quitting = false;
    }
  }
}
