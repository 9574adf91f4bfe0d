import { existsSync } from 'node:fs';
import { defineConfig } from 'electron-vite';
import renderer from './renderer.config.ts';

const entries = {
  desktop: 'src/main/desktop/index.ts',
  headless: 'src/main/headless/index.ts',
  cli: 'src/main/cli/index.ts',
  'core-worker': 'src/main/core/worker.ts',
};

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path))),
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { index: 'src/preload/index.ts' },
        // A sandboxed preload has to be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer,
});
