import { app, session } from 'electron';

/**
 * Closes what no window of Hearth needs: navigation, new windows, embedded web views, permissions. Pages come from
 * the package only; their content security policy stands in their HTML (files have no headers to put it in).
 */
export function hardenApp(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide) => {
    decide(permission === 'clipboard-sanitized-write');
  });
}
