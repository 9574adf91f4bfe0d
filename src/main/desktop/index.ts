import { app } from 'electron';
import { startDesktop } from './desktop.ts';

// One Hearth a person: a second start shows the window of the first and ends.
if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(startDesktop)
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      app.exit(1);
    });
} else {
  app.quit();
}
