/** Loaded before the host's bundle (`--import`): `electron` is the double from here on. */
import { registerHooks } from 'node:module';

const double = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'electron' || specifier === 'electron/main')
      return { url: double, shortCircuit: true, format: 'module-typescript' };
    return next(specifier, context);
  },
});
