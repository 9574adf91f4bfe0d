import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { labelsFromPairs, type Labels } from '../src/shared/model/index.ts';

/** One source's samples: labels by series, and rows of values, one a time. */
export interface Recording {
  readonly name: string;
  readonly series: Labels[];
  /** NaN-free list of rows; a row holds indices into `series` and their values. */
  readonly rows: { readonly time: number; readonly refs: Uint32Array; readonly values: Float64Array }[];
}

const SHARED = resolve(import.meta.dirname, '../../shared');

export function sharedFile(path: string): string | null {
  const file = resolve(SHARED, path);
  return existsSync(file) ? file : null;
}

/** Plain reading of recorded text bodies: good enough for what exporters write, and not what is measured. */
function parseBody(text: string, take: (key: string, value: number) => void): void {
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const close = line.lastIndexOf('}');
    const space = line.indexOf(' ', close < 0 ? 0 : close);
    const rest = line.slice(space + 1).split(' ')[0];
    const value = rest === '+Inf' ? Infinity : rest === '-Inf' ? -Infinity : Number(rest);
    take(line.slice(0, space), value);
  }
}

function labelsOf(key: string, target: string): Labels {
  const open = key.indexOf('{');
  const pairs: [string, string][] = [
    ['__name__', open < 0 ? key : key.slice(0, open)],
    ['job', target],
    ['instance', `${target}:9100`],
  ];
  if (open >= 0)
    for (const [, name, value] of key.slice(open).matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g))
      pairs.push([name, value]);
  return labelsFromPairs(pairs);
}

/** The recorded scrapes; null where they are not there. */
export async function recorded(): Promise<Recording[] | null> {
  const unpack = sharedFile('fixtures/scrapes/unpack.mjs');
  if (unpack === null) return null;
  const { scrapes } = (await import(pathToFileURL(unpack).href)) as {
    scrapes: (file: string) => { time: number; body: Buffer }[];
  };
  return ['node', 'prometheus', 'alertmanager', 'victoria'].map((name) => {
    const recording: Recording = { name, series: [], rows: [] };
    const known = new Map<string, number>();
    for (const { time, body } of scrapes(sharedFile(`fixtures/scrapes/${name}.br`) as string)) {
      const refs: number[] = [];
      const values: number[] = [];
      parseBody(body.toString(), (key, value) => {
        let ref = known.get(key);
        if (ref === undefined) {
          known.set(key, (ref = known.size));
          recording.series.push(labelsOf(key, name));
        }
        refs.push(ref);
        values.push(value);
      });
      recording.rows.push({ time, refs: Uint32Array.from(refs), values: Float64Array.from(values) });
    }
    return recording;
  });
}

interface Generated {
  readonly name: string;
  readonly labels: [string, string][];
  at(i: number): number;
}

/** `targets` sources of `blocks` x 100 generated series each; null where the generator is not there. */
export async function synthetic(
  targets: number,
  blocks: number,
  rows: number,
  step: number,
): Promise<Recording[] | null> {
  const file = sharedFile('bench/series.mjs');
  if (file === null) return null;
  const { block } = (await import(pathToFileURL(file).href)) as {
    block: (seed: number, options: object) => Generated[];
  };
  return Array.from({ length: targets }, (_, target) => {
    const series: Generated[] = [];
    for (let b = 0; b < blocks; b++)
      series.push(...block(target * blocks + b, { service: `s${b}`, step: step / 1000, upName: 'app_up' }));
    series.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const refs = Uint32Array.from(series.keys());
    return {
      name: `t${target}`,
      series: series.map(({ name, labels }) =>
        labelsFromPairs([...labels, ['__name__', name], ['job', 'bench'], ['instance', `t${target}`]]),
      ),
      rows: Array.from({ length: rows }, (_, i) => ({
        time: 1_700_000_000_000 + i * step,
        refs,
        values: Float64Array.from(series, (one) => one.at(i)),
      })),
    };
  });
}
