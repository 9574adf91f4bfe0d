import '../support/dom.ts';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { I18nextProvider } from 'react-i18next';
import { afterEach, expect, test, vi } from 'vitest';
import { TroubleBanners } from '#renderer/app/trouble-banners.tsx';
import { CoreProvider } from '#renderer/data/index.ts';
import { createFakeCore, type FakeCore } from '#renderer/dev/fake-core.ts';
import { createI18n, switchLanguage, type Language } from '#renderer/i18n/index.ts';
import { ThemeProvider } from '#renderer/theme/index.ts';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function show(core: FakeCore, language: Language = 'en'): Promise<void> {
  const words = createI18n('en');
  await switchLanguage(words, language);
  render(
    <I18nextProvider i18n={words}>
      <CoreProvider client={core}>
        <ThemeProvider>
          <TroubleBanners />
        </ThemeProvider>
      </CoreProvider>
    </I18nextProvider>,
  );
}

test.each([
  ['disk-full', 'en', 'The disk is full. Samples wait in memory, up to 256 MiB'],
  ['disk-full', 'zh', '磁盘已满。'],
  ['damaged', 'en', 'Part of the store is damaged and was put aside.'],
  ['damaged', 'zh', '存储的一部分已损坏并被隔离。'],
  ['config-problem', 'en', 'The configuration on disk has an error in line 12: unknown field "scrape_intervall".'],
  ['config-problem', 'zh', '磁盘上的配置在第 12 行有错误'],
  ['lost', 'en', 'The connection to Hearth is lost.'],
  ['lost', 'zh', '与 Hearth 的连接已断开。'],
  ['restarting', 'en', 'The core restarts.'],
  ['restarting', 'zh', '核心正在重启。'],
] as const)('%s is told, in %s', async (state, language, words) => {
  await show(createFakeCore(state), language);
  expect((await screen.findByRole('alert')).textContent).toContain(words);
});

test('nothing is told while nothing is wrong', async () => {
  const core = createFakeCore('');
  await show(core);
  await act(() => core.request('status.get', {}));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('damage that was read of is not told again, a full disk stays', async () => {
  await show(createFakeCore('damaged'));
  fireEvent.click(await screen.findByRole('button', { name: 'Close' }));
  expect(screen.queryByRole('alert')).toBeNull();
  cleanup();
  await show(createFakeCore('disk-full'));
  await screen.findByRole('alert');
  expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Open storage' })).toBeTruthy();
});

test('a core that falls silent behind an open connection is told of, until it speaks again', async () => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  const core = createFakeCore('');
  const speak: (() => void)[] = [];
  let silent = false;
  const quiet: FakeCore = Object.assign(Object.create(core) as FakeCore, {
    connection: core.connection,
    native: null,
    request: core.request.bind(core),
    setConnection: core.setConnection.bind(core),
    subscribe: ((topic, params, listener) =>
      core.subscribe(topic, params, {
        event: (event) => {
          const tell = () => listener.event(event);
          if (silent) speak.push(tell);
          else tell();
        },
        error: (error) => listener.error(error),
      })) satisfies FakeCore['subscribe'],
  });
  const showing = show(quiet);
  await vi.advanceTimersByTimeAsync(3000);
  await showing;
  expect(screen.queryByRole('alert')).toBeNull();
  silent = true;
  await act(() => vi.advanceTimersByTimeAsync(9000));
  expect(screen.getByRole('alert').textContent).toContain('The core restarts.');
  silent = false;
  await act(async () => {
    speak.at(-1)?.();
    await vi.advanceTimersByTimeAsync(1000);
  });
  expect(screen.queryByRole('alert')).toBeNull();
});
