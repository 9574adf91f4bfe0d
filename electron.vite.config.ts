import { existsSync } from 'node:fs';
import { defineConfig } from 'electron-vite';
import { BUNDLED, hasSideEffects, libraryOf, quickBuiltins } from './main-build.ts';
import renderer from './renderer.config.ts';

const entries = {
  desktop: 'src/main/desktop/index.ts',
  headless: 'src/main/headless/index.ts',
  cli: 'src/main/cli/index.ts',
  'core-worker': 'src/main/core/worker.ts',
  'query-worker': 'src/main/query/worker.ts',
};

export default defineConfig({
  main: {
    plugins: [quickBuiltins()],
    // What would only make the WebSocket library faster, were it installed.
    define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
    build: {
      outDir: 'out/main',
      externalizeDeps: { exclude: BUNDLED, include: ['koffi'] },
      // What V8 reads at each start: no comments, and only ASCII, of which a character takes one byte in memory. Names stay.
      rollupOptions: {
        input: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path))),
        treeshake: { moduleSideEffects: hasSideEffects },
        output: {
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true, asciiOnly: true } },
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [{ name: libraryOf, debugName: 'libraries', test: /node_modules/ }],
          },
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
