import type { Page } from '@playwright/test';
import { brokenLayout } from './layout.ts';
import { expect, test } from './pages.ts';
import { arrive, SCREENS, type Screen } from './screens.ts';

async function broken(page: Page, screen: Screen): Promise<readonly string[]> {
  await arrive(page, screen);
  return brokenLayout(page);
}

for (const screen of SCREENS) {
  test(`nothing breaks on ${screen.name} with texts 40 % longer`, async ({ show }) => {
    expect(await broken(await show({ ...screen, pseudo: true, size: 'small' }), screen)).toEqual([]);
  });
}

for (const screen of SCREENS.filter(({ name }) => /^(?:live|explore|quality|palette|settings-\w+)$/.test(name))) {
  test(`nothing breaks on ${screen.name} in Chinese`, async ({ show }) => {
    expect(await broken(await show({ ...screen, chinese: true, size: 'small' }), screen)).toEqual([]);
  });
}

test('nothing breaks in the gallery with texts 40 % longer', async ({ show }) => {
  const page = await show({ fake: '', gallery: true, pseudo: true, size: 'small' });
  await page.locator('main canvas').first().waitFor();
  expect(await brokenLayout(page)).toEqual([]);
});

test('the check finds what is broken', async ({ show }) => {
  const page = await show({ fake: '', gallery: true });
  await page.locator('main canvas').first().waitFor();
  await page.evaluate(() => {
    document.body.innerHTML = `
      <p style="width:40px;overflow:hidden;white-space:nowrap">a text that is cut</p>
      <div style="width:60px;overflow:hidden"><span style="white-space:nowrap">another one that is cut off</span></div>
      <div style="position:relative;height:40px"><p style="position:absolute">one over</p><p style="position:absolute">another</p></div>`;
  });
  const found = await brokenLayout(page);
  for (const sign of ['cut without a sign', 'cut at the right', 'over each other'])
    expect(found.some((one) => one.startsWith(sign))).toBe(true);
});
