import { Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCore } from '#renderer/data/index.ts';
import { TitleSlotsContext, useRoute } from '#renderer/frame/index.ts';
import { useCoreClock } from '#renderer/ui/index.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import styles from './frame.module.css';
import { KeySheetHost } from './key-sheet-host.tsx';
import { pageOf } from './pages.ts';
import { PaletteHost } from './palette-host.tsx';
import { Rail } from './rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { useLanguageSync } from './language-sync.ts';
import { useThemeSync } from './theme-sync.ts';
import { TitleBar } from './title-bar.tsx';
import { TroubleBanners } from './trouble-banners.tsx';
import { useAppKeys } from './use-app-keys.ts';

/** The window: title bar, rail, the page in view, status bar. */
export function App() {
  const { t } = useTranslation();
  const route = useRoute();
  const { native } = useCore();
  const page = pageOf(route.path);
  // On the desktop, settings live in a window of their own, which shows nothing else.
  const bare = native !== null && page.name === 'settings';
  const [breadcrumb, setBreadcrumb] = useState<HTMLElement | null>(null);
  const [actions, setActions] = useState<HTMLElement | null>(null);
  const slots = useMemo(() => ({ breadcrumb, actions }), [breadcrumb, actions]);
  const toggleTheme = useThemeSync();
  useLanguageSync();
  useAppKeys(toggleTheme);
  useCoreClock();
  const Page = page.component;
  return (
    <TitleSlotsContext value={slots}>
      <div className={`${styles['frame']} ${bare ? styles['bare'] : ''}`}>
        <TitleBar page={page} bare={bare} breadcrumbRef={setBreadcrumb} actionsRef={setActions} />
        {!bare && <Rail current={page} />}
        <div className={styles['page']}>
          <TroubleBanners />
          <div className={styles['content']}>
            <ErrorBoundary key={page.name}>
              <Suspense fallback={<div role="status" aria-label={t('loading')} />}>
                <Page />
              </Suspense>
            </ErrorBoundary>
          </div>
        </div>
        <StatusBar />
        {!bare && <PaletteHost toggleTheme={toggleTheme} />}
        {!bare && <KeySheetHost />}
      </div>
    </TitleSlotsContext>
  );
}
