import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { App } from './app/index.ts';
import { CoreProvider, findClient, type RendererClient } from './data/index.ts';
import { createI18n, rememberedLanguage, switchLanguage } from './i18n/index.ts';
import { startTheme, ThemeProvider } from './theme/index.ts';

async function chooseClient(): Promise<RendererClient> {
  // Removed from the production bundle with everything it imports.
  if (import.meta.env.DEV) {
    const wanted = new URLSearchParams(window.location.search).get('fake');
    if (wanted !== null) return (await import('./dev/fake-core.ts')).createFakeCore(wanted);
  }
  return findClient();
}

async function start(root: HTMLElement): Promise<void> {
  startTheme();
  const client = await chooseClient();
  const i18n = createI18n('en');
  await switchLanguage(i18n, rememberedLanguage());
  createRoot(root).render(
    <I18nextProvider i18n={i18n}>
      <CoreProvider client={client}>
        <ThemeProvider>
          <App />
        </ThemeProvider>
      </CoreProvider>
    </I18nextProvider>,
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
await start(root);
