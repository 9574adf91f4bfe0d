import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { i18n } from 'i18next';

/** What menu items do; the host wires them to windows. */
export interface MenuActions {
  readonly addTarget: () => void;
  readonly openSettings: () => void;
  readonly showDataFolder: () => void;
  readonly navigate: (hash: string) => void;
  readonly palette: () => void;
  readonly togglePause: () => void;
  readonly quit: () => void;
}

/** Builds and sets the application menu. */
export function setApplicationMenu(words: i18n, actions: MenuActions): void {
  const mac = process.platform === 'darwin';
  const settings: MenuItemConstructorOptions = {
    id: 'settings',
    label: words.t('menu.settings'),
    accelerator: 'CmdOrCtrl+,',
    click: actions.openSettings,
  };
  const quit: MenuItemConstructorOptions = {
    id: 'quit',
    label: words.t('menu.quit'),
    accelerator: 'CmdOrCtrl+Q',
    click: actions.quit,
  };
  const appMenu: MenuItemConstructorOptions[] = mac
    ? [
        {
          label: app.name,
          submenu: [
            { role: 'about', label: words.t('menu.about') },
            { type: 'separator' },
            settings,
            { type: 'separator' },
            { role: 'hide' },
            { role: 'hideOthers' },
            { role: 'unhide' },
            { type: 'separator' },
            quit,
          ],
        },
      ]
    : [];
  const template: MenuItemConstructorOptions[] = [
    ...appMenu,
    {
      label: words.t('menu.file'),
      submenu: [
        { id: 'add-target', label: words.t('menu.addTarget'), click: actions.addTarget },
        ...(mac ? [] : [settings]),
        { id: 'show-data', label: words.t('menu.showData'), click: actions.showDataFolder },
        { type: 'separator' },
        { role: 'close', label: words.t('menu.closeWindow') },
        ...(mac ? [] : [{ type: 'separator' } as const, quit]),
      ],
    },
    { role: 'editMenu', label: words.t('menu.edit') },
    {
      label: words.t('menu.view'),
      submenu: [
        { id: 'live', label: words.t('menu.live'), accelerator: 'CmdOrCtrl+1', click: () => actions.navigate('/live') },
        {
          id: 'explore',
          label: words.t('menu.explore'),
          accelerator: 'CmdOrCtrl+2',
          click: () => actions.navigate('/explore'),
        },
        { id: 'palette', label: words.t('menu.palette'), accelerator: 'CmdOrCtrl+K', click: actions.palette },
        { id: 'pause', label: words.t('menu.pause'), click: actions.togglePause },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { role: 'reload', label: words.t('menu.reload') },
        { role: 'toggleDevTools', label: words.t('menu.devTools') },
      ],
    },
    { role: 'windowMenu', label: words.t('menu.window') },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
