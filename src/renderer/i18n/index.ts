import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Preferences } from '#shared/contract/index.ts';
import common from './en/common.json' with { type: 'json' };
import explore from './en/explore.json' with { type: 'json' };
import live from './en/live.json' with { type: 'json' };
import quality from './en/quality.json' with { type: 'json' };
import settings from './en/settings.json' with { type: 'json' };

/** Catalogues by language and namespace. A namespace is a page, `common` is what pages share. English is always there. */
export const resources = { en: { common, live, explore, quality, settings } } as const;

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Catalogues that are loaded when they are needed. */
const LOADERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Readonly<Record<string, object>>>>> = {
  zh: async () => (await import('./zh/index.ts')).zh,
};

/** What the page's `lang` says: hyphenation, fonts and screen readers go by it. */
const TAGS: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

/** The words of the interface. All text that a person reads comes from here. */
export function createI18n(language: 'en'): i18n {
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

/** The language that a preference means on this machine. */
export function resolveLanguage(chosen: Preferences['language'], preferred: readonly string[]): Language {
  if (chosen !== 'system') return chosen;
  for (const tag of preferred) {
    const known = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (known !== undefined) return known;
  }
  return 'en';
}

const REMEMBERED = 'hearth.language';

/** The language of the last time, for the first paint: what is chosen is only known when the core has answered. */
export function rememberedLanguage(): Language {
  const kept = localStorage.getItem(REMEMBERED);
  return LANGUAGES.find((language) => language === kept) ?? resolveLanguage('system', navigator.languages);
}

/** Shows another language at once; its words are loaded first. */
export async function switchLanguage(instance: i18n, language: Language): Promise<void> {
  if (language !== 'en' && !instance.hasResourceBundle(language, 'common')) {
    for (const [namespace, words] of Object.entries(await LOADERS[language]()))
      instance.addResourceBundle(language, namespace, words);
  }
  localStorage.setItem(REMEMBERED, language);
  document.documentElement.lang = TAGS[language];
  if (instance.language !== language) await instance.changeLanguage(language);
}
