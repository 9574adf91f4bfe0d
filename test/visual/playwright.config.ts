import { defineConfig } from '@playwright/test';

/**
 * Pictures of every screen and state beside committed ones, and the check that no layout breaks. The pages are built with the
 * made-up core in them, so that neither a host nor the time of day has a part in it. `npm run visual`; after a wanted change
 * `npm run visual -- --update-snapshots`, and look at each picture that git shows as changed.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  globalSetup: './build-pages.ts',
  timeout: 60_000,
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  reporter: [['list']],
  outputDir: '../../test-results/visual',
  snapshotPathTemplate: '{testDir}/references/{arg}{ext}',
  expect: {
    timeout: 15_000,
    toHaveScreenshot: {
      animations: 'disabled',
      caret: 'hide',
      scale: 'css',
      // Edges of letters and lines may differ by a shade; a line of text that moved by a pixel is hundreds of pixels.
      threshold: 0.25,
      maxDiffPixels: 80,
    },
  },
});
