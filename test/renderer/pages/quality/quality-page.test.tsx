import '../../support/dom.ts';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import QualityPage from '#renderer/pages/quality/index.tsx';
import { addedLines } from '#renderer/pages/quality/finding-detail.tsx';
import { HearthError } from '#shared/contract/index.ts';
import { renderPage, scriptedCore, type ScriptedCore } from '../../support/render-page.tsx';

let core: ScriptedCore;

beforeEach(() => {
  core = scriptedCore();
  localStorage.clear();
});
afterEach(cleanup);

async function open(): Promise<HTMLElement> {
  renderPage(QualityPage, core, '#/quality');
  return screen.findByRole('region', { name: 'One metric, 155 flat series' });
}

const button = (within_: HTMLElement, name: string | RegExp) => within(within_).getByRole('button', { name });
const count = (method: string): number => core.asked.filter((one) => one.method === method).length;

test('a rule is applied to the version that was read, and undone from the same place', async () => {
  const detail = await open();
  fireEvent.click(button(detail, 'Drop 155 series'));
  const note = await within(detail).findByRole('status');
  const [apply] = core.asked.filter(({ method }) => method === 'config.apply');
  expect(apply.params).toMatchObject({ edits: [{ type: 'drop-metrics', regex: 'flag' }] });
  // What is done is not offered a second time.
  expect(within(detail).queryByRole('button', { name: 'Drop 155 series' })).toBeNull();
  const looked = count('quality.get');
  fireEvent.click(button(note, 'Undo'));
  await waitFor(() => expect(count('config.undo')).toBe(1));
  await within(detail).findByRole('button', { name: 'Drop 155 series' });
  await waitFor(() => expect(count('quality.get')).toBe(looked + 1));
});

test('the preview shows the lines the file would have, and changes nothing', async () => {
  const detail = await open();
  let text = '';
  core.answer('config.preview', ({ edits }) => {
    expect(edits).toMatchObject([{ type: 'drop-metrics', regex: 'flag' }]);
    return { text, problems: [], files: [] };
  });
  const { client } = core;
  text = (await client.request('config.get', {})).text.replace('scrape_configs:', 'scrape_configs: # seen');
  fireEvent.click(button(detail, 'Preview'));
  await within(detail).findByText('scrape_configs: # seen');
  expect(count('config.apply')).toBe(0);
});

test('what cannot be applied says why, and can be tried again', async () => {
  const detail = await open();
  core.answer('config.apply', () => {
    throw new HearthError({ kind: 'internal', message: 'disk full' });
  });
  fireEvent.click(button(detail, 'Drop 155 series'));
  await within(detail).findByText(/disk full/);
  core.answer('config.apply', null);
  fireEvent.click(button(detail, 'Drop 155 series'));
  await within(detail).findByRole('status');
  expect(count('config.apply')).toBe(2);
});

test('an undo that fails can be tried again', async () => {
  const detail = await open();
  fireEvent.click(button(detail, 'Drop 155 series'));
  await within(detail).findByRole('status');
  core.answer('config.undo', () => {
    throw new HearthError({ kind: 'internal', message: 'disk full' });
  });
  fireEvent.click(button(detail, 'Undo'));
  await within(detail).findByText(/disk full/);
  core.answer('config.undo', null);
  fireEvent.click(button(detail, 'Undo'));
  await within(detail).findByRole('button', { name: 'Drop 155 series' });
  expect(count('config.undo')).toBe(2);
});

test('what is ignored leaves the list, and comes back', async () => {
  const detail = await open();
  fireEvent.click(button(detail, 'Ignore'));
  await screen.findByRole('button', { name: 'Show 1 ignored' });
  expect(screen.queryByText('One metric, 155 flat series')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Show 1 ignored' }));
  fireEvent.click(await screen.findByRole('button', { name: /One metric, 155 flat series/ }));
  fireEvent.click(await screen.findByRole('button', { name: 'No longer ignore' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: /ignored$/ })).toBeNull());
});

test('added lines are those between what both texts begin and end with', () => {
  expect(addedLines('a\nb\nc', 'a\nx\ny\nb\nc')).toEqual(['x', 'y']);
  expect(addedLines('a\na', 'a\na\na')).toEqual(['a']);
  expect(addedLines('a', 'a')).toEqual([]);
});

test('samples that were refused are a finding that says why, and leads to the target', async () => {
  const { client } = core;
  const view = await client.request('quality.get', {});
  const refused = { duplicates: 1, outOfOrder: 40, outOfBounds: 0, last: view.checkedAt };
  const finding = { ...view.findings[0], severity: 'crit' as const, series: 0, drop: null };
  core.answer('quality.get', () => ({
    ...view,
    findings: [{ ...finding, id: 'refused', cause: { kind: 'refused' as const, refused } }],
  }));
  renderPage(QualityPage, core, '#/quality');
  const detail = await screen.findByRole('region', { name: /^41 samples of .+ were refused$/ });
  expect(detail.textContent).toMatch(
    /1 has the series and the time of another one: .* 40 are older than what is stored of their series/,
  );
  expect(button(detail, 'Look at the target')).toBeDefined();
});
