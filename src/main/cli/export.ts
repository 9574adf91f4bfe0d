import { parseDuration, type Millis } from '#shared/model/index.ts';
import { parseSelector, PromqlParseError } from '#shared/promql/index.ts';
import { parseTimestamp } from '#main/api/index.ts';
import { StorageError } from '#main/storage/index.ts';
import { exportOpenMetrics, storageSource } from '#main/transfer/index.ts';
import { readArguments } from './arguments.ts';
import { FAILED, OK, USAGE, type CommandIo } from './io.ts';
import { authorization, serverUrl, storeProblem } from './store-or-server.ts';

const FORMS = `hearth export openmetrics [--match=SELECTOR]... [--start=T] [--end=T] [--output=FILE]
                          [--url=http://HOST:PORT | --storage.tsdb.path=FOLDER]

Writes samples as OpenMetrics text to standard output, or to FILE.

  --match=SELECTOR           series to take; may be repeated (none: all)
  --start=T --end=T          RFC 3339, seconds since 1970, or a duration before now such as 30d; both inclusive
  --url=URL                  from the Hearth that runs there (token: --token=T or HEARTH_TOKEN)
  --storage.tsdb.path=DIR    from the store of this folder; no Hearth may be running on it
                             (neither: from the store of this account)`;

/** Beyond all times that there are. */
const FIRST: Millis = -8.64e15;
const LAST: Millis = 8.64e15;

async function* textOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  if (response.body === null) return;
  for await (const piece of response.body) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

/** Passes text on and keeps its end. */
async function* watched(pieces: AsyncIterable<string>, end: { text: string }): AsyncGenerator<string> {
  for await (const piece of pieces) {
    end.text = (end.text + piece).slice(-6);
    yield piece;
  }
}

/** `export openmetrics`: samples of a store or a running Hearth as text. */
export async function exportCommand(io: CommandIo, argv: readonly string[]): Promise<number> {
  const { words, options } = readArguments(argv, ['help']);
  const option = (name: string): string | null => options.get(name)?.at(-1) ?? null;
  const known = ['match', 'start', 'end', 'output', 'url', 'storage.tsdb.path', 'token'];
  const unknown = [...options.keys()].find((name) => !known.includes(name));
  const url = option('url');
  const folder = option('storage.tsdb.path');
  if (words.length !== 1 || words[0] !== 'openmetrics' || unknown !== undefined || (url !== null && folder !== null)) {
    if (unknown !== undefined && unknown !== 'help') io.err(`hearth export: no option --${unknown}`);
    io.err(FORMS);
    return USAGE;
  }
  const time = (name: string, absent: Millis): Millis => {
    const text = option(name);
    if (text === null) return absent;
    const before = parseDuration(text);
    const millis = before === null ? parseTimestamp(text) : io.now() - before;
    if (millis === null) throw new Error(`--${name}: ${JSON.stringify(text)} is no time`);
    return millis;
  };
  const output = option('output');
  const end = { text: '' };
  try {
    const selectors = options.get('match') ?? [];
    const matchers = selectors.map((text) => parseSelector(text));
    const selection = { selectors: matchers, start: time('start', FIRST), end: time('end', LAST) };
    if (url === null) {
      const store = await io.openStore(folder ?? io.dataFolder);
      try {
        const counts = { series: 0, samples: 0, histograms: 0, nameless: 0 };
        await io.write(output, watched(exportOpenMetrics(storageSource(store), selection, counts), end));
        io.err(`${counts.samples} samples of ${counts.series} series exported`);
        if (counts.histograms > 0)
          io.err(`${counts.histograms} of them are native histograms, in a form that Hearth reads again`);
        if (counts.nameless > 0) io.err(`${counts.nameless} series without a metric name were left out`);
      } finally {
        await store.close();
      }
      return OK;
    }
    const target = new URL('api/v1/export/openmetrics', serverUrl(url));
    for (const selector of selectors) target.searchParams.append('match[]', selector);
    if (option('start') !== null) target.searchParams.set('start', String(selection.start / 1000));
    if (option('end') !== null) target.searchParams.set('end', String(selection.end / 1000));
    const headers = authorization(option('token') ?? io.env['HEARTH_TOKEN'] ?? null);
    const response = await io.fetch(target, { method: 'GET', headers });
    if (response.status !== 200) throw new Error(`status ${response.status}: ${(await response.text()).slice(0, 300)}`);
    await io.write(output, watched(textOf(response), end));
    if (end.text !== '# EOF\n') throw new Error('the answer broke off; what was written is not complete');
    return OK;
  } catch (error) {
    if (error instanceof StorageError) io.err(`export failed: ${storeProblem(error)}`);
    else if (error instanceof PromqlParseError) io.err(`export failed: --match: ${error.located}`);
    else if (error instanceof Error) {
      const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
      io.err(`export failed: ${error.message}${cause}`);
    } else throw error;
    return FAILED;
  }
}
