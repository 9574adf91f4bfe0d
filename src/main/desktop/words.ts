import i18next, { type i18n } from 'i18next';
import en from './words/en.json' with { type: 'json' };
import zh from './words/zh.json' with { type: 'json' };

/** The words of menus, tray and dialogs, in the language given; English where a language has no catalogue. */
export async function loadWords(language: string): Promise<i18n> {
  const words = i18next.createInstance();
  await words.init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    // Native widgets take plain text.
    interpolation: { escapeValue: false },
  });
  return words;
}
