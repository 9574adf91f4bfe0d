import { expect, test, type Look } from './pages.ts';
import { arrive, SCREENS } from './screens.ts';

/** Screens in their reference window, in both themes; everything else is a state of one of them. */
const MAIN = new Set(['live', 'explore', 'quality', 'settings-targets']);
/** States seen in light too: those with colours of their own. */
const LIGHT = new Set(['live-down']);
/** At the smallest window. */
const SMALL = new Set(['live', 'explore', 'quality', 'settings-targets']);

function looksOf(name: string): readonly { readonly suffix: string; readonly look: Pick<Look, 'theme' | 'size'> }[] {
  const size = MAIN.has(name) ? 'reference' : 'state';
  return [
    { suffix: '', look: { size } },
    ...(MAIN.has(name) || LIGHT.has(name) ? [{ suffix: '-light', look: { size, theme: 'light' } } as const] : []),
    ...(SMALL.has(name) ? [{ suffix: '-small', look: { size: 'small' } } as const] : []),
  ];
}

for (const screen of SCREENS) {
  for (const { suffix, look } of looksOf(screen.name)) {
    test(`${screen.name}${suffix} looks as it should`, async ({ show, shown }) => {
      test.skip(shown.foreign !== null, `the references are of one browser: ${shown.foreign}`);
      const page = await show({ ...screen, ...look });
      await arrive(page, screen);
      await expect(page).toHaveScreenshot(`${screen.name}${suffix}.png`);
    });
  }
}

/** Screens whose words are looked at in Chinese too. */
const CHINESE = new Set(['live', 'explore', 'quality', 'settings-targets', 'settings-storage', 'first-run', 'palette']);

for (const screen of SCREENS.filter(({ name }) => CHINESE.has(name))) {
  test(`${screen.name} looks as it should in Chinese`, async ({ show, shown }) => {
    test.skip(shown.foreign !== null, `the references are of one browser: ${shown.foreign}`);
    const page = await show({ ...screen, chinese: true, theme: 'light', size: 'state' });
    await arrive(page, screen);
    // Each part of the font is fetched when its first sign is drawn.
    await page.waitForFunction(() => document.fonts.status === 'loaded');
    await expect(page).toHaveScreenshot(`${screen.name}-zh.png`);
  });
}

for (const theme of ['dark', 'light'] as const) {
  test(`the gallery looks as it should, ${theme}`, async ({ show, shown }) => {
    test.skip(shown.foreign !== null, `the references are of one browser: ${shown.foreign}`);
    const page = await show({ fake: '', gallery: true, theme, size: 'state' });
    await page.locator('main canvas').first().waitFor();
    await expect(page).toHaveScreenshot(`gallery-${theme}.png`, { fullPage: true });
  });
}
