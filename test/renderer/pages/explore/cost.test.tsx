import '../../support/dom.ts';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { ResultNotes } from '#renderer/pages/explore/result-notes.tsx';
import { useRuns, type RunRequest } from '#renderer/pages/explore/use-runs.ts';
import { renderPage, scriptedCore, type ScriptedCore } from '../../support/render-page.tsx';

afterEach(cleanup);

const FIRST: RunRequest = {
  id: 'A',
  expr: 'up',
  start: 0,
  end: 900_000,
  step: 5000,
  mode: 'range',
  before: null,
};
const ROW = { id: 'A', text: 'up', ran: 'up', shown: true };

/** The runs of one query whose range can be moved on, as it is while live. */
function Runs() {
  const [requests, setRequests] = useState<readonly RunRequest[]>([FIRST]);
  const runs = useRuns(requests, 0);
  const run = runs.byId.get('A');
  const later = (by: number): void =>
    setRequests(([last]) => [{ ...last, start: last.start + by, end: last.end + by }]);
  const longer = (): void => setRequests(([last]) => [{ ...last, start: last.start - 86_400_000 }]);
  return (
    <>
      <output>{run?.result === null || run === undefined ? 'nothing' : String(run.answered?.end)}</output>
      <ResultNotes all={[{ row: ROW, run }]} rateWindow="1m" onRunAnyway={runs.runAnyway} onReplace={() => undefined} />
      <button type="button" onClick={() => later(5000)}>
        later
      </button>
      <button type="button" onClick={longer}>
        longer
      </button>
    </>
  );
}

const asked = (core: ScriptedCore, method: string): number => core.asked.filter((one) => one.method === method).length;
const WAIT = { timeout: 10_000 };

test('a small query runs unasked, and is not judged again as time goes on', async () => {
  const core = scriptedCore();
  renderPage(Runs, core, '#/explore');
  await waitFor(() => expect(screen.getAllByRole('status')[0].textContent).toBe('900000'), WAIT);
  fireEvent.click(screen.getByText('later'));
  await waitFor(() => expect(screen.getAllByRole('status')[0].textContent).toBe('905000'), WAIT);
  expect(asked(core, 'query.cost')).toBe(1);
  expect(asked(core, 'query.range')).toBe(2);
});

test('a large query waits for a yes, which holds as time goes on and not for a longer range', async () => {
  const core = scriptedCore();
  core.answer('query.cost', () => ({ series: 12_000, samples: 48_000_000, steps: 180, maxSamples: 50_000_000 }));
  renderPage(Runs, core, '#/explore');
  const alert = await screen.findByRole('alert', {}, WAIT);
  expect(alert.textContent).toContain('48,000,000 samples of 12,000 series');
  expect(asked(core, 'query.range')).toBe(0);
  fireEvent.click(screen.getByRole('button', { name: 'Run anyway' }));
  await waitFor(() => expect(asked(core, 'query.range')).toBe(1), WAIT);
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull(), WAIT);
  fireEvent.click(screen.getByText('later'));
  await waitFor(() => expect(asked(core, 'query.range')).toBe(2), WAIT);
  fireEvent.click(screen.getByText('longer'));
  await screen.findByRole('alert', {}, WAIT);
  expect(asked(core, 'query.range')).toBe(2);
});
