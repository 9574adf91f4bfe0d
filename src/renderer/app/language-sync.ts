import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '#renderer/data/index.ts';
import { resolveLanguage, switchLanguage } from '#renderer/i18n/index.ts';

/** Follows the language that the person chose in the settings, or the system's. */
export function useLanguageSync(): void {
  const { i18n } = useTranslation();
  const { preferences, known } = usePreferences();
  useEffect(() => {
    if (known) void switchLanguage(i18n, resolveLanguage(preferences.language, navigator.languages));
  }, [i18n, known, preferences.language]);
}
