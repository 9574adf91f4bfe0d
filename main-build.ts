import type { Plugin } from 'vite';

/** npm packages that become part of the built files: one file is read faster than a hundred. */
export const BUNDLED = [
  '@prometheus-io/lezer-promql',
  'cbor-x',
  'env-paths',
  'hysnappy',
  're2js',
  'undici',
  'ws',
  'yaml',
  'zod',
];

/** Whether a module must be kept though nothing is imported from it: never one of ours, entries aside. */
export function hasSideEffects(id: string): boolean {
  return !/\/src\/(?:main|shared)\//.test(id);
}

/** Each library is a file of its own, so that who needs one thing of ours does not load what stands beside it. */
export function libraryOf(id: string): string {
  return /.*\/node_modules\/(?:@[^/]+\/)?([^/]+)\//.exec(id)?.[1] ?? 'library';
}

const BUILTIN_IMPORT = /^import (?:(\{[^}]*\})|\* as ([\w$]+)|([\w$]+)) from "(node:[\w/]+)";$/gm;

/**
 * Takes Node's own modules without an import statement. An import reads every export of a module, and some of those
 * load far more than was asked for: `node:http` alone brings Node's fetch, 20 ms of each start.
 */
export function quickBuiltins(): Plugin {
  return {
    name: 'quick-builtins',
    renderChunk(code) {
      return code.replace(BUILTIN_IMPORT, (_, names?: string, all?: string, single?: string, module?: string) => {
        const target = names?.replaceAll(/([\w$]+) as ([\w$]+)/g, '$1: $2') ?? all ?? single ?? '';
        return `const ${target} = globalThis.process.getBuiltinModule(${JSON.stringify(module)});`;
      });
    },
  };
}
