import { defineConfig } from 'electron-vite';
import renderer from './renderer.config.ts';

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          desktop: 'src/main/desktop/index.ts',
          headless: 'src/main/headless/index.ts',
          cli: 'src/main/cli/index.ts',
          'core-worker': 'src/main/core/worker.ts',
        },
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
