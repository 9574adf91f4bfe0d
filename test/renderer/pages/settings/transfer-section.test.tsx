import '../../support/dom.ts';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import SettingsPage from '#renderer/pages/settings/index.tsx';
import { useUndo } from '#renderer/pages/settings/undo-store.ts';
import { DEFAULT_PREFERENCES, type ConfigProblem } from '#shared/contract/index.ts';
import { renderPage, scriptedCore, type ScriptedCore } from '../../support/render-page.tsx';

let core: ScriptedCore;
beforeEach(() => {
  core = scriptedCore();
  useUndo.setState({ last: null });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const asked = (method: string) => core.asked.filter((one) => one.method === method).map(({ params }) => params);

async function choose(name: string, text: string): Promise<void> {
  renderPage(SettingsPage, core, '#/settings/transfer');
  const input = await screen.findByLabelText('Choose a file…', { selector: 'input' });
  fireEvent.change(input, { target: { files: [new File([text], name)] } });
}

test('a prometheus.yml is compared, taken over, and can be given back', async () => {
  const { text } = await core.client.request('config.get', {});
  await choose('theirs.yml', `${text}# theirs\n`);
  await screen.findByLabelText('Added: # theirs');
  expect(asked('config.save')).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Take over theirs.yml' }));
  await screen.findByText('theirs.yml was taken over.');
  expect(asked('config.save')).toMatchObject([{ text: `${text}# theirs\n`, hearth: 'version: 1\n' }]);
  screen.getByRole('button', { name: 'Undo' });
});

test('all settings come as one file; the history of queries stays', async () => {
  const { text } = await core.client.request('config.get', {});
  const preferences = {
    ...DEFAULT_PREFERENCES,
    theme: 'light',
    queryHistory: [{ expr: 'up', at: 1, favourite: true }],
  };
  const bundle = { format: 'hearth-settings', version: 1, prometheus: text, hearth: 'version: 1\n# x\n', preferences };
  await choose('hearth-settings.json', JSON.stringify(bundle));
  await screen.findByText('How Hearth looks is taken over too.');
  within(screen.getByRole('region', { name: 'hearth.yml' })).getByLabelText('Added: # x');
  fireEvent.click(screen.getByRole('button', { name: 'Take over hearth-settings.json' }));
  await waitFor(() => expect(asked('preferences.set')).toHaveLength(1));
  expect(asked('preferences.set')).toMatchObject([{ preferences: { theme: 'light', queryHistory: [] } }]);
});

test('what is neither is refused by name, and what is not valid cannot be taken over', async () => {
  await choose('photo.json', '{"a":1}');
  await screen.findByText('photo.json is neither settings of Hearth nor YAML.');
  cleanup();
  const problems: ConfigProblem[] = [{ message: 'no', line: 2, column: 1 }];
  core.answer('config.check', () => ({ problems, jobs: [] }));
  await choose('bad.yml', 'nope: 1\n');
  await screen.findByText('Line 2, column 1: no');
  const take = screen.getByRole<HTMLButtonElement>('button', { name: 'Take over bad.yml' });
  expect(take.disabled).toBe(true);
});

test('everything is exported as one file without the history of queries', async () => {
  let saved: Blob | null = null;
  URL.createObjectURL = (blob) => {
    saved = blob as Blob;
    return 'blob:x';
  };
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  renderPage(SettingsPage, core, '#/settings/transfer');
  const button = await screen.findByRole('button', { name: 'Download all settings' });
  await waitFor(() => expect((button as HTMLButtonElement).disabled).toBe(false));
  fireEvent.click(button);
  await waitFor(() => expect(saved).not.toBeNull());
  const bundle: unknown = JSON.parse(await (saved as unknown as Blob).text());
  expect(bundle).toMatchObject({
    format: 'hearth-settings',
    hearth: 'version: 1\n',
    preferences: { queryHistory: [] },
  });
});

test('the history of queries can be cleared, and brought back', async () => {
  const queryHistory = [
    { expr: 'a', at: 1, favourite: false },
    { expr: 'b', at: 2, favourite: true },
  ];
  await core.client.request('preferences.set', {
    preferences: { ...DEFAULT_PREFERENCES, language: 'en', queryHistory },
  });
  renderPage(SettingsPage, core, '#/settings/privacy');
  await screen.findByText('2 queries, 1 of them favourites.');
  fireEvent.click(screen.getByRole('button', { name: 'Clear the history of queries' }));
  await screen.findByText('1 query, 1 of them a favourite.');
  expect(asked('preferences.set').at(-1)).toMatchObject({ preferences: { queryHistory: [{ expr: 'b' }] } });
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await screen.findByText('2 queries, 1 of them favourites.');
});
