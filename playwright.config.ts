import { defineConfig } from '@playwright/test';

/** Specs of whole tasks, each written once and run on both hosts (test/e2e/hosts.ts). Needs `npm run build` first. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  timeout: 90_000,
  expect: { timeout: 20_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // A second try tells a slow machine from a broken build; what needs one is listed as flaky.
  retries: process.env['CI'] === undefined ? 0 : 1,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  outputDir: 'test-results/e2e',
  projects: [
    { name: 'headless', metadata: { host: 'headless' } },
    { name: 'desktop', metadata: { host: 'desktop' } },
  ],
});
