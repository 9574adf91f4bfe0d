import { electronBinary, launchDesktop } from './desktop.ts';
import { expect, test } from './hosts.ts';

/** What only the desktop host has: its windows, menu and tray. */
test.skip(() => test.info().project.metadata['host'] !== 'desktop', 'the desktop host’s own');

test('closing the main window hides it while the tray is there, and the tray brings it back', async ({
  home,
  shown,
}) => {
  const app = await launchDesktop(shown, {
    userData: `${home.path}/electron`,
    env: { HEARTH_HOME: home.path, HEARTH_LISTEN: '127.0.0.1:0' },
  });
  try {
    const main = await app.window('live');
    await expect(main.getByRole('heading', { name: 'this-computer' })).toBeVisible();
    const visible = (): Promise<boolean> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()), null);
    expect(await visible()).toBe(true);
    await app.closeWindow(main);
    await expect.poll(visible).toBe(false);
    await app.evaluate(({ app: electronApp }) => {
      electronApp.emit('second-instance');
      return null;
    }, null);
    await expect.poll(visible).toBe(true);
    expect(await app.quit()).toBe(0);
  } finally {
    await app.kill();
  }
});

test('unsaved settings are asked about once, and kept when the person says so', async ({ home, shown }) => {
  test.skip(electronBinary() !== null, 'answers of native dialogs can only be given on the double');
  const app = await launchDesktop(shown, {
    userData: `${home.path}/electron`,
    env: { HEARTH_HOME: home.path, HEARTH_LISTEN: '127.0.0.1:0' },
  });
  try {
    await app.window('live');
    await app.evaluate(({ Menu }) => {
      Menu.getApplicationMenu()?.getMenuItemById('settings')?.click();
      return null;
    }, null);
    const settings = await app.window('settings');
    await settings.getByRole('textbox', { name: 'URL' }).fill('http://127.0.0.1:1/metrics');
    await expect(settings.getByText(/unsaved change/).first()).toBeVisible();
    const asked = (): Promise<number> =>
      app.evaluate(({ dialog }) => (dialog as unknown as { shown: unknown[] }).shown.length, null);
    await app.closeWindow(settings);
    await expect.poll(asked).toBe(1);
    await expect(settings.getByRole('textbox', { name: 'URL' })).toHaveValue('http://127.0.0.1:1/metrics');
    await app.evaluate(({ dialog }) => {
      (dialog as unknown as { answers: number[] }).answers.push(1);
      return null;
    }, null);
    await app.closeWindow(settings);
    await expect.poll(() => app.windows().length).toBe(1);
    expect(await app.quit()).toBe(0);
  } finally {
    await app.kill();
  }
});

test('windows open where they were', async ({ home, shown }) => {
  const options = { userData: `${home.path}/electron`, env: { HEARTH_HOME: home.path, HEARTH_LISTEN: '127.0.0.1:0' } };
  const first = await launchDesktop(shown, options);
  try {
    await first.window('live');
    await first.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0].setBounds({ x: 120, y: 80, width: 1200, height: 760 });
      return null;
    }, null);
    expect(await first.quit()).toBe(0);
  } finally {
    await first.kill();
  }
  const second = await launchDesktop(shown, options);
  try {
    await second.window('live');
    const bounds = await second.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getBounds(), null);
    expect(bounds).toEqual({ x: 120, y: 80, width: 1200, height: 760 });
    expect(await second.quit()).toBe(0);
  } finally {
    await second.kill();
  }
});

test('Prometheus’s HTTP API answers beside the windows, and a taken address does not stop the app', async ({
  home,
  shown,
}) => {
  const options = (folder: string, listen: string) => ({
    userData: `${home.path}/${folder}/electron`,
    env: { HEARTH_HOME: `${home.path}/${folder}`, HEARTH_LISTEN: listen },
  });
  const first = await launchDesktop(shown, options('first', '127.0.0.1:0'));
  const apps = [first];
  try {
    const main = await first.window('live');
    const listens = (): string | undefined => /HTTP API listens.*address="?(http:[^\s"]+)/.exec(first.output())?.[1];
    await expect.poll(listens).toBeDefined();
    const address = listens() ?? '';
    const ask = async (path: string): Promise<Response> => fetch(address + path);
    await expect(main.getByRole('heading', { name: 'this-computer' })).toBeVisible();
    await expect
      .poll(async () => (await ask('/api/v1/query?query=up{job="hearth"}')).json())
      .toMatchObject({
        status: 'success',
        data: { resultType: 'vector', result: [{ value: [expect.any(Number), '1'] }] },
      });
    expect((await ask('/')).status).toBe(404);
    expect((await fetch(`${address}/-/quit`, { method: 'POST' })).status).toBe(403);
    expect((await fetch(`${address}/api/v1/labels`, { headers: { origin: 'https://evil.example' } })).status).toBe(403);

    const second = await launchDesktop(shown, options('second', new URL(address).host));
    apps.push(second);
    await expect((await second.window('live')).getByRole('heading', { name: 'this-computer' })).toBeVisible();
    await expect.poll(() => second.output()).toMatch(/HTTP API is off.*is in use/);
    expect(await second.quit()).toBe(0);
    expect(await first.quit()).toBe(0);
  } finally {
    for (const app of apps) await app.kill();
  }
});
