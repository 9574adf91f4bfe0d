import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import common from './en/common.json' with { type: 'json' };
import explore from './en/explore.json' with { type: 'json' };
import live from './en/live.json' with { type: 'json' };
import settings from './en/settings.json' with { type: 'json' };

/** Catalogues by language and namespace. A namespace is a page, `common` is what pages share. */
export const resources = { en: { common, live, explore, settings } } as const;

/** The words of the interface. All text that a person reads comes from here. */
export function createI18n(language: keyof typeof resources): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    defaultNS: 'common',
    ns: Object.keys(resources.en),
    resources,
    initAsync: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  return instance;
}
