import { Menu, nativeImage, Tray } from 'electron';
import type { i18n } from 'i18next';
import type { StatusView } from '#shared/contract/index.ts';

export interface TrayActions {
  readonly open: () => void;
  readonly settings: () => void;
  readonly quit: () => void;
}

/** One sentence on the state of all targets, for the tray's tooltip. */
export function traySentence(words: i18n, status: StatusView | null): string {
  if (status === null) return words.t('tray.starting');
  if (status.targetsTotal === 0) return words.t('tray.noTargets');
  if (status.targetsDown > 0) return words.t('tray.someDown', { down: status.targetsDown, total: status.targetsTotal });
  return words.t('tray.allUp', { count: status.targetsUp });
}

/** The tray icon: says how the targets are, opens Hearth, quits it. */
export class HearthTray {
  readonly #tray: Tray;
  readonly #words: i18n;
  readonly #icons: { readonly calm: string; readonly down: string };
  readonly #actions: TrayActions;
  #down: boolean | null = null;
  #sentence = '';

  constructor(words: i18n, icons: { readonly calm: string; readonly down: string }, actions: TrayActions) {
    this.#words = words;
    this.#icons = icons;
    this.#actions = actions;
    this.#tray = new Tray(this.#image(false));
    this.#tray.on('click', actions.open);
    this.show(null);
  }

  /** Shows the state; null while the core is not there yet. Does nothing where nothing changed. */
  show(status: StatusView | null): void {
    const down = status !== null && status.targetsDown > 0;
    const sentence = traySentence(this.#words, status);
    if (down !== this.#down) {
      this.#down = down;
      this.#tray.setImage(this.#image(down));
    }
    if (sentence === this.#sentence) return;
    this.#sentence = sentence;
    this.#tray.setToolTip(sentence);
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: sentence, enabled: false },
        { type: 'separator' },
        { label: this.#words.t('tray.open'), click: this.#actions.open },
        { label: this.#words.t('menu.settings'), click: this.#actions.settings },
        { type: 'separator' },
        { label: this.#words.t('menu.quit'), click: this.#actions.quit },
      ]),
    );
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #image(down: boolean): Electron.NativeImage {
    const image = nativeImage.createFromPath(down ? this.#icons.down : this.#icons.calm);
    // On macOS the system inks a template image for its menu bar; the firing one keeps its colour.
    if (process.platform === 'darwin') image.setTemplateImage(!down);
    return image;
  }
}
