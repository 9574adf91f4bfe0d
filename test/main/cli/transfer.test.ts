import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { labelsFromRecord } from '#shared/model/index.ts';
import { openMemoryStorage, StorageError, type Storage } from '#main/storage/index.ts';
import { runCommand } from '../../../src/main/cli/run.ts';
import type { CommandIo } from '../../../src/main/cli/io.ts';
import { pairs } from '../storage/batches.ts';
import { testIo } from './io.ts';

/** A store that outlives the commands that open and close it. */
function kept(): Storage {
  const store = openMemoryStorage();
  return Object.assign(Object.create(store) as Storage, {
    ...Object.fromEntries(
      (['importSamples', 'importedUpTo', 'querier', 'metadata', 'putMetadata', 'stats'] as const).map((name) => [
        name,
        (store[name] as (...args: readonly unknown[]) => unknown).bind(store),
      ]),
    ),
    close: () => Promise.resolve(),
  });
}

function samplesOf(store: Storage, name: string) {
  const [series] = store.querier().select([{ name: '__name__', type: '=', value: name }], -Infinity, Infinity);
  return pairs(series);
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* pieces(bytes: Uint8Array, size: number, upTo = Infinity): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    if (at >= upTo) throw new Error('the cable was pulled');
    yield bytes.subarray(at, at + size);
  }
}

function input(bytes: Uint8Array, size = 7, upTo?: number): Pick<CommandIo, 'openInput'> {
  return {
    openInput: () => Promise.resolve({ size: bytes.length, fingerprint: 'print', pieces: pieces(bytes, size, upTo) }),
  };
}

const TEXT =
  '# TYPE a counter\na_total{x="1"} 1 1.5\na_total{x="1"} 2 2\n# TYPE h histogram\nh_bucket{le="1"} 3 3\n# EOF\n';

describe('import openmetrics', () => {
  test.each([
    ['plain', Buffer.from(TEXT)],
    ['gzip', gzipSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT)],
  ])('%s, into the store of a folder', async (_name, bytes) => {
    const store = kept();
    const opened: string[] = [];
    const openStore = (folder: string): Promise<Storage> => {
      opened.push(folder);
      return Promise.resolve(store);
    };
    const { io, out, err } = testIo({}, { ...input(bytes), openStore });
    expect(await runCommand(io, ['import', 'openmetrics', 'f', '--storage.tsdb.path', '/data'])).toBe(0);
    expect(opened).toEqual(['/data']);
    expect(err).toEqual([]);
    expect(out).toEqual(['3 samples imported in 0.0 s']);
    expect(samplesOf(store, 'a_total')).toEqual([
      [1500, 1],
      [2000, 2],
    ]);
    const [bucket] = store.querier().series([{ name: 'le', type: '=', value: '1.0' }], -Infinity, Infinity);
    expect(bucket).toEqual(labelsFromRecord({ __name__: 'h_bucket', le: '1.0' }));
    expect(store.metadata('h').get('h')?.[0].type).toBe('histogram');
  });

  test('goes on where it was interrupted, type and line numbers included', async () => {
    const store = kept();
    const lines = ['# TYPE h histogram\n'];
    for (let i = 0; lines.length < 700_000; i++) lines.push(`h_bucket{le="1",some="label value"} ${i} ${i}\n`);
    const whole = Buffer.from(lines.join(''));
    const openStore = (): Promise<Storage> => Promise.resolve(store);
    const broken = testIo({}, { ...input(whole, 1 << 20, whole.length - (1 << 20)), openStore });
    expect(await runCommand(broken.io, ['import', 'openmetrics', 'f'])).toBe(1);
    expect(broken.err.join()).toContain('the cable was pulled');
    const before = samplesOf(store, 'h_bucket').length;
    expect(before).toBeGreaterThan(0);
    const bad = Buffer.concat([whole, Buffer.from('nonsense\n')]);
    const again = testIo({}, { ...input(bad, 1 << 20), openStore });
    expect(await runCommand(again.io, ['import', 'openmetrics', 'f'])).toBe(1);
    expect(again.err[0]).toMatch(/interrupted after \d+ bytes/);
    expect(again.err[1]).toContain('line 700001: ');
    expect(samplesOf(store, 'h_bucket')).toHaveLength(699_999);
    expect(store.querier().labelValues('le', [], -Infinity, Infinity)).toEqual(['1.0']);
  });

  test('says when the text is cut off, and what retention leaves out', async () => {
    const store = openMemoryStorage({ clock: () => 1e12, retention: { time: 1000, bytes: null } });
    await store.importSamples([
      {
        labels: labelsFromRecord({ __name__: 'now' }),
        times: Float64Array.of(1e12),
        values: Float64Array.of(1),
        startTimes: null,
        histograms: null,
      },
    ]);
    const { io, err } = testIo({}, { ...input(Buffer.from('a 1 1\n')), openStore: () => Promise.resolve(store) });
    expect(await runCommand(io, ['import', 'openmetrics', 'f'])).toBe(0);
    expect(err.join()).toMatch(/1 samples are older.*does not end with # EOF/s);
  });

  test('into a store that runs says what to do', async () => {
    const openStore = () => Promise.reject(new StorageError('locked', '/x', '/x is in use by another Hearth.'));
    const { io, err } = testIo({}, { ...input(Buffer.from(TEXT)), openStore });
    expect(await runCommand(io, ['import', 'openmetrics', 'f'])).toBe(1);
    expect(err.join()).toContain('--url=');
  });

  test('of a server sends whole lines, and asks where to begin', async () => {
    const asked: { path: string; body: string; token: string | undefined }[] = [];
    const fetch: CommandIo['fetch'] = (url, { body, headers }) => {
      asked.push({
        path: url.pathname + url.search,
        body: Buffer.from((body ?? new Uint8Array(0)) as Uint8Array).toString(),
        token: headers?.['authorization'],
      });
      const data = url.pathname.endsWith('offset') ? { offset: 38 } : { stored: 2, tooOld: 0 };
      return Promise.resolve(new Response(JSON.stringify({ status: 'success', data })));
    };
    const { io } = testIo({}, { ...input(Buffer.from(TEXT)), fetch, env: { HEARTH_TOKEN: 'secret' } });
    expect(await runCommand(io, ['import', 'openmetrics', 'f', '--url', 'host:1/prefix'])).toBe(0);
    expect(asked).toEqual([
      { path: '/prefix/api/v1/import/offset?key=print', body: '', token: 'Bearer secret' },
      {
        path: '/prefix/api/v1/import/prometheus?line=1&key=print&offset=21',
        body: `# TYPE a counter\n${TEXT.slice(38)}`,
        token: 'Bearer secret',
      },
      { path: '/prefix/api/v1/import/prometheus?key=print&last=true', body: '', token: 'Bearer secret' },
    ]);
  });

  test.each([[[]], [['openmetrics']], [['csv', 'f']], [['openmetrics', 'f', '--url=a', '--storage.tsdb.path=b']]])(
    'wrong use %j explains itself',
    async (words) => {
      const { io, err } = testIo();
      expect(await runCommand(io, ['import', ...words])).toBe(2);
      expect(err.join()).toContain('hearth import openmetrics FILE');
    },
  );
});

describe('export openmetrics', () => {
  const filled = async (): Promise<Storage> => {
    const store = kept();
    const { io } = testIo({}, { ...input(Buffer.from(TEXT)), openStore: () => Promise.resolve(store) });
    await runCommand(io, ['import', 'openmetrics', 'f']);
    return store;
  };

  test('writes what was imported, with its metadata', async () => {
    const store = await filled();
    const { io, out, err } = testIo({}, { openStore: () => Promise.resolve(store) });
    expect(await runCommand(io, ['export', 'openmetrics'])).toBe(0);
    expect(out.join('')).toBe(TEXT.replace('le="1"', 'le="1.0"'));
    expect(err).toEqual(['3 samples of 2 series exported']);
  });

  test('only the selected series and times', async () => {
    const store = await filled();
    const { io, out } = testIo({}, { openStore: () => Promise.resolve(store) });
    expect(
      await runCommand(io, ['export', 'openmetrics', '--match', '{x="1"}', '--match=nothing', '--start=1.6']),
    ).toBe(0);
    expect(out.join('')).toContain('a_total{x="1"} 2 2\n# EOF\n');
    expect(out.join('')).not.toContain('1.5');
  });

  test('of a server asks it, and notices when it breaks off', async () => {
    const asked: string[] = [];
    const fetch: CommandIo['fetch'] = (url) => {
      asked.push(url.pathname + url.search);
      return Promise.resolve(new Response(asked.length === 1 ? 'a 1 1\n# EOF\n' : 'a 1 1\n'));
    };
    const { io, out, err } = testIo({}, { fetch });
    expect(await runCommand(io, ['export', 'openmetrics', '--url=h:1', '--match=a', '--end=1d'])).toBe(0);
    expect(asked).toEqual(['/api/v1/export/openmetrics?match%5B%5D=a&end=1699913600']);
    expect(out.join('')).toBe('a 1 1\n# EOF\n');
    expect(await runCommand(io, ['export', 'openmetrics', '--url=h:1'])).toBe(1);
    expect(err.join()).toContain('broke off');
  });

  test.each([
    [['--match=a{'], 'export failed: --match: '],
    [['--start=soon'], 'is no time'],
    [['--what=1'], 'no option --what'],
  ])('%j is refused', async (words, message) => {
    const store = await filled();
    const { io, err } = testIo({}, { openStore: () => Promise.resolve(store) });
    expect(await runCommand(io, ['export', 'openmetrics', ...words])).toBeGreaterThan(0);
    expect(err.join()).toContain(message);
  });
});
