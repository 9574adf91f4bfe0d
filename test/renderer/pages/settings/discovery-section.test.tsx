import '../../support/dom.ts';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import SettingsPage from '#renderer/pages/settings/index.tsx';
import { renderPage, scriptedCore } from '../../support/render-page.tsx';

afterEach(cleanup);

test('a dropped target is listed, with the rule that drops it and what each rule did', async () => {
  renderPage(SettingsPage, scriptedCore(), '#/settings/discovery');
  fireEvent.click(await screen.findByRole('link', { name: /10\.0\.0\.7:8080/ }));
  await screen.findByText('shop-api discovered it; rule 2 (drop) drops it.');
  const items = (await screen.findAllByRole('listitem')).filter(({ parentElement }) => parentElement?.tagName === 'OL');
  expect(items).toHaveLength(2);
  const [first, second] = items;
  expect(first.textContent).toContain('replace [__meta_dc] → dc');
  expect(first.textContent).toContain('dc="old"');
  expect(second.textContent).toContain('drop [dc] =~ old');
  expect(second.textContent).toContain('This rule drops the target.');
});

test('a target shows the labels it was discovered with and those it has', async () => {
  renderPage(SettingsPage, scriptedCore(), '#/settings/discovery/shop-api');
  const before = await screen.findByRole('table', { name: 'Before relabelling' });
  expect(within(before).getByRole('rowheader', { name: '__address__' })).toBeDefined();
  const after = screen.getByRole('table', { name: 'After relabelling' });
  expect(within(after).getByRole('rowheader', { name: 'job' })).toBeDefined();
  expect(within(after).queryByRole('rowheader', { name: '__address__' })).toBeNull();
});

test('what a target answers is asked for by a button, and again', async () => {
  const core = scriptedCore();
  renderPage(SettingsPage, core, '#/settings/discovery/shop-api');
  fireEvent.click(await screen.findByRole('button', { name: 'Show the body' }));
  await screen.findByRole('button', { name: 'Ask again' });
  expect(core.asked.filter(({ method }) => method === 'targets.body')).toHaveLength(1);
});
