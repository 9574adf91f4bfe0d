import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * React's hot reload puts an inline script into the page, which the page's own policy forbids: while developing,
 * and only then, the policy is left out.
 */
function withoutPolicyInDevelopment(): Plugin {
  return {
    name: 'hearth-without-policy-in-development',
    apply: 'serve',
    transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
  };
}

/** The renderer alone, for `vite` (a page with made-up data: open it with `?fake`) and for electron-vite. */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  // Dependencies may be linked from elsewhere.
  server: { fs: { allow: [import.meta.dirname, realpathSync(resolve(import.meta.dirname, 'node_modules'))] } },
  plugins: [react(), withoutPolicyInDevelopment()],
  build: {
    outDir: resolve(import.meta.dirname, 'out/renderer'),
    emptyOutDir: true,
    minify: true,
    // The policy allows no data: fonts.
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: resolve(import.meta.dirname, 'src/renderer/index.html') } },
  },
});
