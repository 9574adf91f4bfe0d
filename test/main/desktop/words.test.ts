import { expect, test } from 'vitest';
import en from '../../../src/main/desktop/words/en.json' with { type: 'json' };
import zh from '../../../src/main/desktop/words/zh.json' with { type: 'json' };
import { loadWords } from '../../../src/main/desktop/words.ts';

function keysOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null ? keysOf(inner, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

test('both catalogues have the same words', () => {
  expect(keysOf(zh).sort()).toEqual(keysOf(en).sort());
});

test.each([
  ['zh-CN', '退出 Hearth'],
  ['zh', '退出 Hearth'],
  ['en-GB', 'Quit Hearth'],
  ['fr', 'Quit Hearth'],
])('the menu in %s', async (language, quit) => {
  expect((await loadWords(language)).t('menu.quit')).toBe(quit);
});

test('words change while it runs, with their numbers', async () => {
  const words = await loadWords('en');
  expect(words.t('tray.allUp', { count: 1 })).toBe('1 target up');
  await words.changeLanguage('zh-CN');
  expect(words.t('tray.allUp', { count: 3 })).toBe('全部 3 个目标正常');
});
