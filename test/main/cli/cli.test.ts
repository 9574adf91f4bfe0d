import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../../src/main/cli/run.ts';
import { testIo } from './io.ts';

async function run(argv: readonly string[], files: Readonly<Record<string, string>> = {}, stdin = '') {
  const { io, out, err } = testIo(files, { readStdin: () => Promise.resolve(Buffer.from(stdin)) });
  const code = await runCommand(io, argv);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('check', () => {
  const rules = 'groups:\n  - name: a\n    rules:\n      - record: x:y\n        expr: sum(up)\n';

  test('a good configuration, with the rule files it names', async () => {
    const config = 'rule_files: [rules.yml]\nscrape_configs:\n  - job_name: a\n';
    const result = await run(['check', 'config', '/p.yml'], { '/p.yml': config, '/rules.yml': rules });
    expect(result).toMatchObject({ code: 0, err: '' });
    expect(result.out).toContain('SUCCESS: /p.yml is valid');
    expect(result.out).toContain('SUCCESS: 1 rules found');
  });

  test('a bad one fails with the place', async () => {
    const result = await run(['check', 'config', '/p.yml'], { '/p.yml': 'global:\n  scrape_interval: soon\n' });
    expect(result.code).toBe(1);
    expect(result.err).toContain('FAILED');
    expect(result.err).toContain('/p.yml:2:20: ');
  });

  test('one bad file among several fails all', async () => {
    const bad = rules.replace('sum(up)', 'sum(');
    const result = await run(['check', 'rules', '/a.yml', '/b.yml', '/gone.yml'], { '/a.yml': bad, '/b.yml': rules });
    expect(result.code).toBe(1);
    expect(result.out).toContain('SUCCESS: 1 rules found');
    expect(result.err).toContain('no such file: /gone.yml');
  });

  test('metrics are looked over by the conventions', async () => {
    const good = '# HELP jobs_total Jobs.\n# TYPE jobs_total counter\njobs_total 1\n';
    expect(await run(['check', 'metrics'], {}, good)).toMatchObject({ code: 0, err: '' });
    const poor =
      '# TYPE jobs counter\njobs 1\n# HELP wait_milliseconds W.\n# TYPE wait_milliseconds gauge\nwait_milliseconds 1\n';
    const result = await run(['check', 'metrics'], {}, poor);
    expect(result.code).toBe(3);
    expect(result.err).toContain('jobs no help text');
    expect(result.err).toContain('counter metrics should have "_total" suffix');
    expect(result.err).toContain('wait_milliseconds use base unit "seconds"');
    expect(await run(['check', 'metrics'], {}, 'a b c d')).toMatchObject({ code: 1 });
  });

  test('what is no command shows the forms', async () => {
    expect(await run(['check', 'everything'])).toMatchObject({ code: 2 });
    expect(await run(['query', 'instant'])).toMatchObject({ code: 2 });
    expect(await run(['query', 'series', 'localhost'])).toMatchObject({ code: 2 });
  });
});

test('query asks a server and prints its series', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await request.toArray()).toString();
      asked.push(`${request.method} ${request.url} ${body}`);
      const answers: Record<string, unknown> = {
        '/api/v1/query': { resultType: 'vector', result: [{ metric: { __name__: 'up', job: 'a' }, value: [5, '1'] }] },
        '/api/v1/query_range': {
          resultType: 'matrix',
          result: [
            {
              metric: {},
              values: [
                [5, '1'],
                [6, '2'],
              ],
            },
          ],
        },
        '/api/v1/series': [{ __name__: 'up', job: 'a' }],
        '/api/v1/label/job/values': ['a', 'b'],
      };
      const data = answers[(request.url ?? '').split('?')[0]];
      response.end(JSON.stringify({ status: 'success', data }));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect(await run(['query', 'instant', at, 'up'])).toMatchObject({ code: 0, out: 'up{job="a"} => 1 @[5]' });
    expect((await run(['query', 'range', at, 'up', '--step', '15s'])).out).toBe('{} =>\n1 @[5]\n2 @[6]');
    expect((await run(['query', 'series', `http://${at}/`, '--match=up'])).out).toBe('up{job="a"}');
    expect((await run(['query', 'labels', at, 'job'])).out).toBe('a\nb');
    expect(asked[0]).toContain('query=up&time=1700000000');
    expect(asked[1]).toContain('step=15s');
    expect(asked[2]).toContain('match%5B%5D=up');
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  const gone = await run(['query', 'instant', at, 'up']);
  expect(gone.code).toBe(1);
  expect(gone.err).toContain('query error');
});
