import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openSqliteStorage } from '#main/storage/index.ts';
import { labelsFromPairs } from '#shared/model/index.ts';

/** Makes the benchmark kit's history, and hands it to the systems in the form that each takes in. */

interface History {
  readonly name: string;
  readonly labels: [string, string][];
  readonly times: number[];
  readonly values: number[];
}

/** Runs a program to its end. @throws Error with what it wrote when it fails */
export function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** Makes `path` once: under another name first, so that what a broken-off run left is not taken for whole. */
async function once(path: string, make: (draft: string) => Promise<void> | void): Promise<void> {
  if (existsSync(path)) return;
  const draft = `${path}.draft`;
  await make(draft);
  renameSync(draft, path);
}

/** The history as an OpenMetrics file, with `<file>.json` beside it. */
export function makeHistory(kit: string, folder: string, series: number): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `history-${series}.om`);
  if (!existsSync(`${file}.json`))
    run(process.execPath, [join(kit, 'backfill.mjs'), '--series', String(series), '--out', file]);
  return file;
}

/** A data folder of Prometheus, in blocks. */
export async function prometheusData(file: string): Promise<string> {
  const path = `${file}.prometheus`;
  await once(path, (draft) => void run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, draft]));
  return path;
}

/** A data folder of Hearth, written and sealed as if each instance had been scraped. */
export async function hearthData(file: string): Promise<string> {
  const path = `${file}.hearth`;
  await once(path, async (draft) => {
    mkdirSync(draft, { recursive: true });
    const storage = openSqliteStorage({ path: join(draft, 'hearth.db') });
    for (const [source, list] of await byInstance(file)) {
      const writer = storage.writer(source);
      const refs = list.map(({ name, labels }) => writer.resolve(labelsFromPairs([['__name__', name], ...labels])));
      const at = list.map(() => 0);
      const times = [...new Set(list.flatMap((one) => one.times))].sort((a, b) => a - b);
      for (const time of times) {
        const here = list.flatMap((one, i) => (one.times[at[i]] === time ? [i] : []));
        const values = Float64Array.from(here, (i) => list[i].values[at[i]++]);
        const batch = { time, length: here.length, refs: Uint32Array.from(here, (i) => refs[i]), values };
        writer.append({ ...batch, times: null, startTimes: null, histograms: null, exemplars: null });
      }
      await storage.commit();
      while (await storage.housekeep());
      writer.release();
    }
    await storage.close();
  });
  return path;
}

const LINE = /^([^{ ]+)\{([^}]*)\} (\S+) (\S+)$/;

async function byInstance(file: string): Promise<Map<string, History[]>> {
  const sources = new Map<string, History[]>();
  let key = '';
  let current: History | null = null;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const match = LINE.exec(line);
    if (match === null) continue;
    const [, name, inside, value, time] = match;
    if (current === null || key !== name + inside) {
      key = name + inside;
      const labels = [...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]): [string, string] => [k, v]);
      current = { name, labels, times: [], values: [] };
      const instance = labels.find(([label]) => label === 'instance')?.[1] ?? '';
      const list = sources.get(instance);
      if (list === undefined) sources.set(instance, [current]);
      else list.push(current);
    }
    current.times.push(Math.round(Number(time) * 1000));
    current.values.push(value === '+Inf' ? Infinity : Number(value));
  }
  return sources;
}
