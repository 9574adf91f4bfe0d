import type { Storage } from '#main/storage/index.ts';

/** A file, or standard input, to be read from its beginning. */
export interface Input {
  /** Bytes of the file; null where that is not known. */
  readonly size: number | null;
  /** Tells this content from any other of the same name; null where it cannot be told before all is read. */
  readonly fingerprint: string | null;
  /** Its bytes as they are. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** A request's parts that commands use. */
export interface RequestInit {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | Uint8Array<ArrayBuffer>;
}

/** What a command may use of its surroundings. */
export interface CommandIo {
  out(line: string): void;
  err(line: string): void;
  /** Writes to standard output, or to a file that is made new; resolves when more may come. */
  write(path: string | null, pieces: AsyncIterable<string>): Promise<void>;
  /** Shows how far a long command is: over itself on a terminal, now and then elsewhere. */
  progress(line: string): void;
  readStdin(): Promise<Buffer>;
  readFile(path: string): string;
  /** A file, or standard input for `-`. @throws Error with a code when it cannot be opened */
  openInput(path: string): Promise<Input>;
  /** The store in a data folder. @throws StorageError */
  openStore(folder: string): Promise<Storage>;
  /** Data folder of the account. */
  readonly dataFolder: string;
  glob(pattern: string): readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  fetch(url: URL, init: RequestInit): Promise<Response>;
  now(): number;
}

/** Exit codes, as promtool has them. */
export const OK = 0;
export const FAILED = 1;
export const USAGE = 2;
/** `check metrics` found something to improve. */
export const LINT = 3;
