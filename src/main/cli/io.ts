/** What a command may use of its surroundings. */
export interface CommandIo {
  out(line: string): void;
  err(line: string): void;
  readStdin(): Promise<Buffer>;
  readFile(path: string): string;
  glob(pattern: string): readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  fetch(url: URL, init: { readonly method: string; readonly body?: URLSearchParams }): Promise<Response>;
  now(): number;
}

/** Exit codes, as promtool has them. */
export const OK = 0;
export const FAILED = 1;
export const USAGE = 2;
/** `check metrics` found something to improve. */
export const LINT = 3;
