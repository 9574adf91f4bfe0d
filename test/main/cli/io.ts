import type { CommandIo } from '../../../src/main/cli/io.ts';

/** Surroundings of a command that are all in memory. */
export interface TestIo {
  readonly io: CommandIo;
  readonly out: string[];
  readonly err: string[];
}

/** A command's surroundings for tests; `parts` replaces what a test needs. */
export function testIo(files: Readonly<Record<string, string>> = {}, parts: Partial<CommandIo> = {}): TestIo {
  const out: string[] = [];
  const err: string[] = [];
  const missing = (path: string): never => {
    throw new Error(`no such file: ${path}`);
  };
  const io: CommandIo = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    write: async (_path, pieces) => {
      for await (const piece of pieces) out.push(piece);
    },
    progress: () => undefined,
    readStdin: () => Promise.resolve(Buffer.alloc(0)),
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : missing(path)),
    openInput: (path) => Promise.reject(new Error(`no such file: ${path}`)),
    openStore: (folder) => Promise.reject(new Error(`no store in ${folder}`)),
    dataFolder: '/account',
    glob: (pattern) => Object.keys(files).filter((path) => path === pattern),
    env: {},
    fetch: (url, init) => fetch(url, init),
    now: () => 1_700_000_000_000,
    ...parts,
  };
  return { io, out, err };
}
