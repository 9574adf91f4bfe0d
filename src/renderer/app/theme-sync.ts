import { useCallback, useEffect } from 'react';
import { usePreferences } from '#renderer/data/index.ts';
import { chooseTheme, resolvedScheme } from '#renderer/theme/index.ts';

/** Follows the theme that the person chose in the settings. @returns turns light and dark over */
export function useThemeSync(): () => void {
  const { preferences, known, set } = usePreferences();
  useEffect(() => {
    if (known) chooseTheme(preferences.theme);
  }, [known, preferences.theme]);
  return useCallback(() => {
    const theme = resolvedScheme() === 'dark' ? 'light' : 'dark';
    chooseTheme(theme);
    // Without the core, or without the right to write, the choice holds for this window alone.
    set({ theme }).catch(() => undefined);
  }, [set]);
}
