import { useEffect } from 'react';
import { useCore } from '#renderer/data/index.ts';
import { navigate, openPalette, openSettings, routeTo } from '#renderer/frame/index.ts';
import { hasMod } from '#renderer/ui/index.ts';
import { pages } from './pages.ts';

/** Keys that work on every screen, and the menu's commands. */
export function useAppKeys(toggleTheme: () => void): void {
  const { native } = useCore();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!hasMod(event) || event.altKey) return;
      const key = event.key.toLowerCase();
      const page = pages[Number(key) - 1];
      if (key === 'k' && !event.shiftKey) openPalette();
      else if (key === ',') openSettings(native, []);
      else if (key === 'l' && event.shiftKey) toggleTheme();
      else if (page !== undefined && page.name !== 'settings' && !event.shiftKey) navigate(routeTo([page.name]));
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [native, toggleTheme]);
  useEffect(
    () =>
      native?.onCommand((command) => {
        switch (command.type) {
          case 'navigate':
            navigate(command.hash.startsWith('#') ? command.hash : `#${command.hash}`);
            return;
          case 'palette':
            openPalette();
            return;
          case 'add-target':
            navigate(routeTo(['live'], { add: '' }));
            return;
          case 'toggle-pause':
            // Live has this key; a press that nobody takes does nothing.
            window.dispatchEvent(new KeyboardEvent('keydown', { key: ' ' }));
            return;
          case 'save':
            // The page that has something to save listens itself.
            return;
        }
      }),
    [native],
  );
}
