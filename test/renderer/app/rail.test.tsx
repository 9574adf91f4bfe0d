import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { App } from '#renderer/app/index.ts';
import { renderPage, scriptedCore } from '../support/render-page.tsx';

// Pages load when they are shown, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 15_000 });

beforeEach(() => localStorage.clear());
afterEach(cleanup);

test('the rail tells how many findings are open, once Quality was looked at, and goes on telling', async () => {
  const core = scriptedCore();
  renderPage(App, core, '#/live');
  const rail = await screen.findByRole('navigation', { name: 'Screens' });
  expect(within(rail).queryByText(/finding/)).toBeNull();
  expect(core.asked.some(({ method }) => method === 'quality.get')).toBe(false);
  window.location.hash = '#/quality';
  await within(rail).findByText('3 findings');
  fireEvent.click(await screen.findByRole('button', { name: 'Ignore' }));
  await within(rail).findByText('2 findings');
  window.location.hash = '#/live';
  await screen.findByRole('heading', { level: 1, name: 'this-computer' });
  expect(within(rail).getByText('2 findings')).toBeDefined();
});
