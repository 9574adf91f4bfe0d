import { StorageError, type Storage } from '#main/storage/index.ts';
import {
  importColumns,
  importStream,
  ImportError,
  lineBlocks,
  NO_COLUMNS,
  unpacked,
  type ImportBatch,
  type ImportCounts,
  type LineBlock,
} from '#main/transfer/index.ts';
import { readArguments } from './arguments.ts';
import { FAILED, OK, USAGE, type CommandIo, type Input } from './io.ts';
import { authorization, serverUrl, storeProblem } from './store-or-server.ts';

const FORMS = `hearth import openmetrics FILE [--url=http://HOST:PORT | --storage.tsdb.path=FOLDER]

Takes samples of any age and in any order; FILE may be packed by gzip or zstd, and is - for standard input.

  --url=URL                  into the Hearth that runs there (token: --token=T or HEARTH_TOKEN)
  --storage.tsdb.path=DIR    into the store of this folder; no Hearth may be running on it
                             (neither: into the store of this account)
  --format=openmetrics|text  text: Prometheus's own, with times in milliseconds
  --restart                  from the beginning, although an earlier import of this file was interrupted`;

/** Bytes of whole lines that are stored at a time. */
const BLOCK = 32 << 20;

/** Where samples go. */
interface Destination {
  /** Bytes of the input that an earlier import has stored. */
  offset(key: string): Promise<number>;
  store(block: LineBlock, key: string | null): Promise<ImportCounts>;
  /** The input is at its end. */
  finish(key: string): Promise<void>;
  close(): Promise<void>;
}

type Format = 'text' | 'openmetrics';

async function* oneBlock({ type, bytes }: LineBlock): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  if (type.length > 0) yield type;
  yield bytes;
}

/** Lines of the file before those that are read, of which a TYPE line put in front is the first. */
function linesBefore({ type, line }: LineBlock): number {
  return type.length > 0 ? line - 1 : line;
}

function intoStore(store: Storage, format: Format, now: () => number): Destination {
  return {
    offset: (key) => Promise.resolve(store.importedUpTo(key)),
    async store(block, key) {
      const take = ({ columns, metadata }: ImportBatch): Promise<ImportCounts> => {
        if (metadata.length > 0) store.putMetadata('import', metadata);
        return store.importSamples(importColumns(columns));
      };
      const summary = await importStream(oneBlock(block), format, now(), take, linesBefore(block));
      if (key !== null) await store.importSamples([], { key, offset: block.end });
      return summary;
    },
    async finish(key) {
      await store.importSamples(importColumns(NO_COLUMNS), { key, offset: null });
    },
    close: () => store.close(),
  };
}

class ServerError extends Error {}

function intoServer(io: CommandIo, url: URL, format: Format, token: string | null): Destination {
  const ask = async (method: string, path: string, body: Uint8Array<ArrayBuffer> | null): Promise<unknown> => {
    const type = format === 'openmetrics' ? 'application/openmetrics-text; version=1.0.0' : 'text/plain';
    const headers = { ...authorization(token), 'content-type': type };
    const response = await io.fetch(new URL(path, url), { method, headers, ...(body !== null && { body }) });
    const text = await response.text();
    let answer: { readonly data?: unknown; readonly error?: string };
    try {
      answer = JSON.parse(text) as typeof answer;
    } catch {
      throw new ServerError(`${url.href} answers ${response.status}: ${text.slice(0, 200).trim()}`);
    }
    if (response.status !== 200) throw new ServerError(answer.error ?? `status ${response.status}`);
    return answer.data;
  };
  const path = 'api/v1/import/prometheus';
  return {
    async offset(key) {
      return ((await ask('GET', `api/v1/import/offset?key=${key}`, null)) as { offset: number }).offset;
    },
    async store(block, key) {
      const body = new Uint8Array(Buffer.concat([block.type, block.bytes]));
      const query = new URLSearchParams({ line: String(linesBefore(block)) });
      if (key !== null) {
        query.set('key', key);
        query.set('offset', String(block.end - body.length));
      }
      return (await ask('POST', `${path}?${query}`, body)) as ImportCounts;
    },
    async finish(key) {
      await ask('POST', `${path}?key=${key}&last=true`, new Uint8Array(0));
    },
    close: () => Promise.resolve(),
  };
}

function describe(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 3600
    ? `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Counts the bytes that were taken from the input. */
async function* counted(input: Input, taken: { bytes: number }): AsyncGenerator<Uint8Array> {
  for await (const piece of input.pieces) {
    taken.bytes += piece.length;
    yield piece;
  }
}

async function run(io: CommandIo, input: Input, to: Destination, format: Format, restart: boolean): Promise<void> {
  const key = input.fingerprint;
  const from = key === null || restart ? 0 : await to.offset(key);
  if (from > 0) io.err(`An earlier import of this file was interrupted after ${from} bytes; it goes on there.`);
  const started = io.now();
  const taken = { bytes: 0 };
  let first = 0;
  let stored = 0;
  let tooOld = 0;
  let ended = false;
  for await (const block of lineBlocks(unpacked(counted(input, taken)), BLOCK, from)) {
    if (first === 0) first = taken.bytes;
    const counts = await to.store(block, key);
    stored += counts.stored;
    tooOld += counts.tooOld;
    ended = Buffer.from(block.bytes.subarray(-8)).toString('latin1').endsWith('# EOF\n');
    const seconds = Math.max(0.001, (io.now() - started) / 1000);
    const rate = `${(stored / 1e6).toFixed(1)} million samples, ${Math.round(stored / seconds).toLocaleString('en')} a second`;
    if (input.size === null || input.size === 0) io.progress(rate);
    else {
      const share = taken.bytes / input.size;
      const left = taken.bytes > first ? ((input.size - taken.bytes) * seconds) / taken.bytes : 0;
      io.progress(`${Math.floor(share * 100)} %, ${rate}, ${describe(left)} left`);
    }
  }
  if (key !== null) await to.finish(key);
  const seconds = (io.now() - started) / 1000;
  io.out(`${stored} samples imported in ${seconds.toFixed(1)} s`);
  if (tooOld > 0) io.err(`${tooOld} samples are older than what the store keeps (retention) and were left out`);
  if (format === 'openmetrics' && !ended)
    io.err('The text does not end with # EOF: it may be cut off. What it holds is imported.');
}

/** `import openmetrics FILE`: moves samples of a file into a store or a running Hearth. */
export async function importCommand(io: CommandIo, argv: readonly string[]): Promise<number> {
  const { words, options } = readArguments(argv, ['restart', 'help']);
  const option = (name: string): string | null => options.get(name)?.at(-1) ?? null;
  const known = ['url', 'storage.tsdb.path', 'format', 'restart', 'token', 'help'];
  const unknown = [...options.keys()].find((name) => !known.includes(name));
  const format = option('format') ?? 'openmetrics';
  const [what, file, more] = words as readonly (string | undefined)[];
  const url = option('url');
  const folder = option('storage.tsdb.path');
  if (unknown !== undefined) io.err(`hearth import: no option --${unknown}`);
  if (url !== null && folder !== null) io.err('hearth import: --url and --storage.tsdb.path exclude each other');
  if (
    what !== 'openmetrics' ||
    file === undefined ||
    more !== undefined ||
    unknown !== undefined ||
    (format !== 'openmetrics' && format !== 'text') ||
    (url !== null && folder !== null)
  ) {
    io.err(FORMS);
    return USAGE;
  }
  let to: Destination | null = null;
  try {
    const input = await io.openInput(file);
    to =
      url === null
        ? intoStore(await io.openStore(folder ?? io.dataFolder), format, () => io.now())
        : intoServer(io, serverUrl(url), format, option('token') ?? io.env['HEARTH_TOKEN'] ?? null);
    await run(io, input, to, format, option('restart') === 'true');
    return OK;
  } catch (error) {
    if (error instanceof StorageError) io.err(`import failed: ${storeProblem(error)}`);
    else if (error instanceof ImportError || error instanceof Error) {
      const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
      io.err(`import failed: ${error.message}${cause}`);
    } else throw error;
    return FAILED;
  } finally {
    await to?.close();
  }
}
