import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { addresses, configured, flat, run, standIn, type Running, type StandIn } from './stand-in.ts';

const open: (Running | StandIn)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await ('stop' in each ? each.stop() : each.close());
});

function start(yaml: string): Running {
  const running = run(configured(yaml));
  open.push(running);
  return running;
}

test('static targets are known at once and stay', async () => {
  const running = start('static_configs: [{targets: [a:1, b:2], labels: {x: y}}]');
  expect(flat(await running.groups())).toEqual([
    { __address__: 'a:1', x: 'y' },
    { __address__: 'b:2', x: 'y' },
  ]);
});

test('a mechanism that is not there finds nothing and says so', async () => {
  const running = start('triton_sd_configs: [{account: a, dns_suffix: b, endpoint: c}]');
  expect(await running.groups()).toEqual([]);
  expect(await running.problem((text) => text !== null)).toContain('triton_sd_configs is not supported: ');
});

describe('files', () => {
  const folder = (): string => mkdtempSync(join(tmpdir(), 'hearth-file-sd-'));

  test('JSON and YAML are read, told where from, and followed as they change', async () => {
    const at = folder();
    writeFileSync(join(at, 'a.json'), '[{"targets": ["a:1"], "labels": {"env": "x"}}, {"targets": ["a:2"]}]');
    writeFileSync(join(at, 'b.yml'), '- targets: [b:1]\n  labels: {n: 1}\n');
    const running = start(`file_sd_configs: [{files: ['${at}/*.json', '${at}/b.yml']}]`);
    const first = await running.groups();
    expect(first.map((group) => group.source)).toEqual([`${at}/a.json:0`, `${at}/a.json:1`, `${at}/b.yml:0`]);
    expect(flat(first)).toEqual([
      { __address__: 'a:1', __meta_filepath: `${at}/a.json`, env: 'x' },
      { __address__: 'a:2', __meta_filepath: `${at}/a.json` },
      { __address__: 'b:1', __meta_filepath: `${at}/b.yml`, n: '1' },
    ]);
    writeFileSync(join(at, 'c.json'), '[{"targets": ["c:1"]}]');
    await running.groups((groups) => addresses(groups).join() === 'a:1,a:2,c:1,b:1');
    writeFileSync(join(at, 'tmp'), '- targets: [b:9]\n');
    renameSync(join(at, 'tmp'), join(at, 'b.yml'));
    await running.groups((groups) => addresses(groups).join() === 'a:1,a:2,c:1,b:9');
    rmSync(join(at, 'a.json'));
    await running.groups((groups) => addresses(groups).join() === 'c:1,b:9');
  });

  test('a broken file keeps its targets and is told; the others go on', async () => {
    const at = folder();
    mkdirSync(join(at, 't'));
    writeFileSync(join(at, 't/a.yml'), '- targets: [a:1]\n');
    writeFileSync(join(at, 't/b.yml'), '- targets: [b:1]\n');
    const running = start(`file_sd_configs: [{files: ['${at}/t/*.yml']}]`);
    await running.groups();
    writeFileSync(join(at, 't/a.yml'), '- targets: [a:2]\n  nope: 1\n');
    const problem = await running.problem((text) => text !== null);
    expect(problem).toBe(`${at}/t/a.yml: 2:3: field nope not found in type targetgroup.Group`);
    writeFileSync(join(at, 't/b.yml'), '- targets: [b:2]\n');
    await running.groups((groups) => addresses(groups).join() === 'a:1,b:2');
    writeFileSync(join(at, 't/a.yml'), '- targets: [a:3]\n');
    await running.groups((groups) => addresses(groups).join() === 'a:3,b:2');
    expect(await running.problem((text) => text === null)).toBeNull();
  });
});

describe('HTTP', () => {
  test('a list is asked for at its interval, and keeps its targets through failures', async () => {
    let list: unknown = [{ targets: ['a:1'], labels: { x: 'y' } }];
    let interval: string | undefined;
    const server = await standIn((request) => {
      interval = String(request.headers['x-prometheus-refresh-interval-seconds']);
      return list;
    });
    open.push(server);
    const running = start(`http_sd_configs: [{url: '${server.origin}/l', refresh_interval: 20ms}]`);
    expect(flat(await running.groups())).toEqual([{ __address__: 'a:1', __meta_url: `${server.origin}/l`, x: 'y' }]);
    expect(interval).toBe('0.02');
    list = null;
    expect(await running.problem((text) => text !== null)).toBe(`${server.origin}/l: server returned HTTP status 404`);
    list = [{ targets: ['b:1'], extra: true }];
    await running.problem((text) => text?.includes('extra') === true);
    expect(addresses(await running.groups())).toEqual(['a:1']);
    list = [{ targets: ['b:1'] }];
    await running.groups((groups) => addresses(groups).join() === 'b:1');
    expect(await running.problem((text) => text === null)).toBeNull();
  });

  test('nothing is reported after the stop', async () => {
    const asked = Promise.withResolvers<null>();
    const server = await standIn(() => {
      asked.resolve(null);
      return undefined;
    });
    open.push(server);
    const running = start(`http_sd_configs: [{url: '${server.origin}'}]`);
    await asked.promise;
    await running.stop();
    expect(running.updates()).toBe(0);
  });
});
