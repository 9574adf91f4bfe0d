import type { ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { App } from './app/index.ts';
import { CoreProvider, findClient, type RendererClient } from './data/index.ts';
import { createI18n, rememberedLanguage, resources, switchLanguage } from './i18n/index.ts';
import { startTheme, ThemeProvider } from './theme/index.ts';

/** What the address asks for while developing: `?fake=STATE`, `?gallery`, `?pseudo`. */
function developing(name: 'fake' | 'gallery' | 'pseudo'): string | null {
  return import.meta.env.DEV ? new URLSearchParams(window.location.search).get(name) : null;
}

/** The application; while developing, the page of primitives where the address asks for it. */
async function chooseRoot(): Promise<ComponentType> {
  if (import.meta.env.DEV && developing('gallery') !== null) return (await import('./dev/gallery.tsx')).default;
  return App;
}

async function chooseClient(): Promise<RendererClient> {
  // Removed from the production bundle with everything it imports.
  if (import.meta.env.DEV) {
    const wanted = developing('fake');
    if (wanted !== null) return (await import('./dev/fake-core.ts')).createFakeCore(wanted);
  }
  return findClient();
}

async function start(root: HTMLElement): Promise<void> {
  startTheme();
  const client = await chooseClient();
  const i18n = createI18n('en');
  await switchLanguage(i18n, rememberedLanguage());
  if (import.meta.env.DEV && developing('pseudo') !== null) {
    const { stretchCatalogue } = await import('./dev/pseudo-locale.ts');
    for (const [namespace, words] of Object.entries(resources.en))
      i18n.addResourceBundle('en', namespace, stretchCatalogue(words), true, true);
  }
  const Root = await chooseRoot();
  createRoot(root).render(
    <I18nextProvider i18n={i18n}>
      <CoreProvider client={client}>
        <ThemeProvider>
          <Root />
        </ThemeProvider>
      </CoreProvider>
    </I18nextProvider>,
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
await start(root);
