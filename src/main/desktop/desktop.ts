import { join } from 'node:path';
import { app, dialog, nativeTheme, shell } from 'electron';
import { createPreferences, dataFolders } from '#main/config/index.ts';
import { CORE_DEFAULTS, spawnCore, type CoreHandle, type CoreOptions } from '#main/core/index.ts';
import { createLog } from '#main/telemetry/index.ts';
import { serveChannel, type Preferences, type StatusView } from '#shared/contract/index.ts';
import { readListenSetting, startHttpApi } from './http-api.ts';
import { listenToWindows, sendCommand } from './ipc.ts';
import { setApplicationMenu, type MenuActions } from './menu.ts';
import { openDesktopStore } from './desktop-store.ts';
import { hardenApp } from './security.ts';
import { keychainSecrets } from './secrets.ts';
import { HearthTray } from './tray.ts';
import { Windows } from './windows.ts';
import { loadWords } from './words.ts';

/** Files of the package, found from the built entry `out/main/desktop.js`. */
function packageFile(...parts: string[]): string {
  return join(app.getAppPath(), ...parts);
}

function logBug(where: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`level=error component=desktop where=${where} ${JSON.stringify(text)}\n`);
}

/**
 * The desktop host from ready to quit: windows first (their first paint does not wait for the store), then the core,
 * then the tray. Ends with the core stopped and everything committed.
 */
export async function startDesktop(): Promise<void> {
  hardenApp();
  const folders = dataFolders(process.env);
  const store = openDesktopStore(folders.config);
  const languageOf = (wanted: Preferences['language']): string => (wanted === 'system' ? app.getLocale() : wanted);
  const { language, theme: lastTheme } = createPreferences(store.preferences).get();
  const words = await loadWords(languageOf(language));
  const applyTheme = (theme: 'system' | 'light' | 'dark'): void => {
    nativeTheme.themeSource = theme;
  };
  // The theme of the last run, so that the first paint has the right ground.
  applyTheme(lastTheme);

  let tray: HearthTray | null = null;
  const windows = new Windows({
    preloadFile: packageFile('out/preload/index.cjs'),
    rendererFile: packageFile('out/renderer/index.html'),
    iconFile: packageFile('resources/icon.png'),
    words,
    states: store.windows,
    keepsRunning: () => tray !== null,
  });

  const listen = readListenSetting(process.env['HEARTH_LISTEN']);
  const coreOptions: CoreOptions = {
    host: 'desktop',
    version: app.getVersion(),
    configPath: join(folders.data, 'prometheus.yml'),
    configNamed: false,
    dataPath: join(folders.data, 'data'),
    preferencesPath: folders.config,
    retention: { time: '', size: '' },
    ...CORE_DEFAULTS,
    features: [],
    externalUrl: '',
    ownPorts: listen.kind === 'address' ? [listen.address.port] : [],
    log: { level: 'info', format: 'logfmt' },
  };
  const starting = spawnCore(coreOptions, {
    onCrash: (error) => logBug('core', error),
    services: { secrets: keychainSecrets(store.ciphers), preferences: store.preferences },
  });

  // Pages may connect before the core is there: what they ask waits on the channel until it is served.
  const stopListening = listenToWindows(
    (channel) => {
      const serve = async (): Promise<void> => {
        const { client } = await starting;
        serveChannel(channel, client, { access: 'write', onBug: logBug });
      };
      // A core that cannot start is told below, once.
      serve().catch(() => channel.close());
    },
    (call, contents) => {
      switch (call.type) {
        case 'open-settings':
          windows.showSettings(call.place);
          return;
        case 'show-data-folder':
          void shell.openPath(folders.data);
          return;
        case 'set-unsaved':
          windows.setUnsaved(contents, call.unsaved);
          return;
      }
    },
  );

  const quit = (): void => app.quit();
  const menuActions: MenuActions = {
    addTarget: () => windows.showSettings(['targets']),
    openSettings: () => windows.showSettings([]),
    showDataFolder: () => void shell.openPath(folders.data),
    navigate: (hash) => sendCommand(windows.showMain().webContents, { type: 'navigate', hash }),
    palette: () => sendCommand(windows.showMain().webContents, { type: 'palette' }),
    togglePause: () => sendCommand(windows.showMain().webContents, { type: 'toggle-pause' }),
    quit,
  };
  setApplicationMenu(words, menuActions);
  windows.showMain();
  app.on('second-instance', () => windows.showMain());
  app.on('activate', () => windows.showMain());
  app.on('window-all-closed', () => {
    if (tray === null && process.platform !== 'darwin') app.quit();
  });

  let core: CoreHandle;
  try {
    core = await starting;
  } catch (error) {
    logBug('core', error);
    const message = error instanceof Error ? error.message : String(error);
    dialog.showErrorBox(words.t('startFailed.title'), words.t('startFailed.detail', { message, folder: folders.data }));
    app.exit(1);
    return;
  }

  try {
    tray = new HearthTray(
      words,
      {
        calm: packageFile('resources', process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'),
        down: packageFile('resources', 'tray-down.png'),
      },
      { open: () => windows.showMain(), settings: () => windows.showSettings([]), quit },
    );
  } catch (error) {
    // Without a tray, closing the last window quits.
    logBug('tray', error);
  }
  const stopStatus = core.client.subscribe(
    'status',
    {},
    {
      event: (status: StatusView) => tray?.show(status),
      error: () => undefined,
    },
  );
  const stopPreferences = core.client.subscribe(
    'preferences',
    {},
    {
      event: (preferences) => {
        applyTheme(preferences.theme);
        const wanted = languageOf(preferences.language);
        if (wanted === words.language) return;
        // The tray takes the new words with the next status.
        void words.changeLanguage(wanted).then(() => setApplicationMenu(words, menuActions));
      },
      error: () => undefined,
    },
  );

  const web = startHttpApi({
    core,
    coreOptions,
    setting: listen,
    log: createLog({
      ...coreOptions.log,
      now: () => Date.now(),
      write: (line) => process.stderr.write(`${line}\n`),
    }),
    now: () => Date.now(),
    quit,
  });

  app.on('before-quit', () => windows.prepareToQuit());
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    // Quitting goes on once the core has committed what it holds.
    event.preventDefault();
    const finish = async (): Promise<void> => {
      stopStatus();
      stopPreferences();
      stopListening();
      tray?.destroy();
      await (await web)?.stop();
      await core.stop().catch((error: unknown) => logBug('core', error));
      stopped = true;
      app.quit();
    };
    void finish();
  });
}
