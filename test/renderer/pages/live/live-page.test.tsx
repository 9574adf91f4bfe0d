import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { I18nextProvider } from 'react-i18next';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { App } from '#renderer/app/index.ts';
import { CoreProvider } from '#renderer/data/index.ts';
import { createFakeCore, type FakeCore } from '#renderer/dev/fake-core.ts';
import { createI18n } from '#renderer/i18n/index.ts';
import { ThemeProvider } from '#renderer/theme/index.ts';
import { useLivePage } from '#renderer/pages/live/live-page-store.ts';

/** The whole window over the made-up core. Charts are not drawn: nothing has a size here. */
function show(scenario: string): FakeCore {
  const core = createFakeCore(scenario);
  render(
    <I18nextProvider i18n={createI18n('en')}>
      <CoreProvider client={core}>
        <ThemeProvider>
          <App />
        </ThemeProvider>
      </CoreProvider>
    </I18nextProvider>,
  );
  return core;
}

// Pages load when they are shown, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 15_000 });

beforeEach(() => {
  window.location.hash = '';
  useLivePage.setState(useLivePage.getInitialState());
});

afterEach(cleanup);

test('Live opens on this computer, and a target in the address is shown', async () => {
  show('');
  expect(await screen.findByRole('heading', { level: 1, name: 'this-computer' })).toBeDefined();
  window.location.hash = '#/live/shop-api';
  expect(await screen.findByRole('heading', { level: 1, name: 'shop-api' })).toBeDefined();
});

test('the palette finds a chart of the page, whatever the filter leaves of them', async () => {
  show('');
  await screen.findByRole('heading', { level: 1, name: 'this-computer' });
  const filter = await screen.findByRole('textbox', { name: 'Filter charts' });
  fireEvent.change(filter, { target: { value: 'no such chart' } });
  await screen.findByText('No chart matches ‘no such chart’.');
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  const field = await screen.findByRole('combobox', { name: 'Search' });
  fireEvent.change(field, { target: { value: 'memory' } });
  const option = (await screen.findAllByRole('option'))[0];
  expect(screen.getByText('Charts of this page')).toBeDefined();
  expect(option.textContent).toMatch(/memory/i);
  fireEvent.click(option);
  await waitFor(() => expect(useLivePage.getState().chart).not.toBeNull());
  expect((filter as HTMLInputElement).value).toBe('');
});

test('a target that is down says why, since when and what happens next', async () => {
  show('');
  window.location.hash = '#/live/alertmanager';
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('localhost:19093 refuses connections');
  expect(alert.textContent).toContain('Hearth tries again every 5 s.');
});

test('a filter that nothing matches says so and can be cleared', async () => {
  show('');
  const field = await screen.findByRole('textbox', { name: 'Filter charts' });
  fireEvent.change(field, { target: { value: 'foo' } });
  expect(await screen.findByText('No chart matches ‘foo’.')).toBeDefined();
  for (const button of screen.getAllByRole('button', { name: 'Clear' })) fireEvent.click(button);
  await waitFor(() => expect(screen.queryByText('No chart matches ‘foo’.')).toBeNull());
});

test('Space pauses and resumes; while a field has the focus it is a space', async () => {
  show('');
  await screen.findByRole('heading', { level: 1, name: 'this-computer' });
  fireEvent.keyDown(document.body, { key: ' ' });
  expect(await screen.findByText(/^Paused at \d\d:\d\d:\d\d$/)).toBeDefined();
  fireEvent.keyDown(screen.getByRole('textbox', { name: 'Filter charts' }), { key: ' ' });
  expect(screen.queryByText(/^Paused at/)).not.toBeNull();
  fireEvent.keyDown(document.body, { key: ' ' });
  await waitFor(() => expect(screen.queryByText(/^Paused at/)).toBeNull());
});

test('G goes to a time: the window around it, kept from target to target, until one resumes', async () => {
  const core = show('');
  const subscribe = vi.spyOn(core, 'subscribe');
  window.location.hash = '#/live/shop-api';
  await screen.findByRole('heading', { level: 1, name: 'shop-api' });
  await waitFor(() => expect(subscribe.mock.calls.some(([topic]) => topic === 'live')).toBe(true));
  fireEvent.keyDown(document.body, { key: 'g' });
  const field = await screen.findByRole('textbox', { name: 'Time, or from' });
  fireEvent.change(field, { target: { value: 'tea time' } });
  fireEvent.click(screen.getByText('Go'));
  expect(screen.getByText(/This is no time/)).toBeDefined();
  expect((field as HTMLInputElement).value).toBe('tea time');
  fireEvent.change(field, { target: { value: '2026-01-05 14:05' } });
  fireEvent.click(screen.getByText('Go'));
  const moment = new Date(2026, 0, 5, 14, 5).getTime();
  const past = { pausedAt: moment + 450_000, until: moment + 450_000, window: 900_000 };
  expect(useLivePage.getState()).toMatchObject(past);
  expect(await screen.findByText(/^Paused at Jan 5, 2026, 14:12:30$/)).toBeDefined();
  const asked = () => subscribe.mock.calls.filter(([topic]) => topic === 'live').at(-1)?.[1];
  await waitFor(() => expect(asked()).toMatchObject({ until: moment + 450_000, window: 900_000 }));
  window.location.hash = '#/live/alertmanager';
  await screen.findByRole('heading', { level: 1, name: 'alertmanager' });
  expect(useLivePage.getState()).toMatchObject(past);
  fireEvent.click(screen.getByRole('button', { name: 'Earlier' }));
  expect(useLivePage.getState()).toMatchObject({ until: moment, window: 900_000 });
  fireEvent.keyDown(document.body, { key: '-' });
  expect(useLivePage.getState()).toMatchObject({ until: moment, window: 3_600_000 });
  fireEvent.keyDown(document.body, { key: ' ' });
  expect(useLivePage.getState()).toMatchObject({ pausedAt: null, until: null });
  await waitFor(() => expect(asked()).toMatchObject({ until: null }));
});

test('a plain pause ends with its target; a later half window that reaches the present goes on', async () => {
  show('');
  window.location.hash = '#/live/shop-api';
  await screen.findByRole('heading', { level: 1, name: 'shop-api' });
  fireEvent.keyDown(document.body, { key: ' ' });
  await screen.findByText(/^Paused at/);
  fireEvent.click(screen.getByRole('button', { name: 'Earlier' }));
  expect(useLivePage.getState().until).not.toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Later' }));
  fireEvent.click(screen.getByRole('button', { name: 'Later' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Pause' }));
  await screen.findByText(/^Paused at/);
  window.location.hash = '#/live/alertmanager';
  await waitFor(() => expect(screen.queryByText(/^Paused at/)).toBeNull());
});

test('F shows a chart in the full window; J goes on to the next, T opens its table, Escape goes back', async () => {
  const subscribe = vi.spyOn(show(''), 'subscribe');
  window.location.hash = '#/live/shop-api';
  await screen.findByRole('heading', { level: 1, name: 'shop-api' });
  // There are charts as soon as their queries are asked for.
  await waitFor(() => expect(subscribe.mock.calls.some(([topic]) => topic === 'live')).toBe(true));
  fireEvent.keyDown(document.body, { key: 'f' });
  const first = await screen.findByRole('region', { name: /in the full window$/ });
  expect(document.activeElement).toBe(first);
  const name = first.getAttribute('aria-label');
  fireEvent.keyDown(document.body, { key: 'j' });
  await waitFor(() =>
    expect(screen.getByRole('region', { name: /in the full window$/ }).getAttribute('aria-label')).not.toBe(name),
  );
  const full = screen.getByRole('region', { name: /in the full window$/ });
  fireEvent.keyDown(document.body, { key: 't' });
  expect(within(full).getAllByRole('table')).toHaveLength(2);
  fireEvent.keyDown(document.body, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('region', { name: /in the full window$/ })).toBeNull());
  expect(useLivePage.getState().chart).not.toBeNull();
});

test('first run: an address is tried while typed, watched on the button, and then shown', async () => {
  const core = show('first-run');
  const field = await screen.findByRole('textbox', { name: 'Address' });
  fireEvent.change(field, { target: { value: 'http://localhost:9100/metrics' } });
  expect(await screen.findByText(/series in/)).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: /Watch it/ }));
  expect(await screen.findByRole('heading', { level: 1, name: 'node' })).toBeDefined();
  expect((await core.request('preferences.get', {})).firstRunDone).toBe(true);
});

test('the first run is over as soon as it is closed, however long the core takes to note it', async () => {
  const core = show('first-run');
  await screen.findByRole('textbox', { name: 'Address' });
  const request = core.request.bind(core);
  vi.spyOn(core, 'request').mockImplementation(((method: string, ...rest: unknown[]) =>
    method === 'preferences.set'
      ? new Promise(() => undefined)
      : (request as (...all: unknown[]) => unknown)(method, ...rest)) as typeof core.request);
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Address' })).toBeNull());
  fireEvent.keyDown(document.activeElement ?? document.body, { key: ' ' });
  expect(await screen.findByText(/^Paused at/)).toBeDefined();
});

test('who brings a configuration is not asked where to look', async () => {
  show('first-run-configured');
  await screen.findByRole('heading', { level: 1, name: 'this-computer' });
  expect(screen.queryByText('Where should Hearth look?')).toBeNull();
});

test('an address that does not answer says why, and can be watched all the same', async () => {
  show('first-run');
  fireEvent.change(await screen.findByRole('textbox', { name: 'Address' }), { target: { value: 'localhost:19999' } });
  expect(await screen.findByText(/localhost:19999 refuses connections/)).toBeDefined();
  expect(screen.getByRole('button', { name: /Watch it/ }).hasAttribute('disabled')).toBe(false);
});

test('ports of this machine are tried only after a click', async () => {
  const core = show('first-run');
  const request = vi.spyOn(core, 'request');
  const look = await screen.findByRole('button', { name: /Look on this machine/ });
  expect(request.mock.calls.some(([method]) => method === 'targets.find')).toBe(false);
  fireEvent.click(look);
  expect(await screen.findByRole('button', { name: 'Watch 3 targets' })).toBeDefined();
});

test('a lost connection is said after a moment, and taken back', async () => {
  const core = show('');
  await screen.findByRole('heading', { level: 1, name: 'this-computer' });
  core.setConnection('lost');
  expect(await screen.findByText(/connection to Hearth is lost/)).toBeDefined();
  core.setConnection('open');
  await waitFor(() => expect(screen.queryByText(/connection to Hearth is lost/)).toBeNull());
});

test('the palette finds a target and goes there', async () => {
  show('');
  await screen.findByRole('heading', { level: 1, name: 'this-computer' });
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  const field = await screen.findByRole('combobox', { name: 'Search' });
  fireEvent.change(field, { target: { value: '@shop' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  expect(await screen.findByRole('heading', { level: 1, name: 'shop-api' })).toBeDefined();
});
